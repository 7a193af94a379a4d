// The v128 instructions (core spec 2.0, "Vector Instructions"), which the loop calls out of line.
// Knows no memory: accesses bring their bytes.
#pragma once

#include <array>
#include <cstdint>

#include "reference/module/code.h"

namespace weft::machine {

// Of an instruction that touches no memory: {op, result, x, y} {opcode 16, third operand 16, lane
// 8}.
using SimdFunction = void (*)(uint64_t* fp, const module::Word* pc);
extern const std::array<SimdFunction, 256> kSimdFunctions;

// Bytes that a load or store accesses.
uint32_t simd_access_width(uint32_t opcode);

// The v128 that a load makes of the bytes at its address; `x` is the operand of the lane loads.
void simd_load(uint32_t opcode, uint32_t lane, const uint8_t* bytes, const uint64_t* x,
               uint64_t* result);

}  // namespace weft::machine
