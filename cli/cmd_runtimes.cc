// weft runtimes: what is found, its version, what it can do; install, doctor, new.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/args.h"
#include "cli/command.h"
#include "reference/base/files.h"
#include "runners/descriptor.h"
#include "runners/descriptor_template.h"
#include "runners/doctor.h"
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

// One runtime, examined.
struct Patient {
  Described runtime;
  std::vector<runners::Finding> findings;
};

void examine(Patient& patient) {
  runners::RuntimeInfo& info = patient.runtime.info;
  locate(patient.runtime);
  if (!info.found) {
    patient.findings = {{"found", false, info.how_to_get}};
    return;
  }
  if (auto ok = runners::probe(patient.runtime); !ok) {
    patient.findings = {{"start", false, ok.error().message}};
    return;
  }
  patient.findings = runners::examine(patient.runtime);
}

// All at once: each waits most of the time for the deadline of what hangs.
int doctor(const std::vector<Described>& chosen) {
  std::vector<Patient> patients;
  for (const Described& one : chosen) patients.push_back({one, {}});
  std::vector<std::thread> threads;
  for (Patient& patient : patients) threads.emplace_back([&patient] { examine(patient); });
  for (std::thread& thread : threads) thread.join();
  int ill = 0;
  for (const Patient& patient : patients) {
    const runners::RuntimeInfo& info = patient.runtime.info;
    fmt::print("{} {}\n", info.name, info.version);
    if (info.found) {
      fmt::print("  {:<8} {}\n", "found", fmt::join(info.bin, " "));
      fmt::print("  {:<8} {}\n", "has", fmt::join(info.features, " "));
      if (!info.lacks.empty()) fmt::print("  {:<8} {}\n", "lacks", fmt::join(info.lacks, " "));
    }
    for (const runners::Finding& finding : patient.findings) {
      fmt::print("  {:<8} {}{}\n", finding.check, finding.ok ? "ok: " : "NOT OK: ", finding.text);
      ill += !finding.ok;
    }
  }
  return ill ? 3 : 0;
}

int write_new(const std::vector<std::string>& names) {
  if (names.size() != 1 || !runners::is_family_name(names[0])) {
    return usage_error(
        {"runtimes new: expected one name, lower-case words joined by '-', for example "
         "my-runtime"});
  }
  const std::string path = names[0] + ".json";
  if (std::filesystem::exists(path)) return usage_error({path + ": is there already"});
  if (auto ok = write_file(path, runners::descriptor_template(names[0])); !ok) {
    fmt::print(stderr, "weft: {}\n", ok.error().message);
    return 3;
  }
  fmt::print("{} written: adapt it, then `weft runtimes doctor ./{}`\n", path, path);
  return 0;
}

}  // namespace

int cmd_runtimes(const std::vector<std::string>& args) {
  std::vector<std::string> words;
  std::string descriptors, json_path;
  bool defaults = false;
  Args parser("weft runtimes", "List runtimes: what is found, its version, what it can do.");
  parser.positionals(
      "WORDS", words,
      "NAME... lists some; `install NAME...` fetches engines from the registries; `doctor "
      "[NAME...]` examines; `new NAME` writes a commented descriptor");
  parser.option("--descriptors", descriptors, "a folder with descriptors, searched first");
  parser.option("--json", json_path, "write the list as JSON (- for standard output)");
  parser.flag("--default", defaults, "with install: the default runtimes");
  if (auto code = parser.parse(args)) return *code;

  std::string verb = "list";
  if (!words.empty() && (words[0] == "install" || words[0] == "doctor" || words[0] == "new")) {
    verb = words[0];
    words.erase(words.begin());
  }
  if (verb == "new") return write_new(words);
  auto fleet = runners::read_fleet(runners::descriptor_folders(descriptors, home_folder()));
  if (!fleet) return usage_error(fleet.error());
  if (verb == "install" && words.empty() && !defaults) {
    return usage_error({"runtimes install: expected runtimes by name, or --default"});
  }
  // Without a name, install and doctor take the defaults and list takes all.
  auto chosen = words.empty() && verb == "list" ? *fleet : runners::select(*fleet, words);
  if (!chosen) return usage_error(chosen.error());
  if (verb == "install") return install(std::move(*chosen));
  if (verb == "doctor") return doctor(*chosen);
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
