#include "results/store.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <random>

#include "reference/base/files.h"
#include "reference/base/schema.h"

namespace weft::results {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string stamp() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::localtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y%m%d-%H%M%S", &parts);
  return text;
}

// What the readers of a header rely on; it may say more.
const json& header_schema() {
  static const json kSchema = json::parse(R"({
    "type": "object", "properties": {
      "date": { "type": "string" },
      "weft": { "type": "object", "properties": {
        "version": { "type": "string" }, "commit": { "type": "string" } } },
      "suite": { "type": "object", "properties": {
        "sha256": { "type": "string" }, "tests": { "type": "integer" },
        "folder": { "type": "string" } } },
      "machine": { "type": "object", "properties": {
        "isa": { "type": "string" }, "cpu": { "type": "string" }, "cores": { "type": "integer" },
        "kernel": { "type": "string" } } },
      "runtimes": { "type": "array", "items": { "type": "object", "properties": {
        "name": { "type": "string" }, "family": { "type": "string" },
        "version": { "type": "string" }, "binary_sha256": { "type": "string" },
        "missing": { "type": "string" },
        "flags": { "type": "array", "items": { "type": "string" } } } } } } })");
  return kSchema;
}

}  // namespace

Store::Store(Store&& other) noexcept : folder_(std::move(other.folder_)), fd_(other.fd_) {
  other.fd_ = -1;
}

Store::~Store() {
  if (fd_ >= 0) ::close(fd_);
}

Expected<Store> Store::create(const std::string& parent) {
  std::error_code ec;
  fs::create_directories(parent, ec);
  if (ec) return fail("{}: cannot be made: {}", parent, ec.message());
  std::random_device random;
  Store store;
  for (int tries = 0; tries < 100; ++tries) {
    const std::string name = fmt::format("{}-{:04x}", stamp(), random() & 0xffff);
    if (!fs::create_directory(parent + "/" + name, ec)) {
      if (ec) return fail("{}/{}: cannot be made: {}", parent, name, ec.message());
      continue;
    }
    store.folder_ = parent + "/" + name;
    // Aside and renamed: `latest` always leads somewhere.
    const std::string aside = fmt::format("{}/.latest.{}", parent, ::getpid());
    fs::remove(aside, ec);
    fs::create_directory_symlink(name, aside, ec);
    if (!ec) fs::rename(aside, parent + "/latest", ec);
    if (auto ok = store.open(); !ok) return tl::unexpected(ok.error());
    return store;
  }
  return fail("{}: no free name for a run", parent);
}

Expected<Store> Store::reopen(const std::string& folder) {
  Store store;
  store.folder_ = folder;
  if (auto ok = store.open(); !ok) return tl::unexpected(ok.error());
  return store;
}

Expected<void> Store::open() {
  const std::string path = folder_ + "/results.jsonl";
  fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fd_ < 0) return fail("{}: cannot be written: {}", path, std::strerror(errno));
  // A killed run may have left half a line: it must not swallow the next one.
  const off_t size = ::lseek(fd_, 0, SEEK_END);
  char last = '\n';
  if (size > 0 && ::pread(fd_, &last, 1, size - 1) == 1 && last != '\n') {
    (void)!::write(fd_, "\n", 1);
  }
  return {};
}

Expected<void> Store::line(const json& value) {
  const std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
  size_t at = 0;
  while (at < text.size()) {
    const ssize_t n = ::write(fd_, text.data() + at, text.size() - at);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0)
      return fail("{}/results.jsonl: cannot be written: {}", folder_, std::strerror(errno));
    at += static_cast<size_t>(n);
  }
  return {};
}

Expected<void> Store::header(const json& header) { return line(header); }
Expected<void> Store::add(const Record& record) { return line(to_json(record)); }

std::vector<std::string> Run::runtimes() const {
  std::vector<std::string> names;
  for (const json& one : header.value("runtimes", json::array())) {
    names.push_back(one.value("name", ""));
  }
  return names;
}

Expected<Run> read_run(const std::string& run, const std::string& parent) {
  std::error_code ec;
  std::string path = run == "latest" && !fs::exists(run, ec) ? parent + "/latest" : run;
  if (!fs::exists(path, ec)) {
    return fail("{}: no such run; expected a folder, a results.jsonl, or latest", path);
  }
  if (fs::is_directory(path, ec)) path += "/results.jsonl";
  auto text = read_text(path);
  if (!text) return tl::unexpected(text.error());
  Run out;
  out.folder = fs::path(path).parent_path().string();
  if (out.folder.empty()) out.folder = ".";
  size_t at = 0;
  for (int number = 1; at < text->size(); ++number) {
    const size_t end = text->find('\n', at);
    const std::string line = text->substr(at, end - at);
    const bool cut_off = end == std::string::npos;
    at = cut_off ? text->size() : end + 1;
    if (line.empty()) continue;
    const json value = json::parse(line, nullptr, false);
    const std::string where = fmt::format("{}:{}", path, number);
    if (value.is_discarded()) {
      // Half a line: at the end, or where a killed run was resumed.
      if (cut_off || text->find("\"resumed\":true", at) != std::string::npos) continue;
      return fail("{}: is not JSON", where);
    }
    const json schema = value.is_object() ? value.value("schema", json()) : json();
    if (schema.is_string() && schema != "weft.run/1" && schema != "weft.result/1") {
      return fail("{}: \"schema\" is {}, this weft reads \"weft.run/1\" and \"weft.result/1\"",
                  where, schema.dump(-1, ' ', true, json::error_handler_t::replace));
    }
    if (schema == "weft.run/1") {
      if (auto ok = check_schema(value, header_schema(), where); !ok)
        return tl::unexpected(ok.error());
      if (out.header.is_null()) out.header = value;
      continue;
    }
    auto record = read_record(value, where);
    if (!record) return tl::unexpected(record.error());
    out.records.push_back(std::move(*record));
  }
  if (out.header.is_null()) {
    return fail("{}: has no header line (\"schema\": \"weft.run/1\")", path);
  }
  return out;
}

}  // namespace weft::results
