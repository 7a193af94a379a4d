// The WAT form of a litmus test back to the test: thread N is the exported function `threadN` with
// the base address as its parameter and one result a register. Knows no model, no runtimes.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "reference/base/expected.h"
#include "reference/base/files.h"
#include "suite/litmus/ast.h"

namespace weft::suite::litmus {

struct FromWat {
  LitmusTest test;
  // What the WAT form cannot keep, a sentence each: names of registers, `repeat`.
  std::vector<std::string> lost;
};

// `wasm`: the assembled module; `litmus`: the header's key of that name. Registers are called r0,
// r1, ... in the order of first assignment; those that are no result get a name with `_`.
// `source`: the text of the file, for the line and column of what is wrong in its header.
// Errors name the function and the byte offset of the instruction that has no litmus form.
Expected<FromWat> read_wat(std::span<const uint8_t> wasm, const nlohmann::json& litmus,
                           const std::string& name, const std::string& file,
                           std::string_view source);

}  // namespace weft::suite::litmus
