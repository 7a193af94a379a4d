// The body of one generated function: statements and expressions chosen by input bytes, well typed
// by construction. Numeric instructions and memory accesses come from the table of opcodes, so a
// new line there is met without a change here. Knows nothing of sections and calls from outside.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fuzz/program_input.h"
#include "reference/module/module.h"

namespace weft::fuzz {

// What a body may name. Function i has type i.
struct ProgramScope {
  std::vector<module::FuncType> functions;
  std::vector<module::ValType> globals;  // 0 is the fuel: an i32 that no chosen instruction names
  uint32_t table_size = 0;               // table 0
  uint32_t data_size = 0;                // of data segment 0, which is passive
};

inline constexpr uint32_t kFuelGlobal = 0;
// Of one exported call; a function entry burns 16, a loop iteration 1.
inline constexpr int32_t kFuel = 640;

// Local declarations, instructions and the final `end` of function `index`. It calls only functions
// of lower index directly, and any through the table.
Bytes generate_body(const ProgramScope& scope, uint32_t index, ProgramInput& input);

}  // namespace weft::fuzz
