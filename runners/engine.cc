// Finds engines that are there: environment overrides, installed packages, PATH. Installs nothing.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <sstream>

#include "reference/base/files.h"
#include "reference/base/schema.h"
#include "runners/command.h"
#include "runners/descriptor.h"
#include "runners/package.h"
#include "runners/process.h"
#include "runners/reference_runtime.h"

namespace weft::runners {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const char* variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value && *value ? value : nullptr;
}

// The names of the variables that override this runtime, the more particular first.
std::vector<std::string> override_names(const Described& runtime) {
  const std::string base = runtime.descriptor.value("env_bin", std::string());
  if (base.empty()) return {};
  std::vector<std::string> names;
  if (!runtime.info.version_name.empty()) {
    std::string particular = base + "_";
    for (const unsigned char c : runtime.info.version_name) {
      particular += std::isalnum(c) ? static_cast<char>(std::toupper(c)) : '_';
    }
    names.push_back(particular);
  }
  names.push_back(base);
  return names;
}

// Absolute path of an executable, or empty. Names without a slash are searched in PATH.
std::string executable(const std::string& name, const fs::path& relative_to) {
  if (name.find('/') != std::string::npos) {
    const fs::path path = relative_to / name;
    return ::access(path.c_str(), X_OK) == 0 && fs::is_regular_file(path)
               ? path.lexically_normal().string()
               : "";
  }
  std::istringstream path(variable("PATH") ? variable("PATH") : "/usr/bin:/bin");
  for (std::string folder; std::getline(path, folder, ':');) {
    const std::string full = (folder.empty() ? "." : folder) + "/" + name;
    std::error_code ec;
    if (::access(full.c_str(), X_OK) == 0 && fs::is_regular_file(full, ec)) return full;
  }
  return "";
}

std::string hash_of_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return "";
  struct stat info{};
  std::string hash;
  if (::fstat(fd, &info) == 0 && info.st_size > 0) {
    void* data = ::mmap(nullptr, info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (data != MAP_FAILED) {
      hash = sha256_hex(std::string_view(static_cast<const char*>(data), info.st_size));
      ::munmap(data, info.st_size);
    }
  }
  ::close(fd);
  return hash;
}

// What the binary says of itself. Fills found, version and hash, or how_to_get.
void ask(Described& runtime) {
  RuntimeInfo& info = runtime.info;
  info.binary_sha256 = hash_of_file(info.bin[0]);
  if (!runtime.descriptor.contains("version_from")) {
    info.found = true;
    return;
  }
  const json& from = runtime.descriptor["version_from"];
  ProcessSpec spec;
  spec.argv = info.bin;
  for (const json& arg : from["args"]) spec.argv.push_back(arg);
  for (const auto& [key, value] : runtime.env) spec.env[key] = value;
  spec.timeout = 10;
  auto result = run_process(spec);
  const std::string command = fmt::format("{}", fmt::join(spec.argv, " "));
  if (!result) {
    info.how_to_get = result.error().message;
    return;
  }
  const std::string printed = result->out + result->err;
  const std::string pattern = from["regex"];
  std::smatch match;
  try {
    if (std::regex_search(printed, match, std::regex(pattern))) {
      info.version = match.size() > 1 ? match[1].str() : match[0].str();
      info.found = true;
      return;
    }
  } catch (const std::regex_error&) {
    info.how_to_get = fmt::format("{}: version_from.regex: '{}' is not a regular expression",
                                  runtime.path, pattern);
    return;
  }
  const std::string line = printed.substr(0, std::min<size_t>(printed.find('\n'), 100));
  info.how_to_get =
      result->end == ProcessEnd::kTimeout
          ? fmt::format("`{}` does not end within 10 s", command)
          : fmt::format("`{}` printed '{}', expected something like '{}'", command, line, pattern);
}

// As `ask`, but remembers the answer beside the installed binary.
void ask_once(Described& runtime) {
  RuntimeInfo& info = runtime.info;
  const std::string memory = info.bin[0] + ".weft.json";
  std::error_code ec;
  if (fs::exists(memory, ec)) {
    if (auto known = read_json(memory); known && known->is_object()) {
      info.version = known->value("version", std::string());
      info.binary_sha256 = known->value("sha256", std::string());
      info.found = !info.version.empty() && !info.binary_sha256.empty();
      if (info.found) return;
    }
  }
  ask(runtime);
  if (!info.found) return;
  const json known = {{"version", info.version}, {"sha256", info.binary_sha256}};
  (void)write_file(memory, known.dump() + "\n");  // only saves time
}

}  // namespace

std::string processor() {
  utsname name{};
  ::uname(&name);
  return name.machine;
}

Expected<std::string> for_processor(const json& value, const std::string& where) {
  if (value.is_string()) return value.get<std::string>();
  const std::string machine = processor();
  if (value.contains(machine)) return value[machine].get<std::string>();
  return fail("{}: there is no package for {}", where, machine);
}

std::string engines_folder() {
  if (const char* cache = variable("WEFT_CACHE")) return std::string(cache) + "/engines";
  if (const char* cache = variable("XDG_CACHE_HOME")) return std::string(cache) + "/weft/engines";
  const char* home = variable("HOME");
  return std::string(home ? home : "/tmp") + "/.cache/weft/engines";
}

std::string engine_folder(const Described& runtime) {
  auto package = package_of(runtime);
  if (!package) return "";
  return fmt::format("{}/{}-{}-{}", engines_folder(), runtime.info.family, package->version,
                     package->short_hash);
}

void locate(Described& runtime) {
  RuntimeInfo& info = runtime.info;
  info.found = false;
  info.how_to_get.clear();
  if (info.kind == "reference") {
    locate_reference(info);
    return;
  }
  const fs::path here = fs::absolute(runtime.path).parent_path();
  std::vector<std::string> bin;
  for (const json& part : runtime.version.contains("bin")
                              ? runtime.version["bin"]
                              : runtime.descriptor.value("bin", json::array())) {
    bin.push_back(expand(part, {{"here", here.string()}}));
  }
  std::string overridden;
  const auto names = override_names(runtime);
  const bool one_version = runtime.descriptor.value("versions", json::array()).size() < 2;
  const std::string shown_name = names.empty() ? "" : one_version ? names.back() : names.front();
  info.flags = runtime.flags;
  for (const std::string& name : names) {
    if (const char* flags = variable(name + "_FLAGS")) {
      std::istringstream words(flags);
      for (std::string word; words >> word;) info.flags.push_back(word);
      break;
    }
  }
  for (const std::string& name : names) {
    const char* value = variable(name);
    if (!value) continue;
    overridden = executable(value, fs::current_path());
    if (overridden.empty()) {
      info.how_to_get = fmt::format("{}='{}' is no executable file", name, value);
      return;
    }
    break;
  }
  if (!overridden.empty()) {
    bin = {overridden};
    info.bin = bin;
    ask(runtime);
    return;
  }
  if (runtime.version.contains("from")) {
    auto package = package_of(runtime);
    if (!package) {
      info.how_to_get = package.error().message;
    } else if (const std::string file = engine_folder(runtime) + "/" + package->file;
               ::access(file.c_str(), X_OK) == 0) {
      if (bin.empty()) bin.push_back("");
      bin[0] = file;
      info.bin = bin;
      ask_once(runtime);
      return;
    } else {
      info.how_to_get = "weft runtimes install " + info.name;
    }
    if (!names.empty()) info.how_to_get += fmt::format("; or set {} to its binary", shown_name);
    return;
  }
  const std::string found = executable(bin[0], here);
  if (found.empty()) {
    info.how_to_get = runtime.descriptor.value("how_to_get", std::string());
    if (info.how_to_get.empty()) {
      info.how_to_get = bin[0].find('/') == std::string::npos
                            ? fmt::format("'{}' is not in PATH", bin[0])
                            : fmt::format("{}: no executable file", (here / bin[0]).string());
      if (!names.empty()) info.how_to_get += fmt::format("; or set {} to its binary", shown_name);
    }
    return;
  }
  bin[0] = found;
  info.bin = bin;
  ask(runtime);
}

}  // namespace weft::runners
