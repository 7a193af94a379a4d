// Text to bytes by our own reader (text/); bytes to text, and linking of the support library, by
// WABT, which the product uses here and nowhere else: it meets bytes that our reader has checked.
// Knows no execution and no tests. Thread-safe: no function keeps anything between calls.
#pragma once

#include <string>
#include <string_view>

#include "reference/base/expected.h"
#include "reference/base/files.h"

namespace weft::module {

// Assembles one module. Errors carry `name:line:column`. Safe for
// any text. Not validated: our own validator does it.
Expected<Bytes> assemble(std::string_view wat, const std::string& name);

// Prints a binary module as text. `names` are taken from the name section where there is one.
Expected<std::string> print(std::span<const uint8_t> wasm);

struct LinkOptions {
  std::string name;          // for messages
  bool debug_names = false;  // keep a name section
};

// Links a test with the support library: imports from module `weft` are bound to the library's
// exports, the library's imports from module `test` to the test's exports (or, for a function the
// test does not have, to the library's export `default_NAME`); the test's exports `_start` and
// `weft_thread` give way to the library's. The library must name everything with the prefix
// `$weft_` and own no table, segment or global.
Expected<Bytes> link(std::string_view test_wat, std::string_view library_wat,
                     const LinkOptions& options);

}  // namespace weft::module
