// The directory layout of wasi-testsuite: `name.wasm` or `name.wat`, with `name.json` beside it
// (exit_code, stdout, args, env, dirs, root) and a manifest.json that names the suite. Such a
// directory runs unchanged; and our tests are written in it, what it cannot say in an extra `weft`
// object. Knows headers, no runtimes. (WebAssembly/wasi-testsuite, doc/specification.md)
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "reference/base/expected.h"
#include "suite/test/test.h"

namespace weft::suite {

struct Layout {
  std::string name;         // of the outermost manifest, or the folder's
  std::vector<Test> tests;  // sorted by id: the path below the folder, without extension
};

// Every test below `directory`, nested suites included. A test without .json expects exit code 0.
// Standard input is held open, as that suite's own runner does. Operations that need a partner
// (connect, send, ...) make a test of kind `script`, which is not run.
Expected<Layout> load_layout(const std::string& directory);

struct Portable {
  nlohmann::json json;   // for name.json
  std::string not_said;  // what the layout cannot say; empty: the test is portable as it is
};

Portable to_layout(const Test& test);

}  // namespace weft::suite
