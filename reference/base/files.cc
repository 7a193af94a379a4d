#include "reference/base/files.h"

#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace weft {
namespace {

// Of a file that is read: a device without an end is none.
constexpr size_t kMostBytes = size_t{1} << 30;

Expected<void> write_to(const std::string& name, const std::string& said, std::string_view data) {
  std::ofstream out(name, std::ios::binary | std::ios::trunc);
  if (!out) return fail("{}: cannot be written: {}", said, std::strerror(errno));
  out.write(data.data(), static_cast<std::streamsize>(data.size()));
  out.flush();
  if (!out) return fail("{}: cannot be written: {}", said, std::strerror(errno));
  return {};
}

}  // namespace

Expected<std::string> read_text(const std::string& path) {
  std::error_code ec;
  if (std::filesystem::is_directory(path, ec)) {
    return fail("{}: is a directory, expected a file", path);
  }
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail("{}: cannot be opened: {}", path, std::strerror(errno));
  std::string out;
  std::vector<char> piece(1 << 16);
  while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0) {
    out.append(piece.data(), static_cast<size_t>(in.gcount()));
    if (out.size() > kMostBytes) return fail("{}: is larger than 1 GiB", path);
  }
  if (in.bad()) return fail("{}: cannot be read: {}", path, std::strerror(errno));
  return out;
}

Expected<Bytes> read_bytes(const std::string& path) {
  auto text = read_text(path);
  if (!text) return tl::unexpected(text.error());
  return Bytes(text->begin(), text->end());
}

Expected<void> write_file(const std::string& path, std::string_view data) {
  static std::atomic<unsigned> counter{0};
  std::filesystem::path target(path);
  std::error_code ec;
  // A device or a pipe is written to, not replaced.
  if (std::filesystem::is_other(target, ec)) return write_to(path, path, data);
  if (target.has_parent_path()) std::filesystem::create_directories(target.parent_path(), ec);
  const std::string aside = fmt::format("{}.tmp.{}.{}", path, ::getpid(), counter.fetch_add(1));
  if (auto ok = write_to(aside, path, data); !ok) {
    std::filesystem::remove(aside, ec);
    return ok;
  }
  std::filesystem::rename(aside, target, ec);
  if (ec) {
    const std::string why = ec.message();
    std::filesystem::remove(aside, ec);
    return fail("{}: cannot be renamed into place: {}", path, why);
  }
  return {};
}

Expected<void> write_file(const std::string& path, std::span<const uint8_t> data) {
  return write_file(path,
                    std::string_view(reinterpret_cast<const char*>(data.data()), data.size()));
}

std::string sha256_hex(std::span<const uint8_t> data) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  EVP_Digest(data.data(), data.size(), digest.data(), &length, EVP_sha256(), nullptr);
  std::string hex;
  for (unsigned i = 0; i < length; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

std::string sha256_hex(std::string_view data) {
  return sha256_hex(
      std::span<const uint8_t>(reinterpret_cast<const uint8_t*>(data.data()), data.size()));
}

std::vector<std::filesystem::path> folders_above_binary() {
  std::error_code ec;
  std::vector<std::filesystem::path> out;
  const auto binary = std::filesystem::read_symlink("/proc/self/exe", ec);
  for (auto at = binary.parent_path(); !at.empty() && at != at.root_path(); at = at.parent_path()) {
    out.push_back(at);
  }
  return out;
}

}  // namespace weft
