// weft runtimes: what is found, its version, what it can do; install, doctor, new.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/args.h"
#include "cli/command.h"
#include "reference/base/files.h"
#include "runners/descriptor.h"
#include "runners/probe.h"
#include "runners/selection.h"

namespace weft::cli {
namespace {

using nlohmann::json;
using runners::Described;

int usage_error(const Error& error) {
  fmt::print(stderr, "weft: {}\n", error.message);
  return 2;
}

json facts(const Described& one) {
  const runners::RuntimeInfo& info = one.info;
  json line = {{"name", info.name}, {"found", info.found},     {"default", info.is_default},
               {"kind", info.kind}, {"version", info.version}, {"bin", info.bin}};
  if (!info.binary_sha256.empty()) line["binary_sha256"] = info.binary_sha256;
  line["features"] = info.features;
  line["lacks"] = info.lacks;
  if (!info.found) line["how_to_get"] = info.how_to_get;
  return line;
}

// JSON to a file, or to standard output when the name is "-".
int write_json(const std::string& path, const json& value) {
  const std::string text = value.dump(2) + "\n";
  if (path == "-") {
    fmt::print("{}", text);
    return 0;
  }
  if (auto ok = write_file(path, text); !ok) {
    fmt::print(stderr, "weft: {}\n", ok.error().message);
    return 3;
  }
  return 0;
}

// What is missing of all that the probes ask for: shorter than what is there.
std::string about_features(const runners::RuntimeInfo& info) {
  return info.lacks.empty() ? "" : fmt::format("lacks {}", fmt::join(info.lacks, ", "));
}

void print_table(const std::vector<Described>& chosen) {
  size_t width = 7;
  for (const Described& one : chosen) width = std::max(width, one.info.name.size());
  fmt::print("  {:<{}}  {:<10}  {}\n", "runtime", width, "version", "");
  for (const Described& one : chosen) {
    const runners::RuntimeInfo& info = one.info;
    fmt::print("{} {:<{}}  {:<10}  {}\n", info.is_default ? "*" : " ", info.name, width,
               info.found ? info.version : "missing",
               info.found ? about_features(info) : info.how_to_get);
  }
  std::string names;
  for (const runners::Probe& one : runners::probes()) {
    names += (names.empty() ? "" : ", ") + std::string(one.feature);
  }
  fmt::print("* runs by default. Probed: {}.\n", names);
}

int install(std::vector<Described> chosen) {
  int missing = 0;
  for (Described& one : chosen) {
    locate(one);
    if (one.info.found) {
      fmt::print("{} {} is there\n", one.info.name, one.info.version);
      continue;
    }
    fmt::print(stderr, "weft: installing {}\n", one.info.name);
    if (auto ok = runners::install(one); !ok) {
      fmt::print(stderr, "weft: {}\n", ok.error().message);
      ++missing;
      continue;
    }
    fmt::print("{} {} installed\n", one.info.name, one.info.version);
  }
  return missing ? 3 : 0;
}

}  // namespace

int cmd_runtimes(const std::vector<std::string>& args) {
  std::vector<std::string> words;
  std::string descriptors, json_path;
  bool defaults = false;
  Args parser("weft runtimes", "List runtimes: what is found, its version, what it can do.");
  parser.positionals("WORDS", words,
                     "NAME... to list some; `install NAME...` fetches engines from the registries");
  parser.option("--descriptors", descriptors, "a folder with descriptors, searched first");
  parser.option("--json", json_path, "write the list as JSON (- for standard output)");
  parser.flag("--default", defaults, "with install: the default runtimes");
  if (auto code = parser.parse(args)) return *code;

  std::string verb = "list";
  if (!words.empty() && words[0] == "install") {
    verb = words[0];
    words.erase(words.begin());
  }
  auto fleet = runners::read_fleet(runners::descriptor_folders(descriptors, home_folder()));
  if (!fleet) return usage_error(fleet.error());
  if (verb == "install" && words.empty() && !defaults) {
    return usage_error({"runtimes install: expected runtimes by name, or --default"});
  }
  // Without a name, install takes the defaults and list takes all.
  auto chosen = words.empty() && verb == "list" ? *fleet : runners::select(*fleet, words);
  if (!chosen) return usage_error(chosen.error());
  if (verb == "install") return install(std::move(*chosen));
  for (Described& one : *chosen) {
    locate(one);
    if (!one.info.found) continue;
    if (auto ok = runners::probe(one); !ok) {
      one.info.found = false;
      one.info.how_to_get = ok.error().message;
    }
  }
  if (!json_path.empty()) {
    json all = json::array();
    for (const Described& one : *chosen) all.push_back(facts(one));
    return write_json(json_path, all);
  }
  print_table(*chosen);
  return 0;
}

}  // namespace weft::cli
