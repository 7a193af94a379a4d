// Input bytes to a valid WebAssembly module and the calls to make of it, for differential
// execution. Any bytes give a program; the same bytes give the same program everywhere. Knows no
// engine.
//
// What comes out is deterministic by construction, so two engines may be compared bit by bit:
//   - Every exported call ends: it starts with a store of fuel that each loop iteration and each
//     function entry burns; where it is gone, the program traps by `unreachable`.
//   - The one nondeterminism of numeric instructions, the bits of a NaN result (core spec 4.3.3),
//   is
//     taken away behind each instruction that has it: a NaN becomes the canonical positive one.
// Left out: SIMD, references beyond call_indirect, wait and notify (one thread: nobody to meet).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "reference/base/files.h"
#include "reference/machine/value.h"

namespace weft::fuzz {

struct ProgramCall {
  std::string name;  // of the export
  std::vector<machine::Value> arguments;
};

struct Program {
  Bytes module;                    // one memory, index 0
  std::vector<ProgramCall> calls;  // to make in this order, of one instance
  uint32_t globals = 0;            // all of them numeric
};

Program generate_program(std::span<const uint8_t> input);

}  // namespace weft::fuzz
