// Runtime descriptors (one JSON file a family, checked against runtime.schema.json) and the
// runtimes that they describe: every version in every configuration.
// Knows no tests beyond a case, no oracles. (docs/adding-a-runtime.md)
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "reference/base/expected.h"
#include "runners/runtime.h"

namespace weft::runners {

// One version in one configuration of a descriptor. `info.flags`, `env` and `set` are merged from
// family, version and configuration, the later winning.
struct Described {
  RuntimeInfo info;
  std::vector<std::string> flags;          // of the descriptor; info.flags adds the environment's
  std::map<std::string, std::string> env;  // added to the engine's environment
  std::map<std::string, std::string> set;  // placeholders of `run` and `file`
  nlohmann::json descriptor;               // the whole family
  nlohmann::json version;  // the entry of `versions`; an empty object if there is none
  nlohmann::json config;   // the entry of `configs`; an empty object for the base
  std::string path;        // of the descriptor
};

// The JSON Schema, embedded when weft was built.
std::string_view descriptor_schema_text();

// All runtimes of one file, in the file's order, each version's base configuration first. The
// error names file, key and what was expected.
Expected<std::vector<Described>> read_descriptor(const std::string& path);
// Every *.json of a folder, by file name. A family that two files describe is an error.
Expected<std::vector<Described>> read_descriptors(const std::string& directory);

// Folder of the engines: ${WEFT_CACHE:-${XDG_CACHE_HOME:-~/.cache}/weft}/engines.
std::string engines_folder();
// The folder of this runtime's engine below it: FAMILY-VERSION-HASH. Configurations share it.
std::string engine_folder(const Described& runtime);

// Installs from the registry, if it is not there yet. Fills info as `locate` does.
Expected<void> install(Described& runtime);
// Fills info.found, info.bin, info.version, info.binary_sha256, or info.how_to_get, without
// installing anything. `${env_bin}_VERSION` and `$env_bin` (descriptor key) override the binary,
// with `_FLAGS` behind them the options.
void locate(Described& runtime);

// Never null. `runtime` must have been located; one that is not found answers every case with
// End::kHostError and says how to get it.
std::unique_ptr<Runtime> make_runtime(const Described& runtime);

}  // namespace weft::runners
