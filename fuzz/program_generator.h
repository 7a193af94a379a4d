// Input bytes to a valid WebAssembly module and the calls to make of it, for differential
// execution. Any bytes give a program; the same bytes give the same program everywhere. Knows no
// engine.
//
// What comes out is deterministic by construction, so two engines may be compared bit by bit:
//   - Every exported call ends: it starts with a store of fuel that each loop iteration and each
//     function entry burns; where it is gone, functions return, or trap by `unreachable`.
//   - The one nondeterminism of numeric instructions, the bits of a NaN result (core spec 4.3.3),
//     is taken away behind each instruction that has it (program_body.cc, settle_nan).
//   - There is one thread: no wait is notified, and none is without a timeout.
//   - The one call without fuel recurses for ever and does nothing else: `deep`, the last.
#pragma once

#include <bitset>
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
  Bytes module;
  // The same for WABT's interpreter, without what that lacks (program_body.h, Dialect). Where an
  // `unreachable` of it stands for another trap, stands_in is set.
  Bytes for_wabt;
  bool stands_in = false;
  std::bitset<256> plain, atomic;  // opcodes of `module`: without prefix, and behind 0xFE
  std::vector<ProgramCall> calls;  // to make in this order, of one instance
  uint32_t globals = 0, memories = 0, tables = 0;
};

// What a module may import: function `mix` of module `h`, i32 to i32, which is this.
inline constexpr const char* kHostModule = "h";
inline constexpr const char* kHostName = "mix";
constexpr uint32_t host_mix(uint32_t value) { return value * 0x9E3779B1u ^ value >> 7; }

Program generate_program(std::span<const uint8_t> input);

}  // namespace weft::fuzz
