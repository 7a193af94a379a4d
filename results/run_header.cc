#include "results/run_header.h"

#include <sys/utsname.h>

#include <ctime>
#include <filesystem>
#include <sstream>
#include <thread>

#include "reference/base/files.h"

namespace weft::results {
namespace {

using nlohmann::json;

std::string trimmed(std::string text) {
  text.erase(text.find_last_not_of(" \n\t") + 1);
  text.erase(0, std::min(text.find_first_not_of(" \n\t"), text.size()));
  return text;
}

std::string format_time(const char* format) {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::localtime_r(&now, &parts);
  char text[64];
  std::strftime(text, sizeof text, format, &parts);
  return text;
}

std::string cpu_model() {
  auto info = read_text("/proc/cpuinfo");
  if (!info) return "unknown";
  std::istringstream lines(*info);
  for (std::string line; std::getline(lines, line);) {
    const size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    const std::string key = trimmed(line.substr(0, colon));
    if (key == "model name" || key == "Processor") return trimmed(line.substr(colon + 1));
  }
  return "unknown";
}

}  // namespace

std::string today() { return format_time("%Y-%m-%d"); }

std::string commit_of(const std::string& clone) {
  namespace fs = std::filesystem;
  std::error_code ec;
  fs::path git = fs::path(clone) / ".git";
  if (fs::is_regular_file(git, ec)) {  // a worktree: "gitdir: PATH"
    auto text = read_text(git.string());
    if (text && text->starts_with("gitdir: ")) git = trimmed(text->substr(8));
  }
  auto head = read_text((git / "HEAD").string());
  if (!head) return "unknown";
  const std::string name = trimmed(*head);
  if (!name.starts_with("ref: ")) return name;
  fs::path common = git;
  if (auto text = read_text((git / "commondir").string())) common = git / trimmed(*text);
  if (auto text = read_text((common / name.substr(5)).string())) return trimmed(*text);
  if (auto packed = read_text((common / "packed-refs").string())) {
    std::istringstream lines(*packed);
    for (std::string line; std::getline(lines, line);) {
      if (line.ends_with(" " + name.substr(5))) return line.substr(0, line.find(' '));
    }
  }
  return "unknown";
}

json make_header(const RunHeader& facts, const std::vector<Column>& columns) {
  utsname name{};
  ::uname(&name);
  json runtimes = json::array();
  for (const Column& column : columns) {
    const runners::RuntimeInfo& info = column.runtime.info;
    json one = {{"name", info.name},   {"family", info.family},
                {"kind", info.kind},   {"version", info.version},
                {"bin", info.bin},     {"binary_sha256", info.binary_sha256},
                {"flags", info.flags}, {"found", info.found}};
    if (!column.missing.empty()) one["missing"] = column.missing;
    runtimes.push_back(one);
  }
  return {
      {"schema", "weft.run/1"},
      {"weft", {{"version", facts.weft_version}, {"commit", commit_of(facts.home)}}},
      {"suite", {{"sha256", facts.suite_sha256}, {"tests", facts.tests}, {"folder", facts.suite}}},
      {"argv", facts.argv},
      {"seed", facts.seed},
      {"runtimes", runtimes},
      {"machine",
       {{"isa", name.machine},
        {"cpu", cpu_model()},
        {"cores", std::thread::hardware_concurrency()},
        {"kernel", std::string(name.sysname) + " " + name.release}}},
      {"date", format_time("%Y-%m-%dT%H:%M:%S%z")}};
}

}  // namespace weft::results
