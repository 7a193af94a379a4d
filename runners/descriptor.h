// Runtime descriptors (one JSON file a family) and the runtimes that they describe.
// Knows no tests beyond a case, no oracles.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "reference/base/expected.h"
#include "runners/runtime.h"

namespace weft::runners {

// One version in one configuration of a descriptor.
struct Described {
  RuntimeInfo info;
  nlohmann::json descriptor;  // the whole family
  nlohmann::json version;     // the entry of `versions`
  std::string path;           // of the descriptor
};

Expected<std::vector<Described>> read_descriptor(const std::string& path);
Expected<std::vector<Described>> read_descriptors(const std::string& directory);

// Folder of the engines: ${WEFT_CACHE:-${XDG_CACHE_HOME:-~/.cache}/weft}/engines.
std::string engines_folder();

// Installs from the registry, if it is not there yet. Fills info.bin and info.found.
Expected<void> install(Described& runtime);
// Fills info.found, info.bin and info.version without installing.
void locate(Described& runtime);

std::unique_ptr<Runtime> make_runtime(const Described& runtime);

}  // namespace weft::runners
