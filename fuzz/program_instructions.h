// The instructions that programs are generated of, by what they give: read from the table of
// opcodes. Knows no programs.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "fuzz/program_input.h"
#include "reference/module/module.h"
#include "reference/module/opcode.h"

namespace weft::fuzz {

// Every value type; the first five are numeric in the generator's sense: they have constants.
inline constexpr std::array kTypes = {module::ValType::kI32,      module::ValType::kI64,
                                      module::ValType::kF32,      module::ValType::kF64,
                                      module::ValType::kV128,     module::ValType::kFuncRef,
                                      module::ValType::kExternRef};
inline constexpr size_t kNumericTypes = 5;
inline constexpr std::string_view kLetters = "iIfFv";

inline size_t place_of(module::ValType type) {
  return static_cast<size_t>(std::find(kTypes.begin(), kTypes.end(), type) - kTypes.begin());
}
// Any; v128 more often than others, as it has nearly half of the instructions.
inline module::ValType some_type(ProgramInput& in) {
  const uint32_t which = in.below(kTypes.size() + 2);
  return which < kTypes.size() ? kTypes[which] : module::ValType::kV128;
}
// A type of the signatures of opcodes.def, but for 'p'.
inline module::ValType type_of(char letter) { return kTypes[kLetters.find(letter)]; }

struct Instruction {
  module::OpcodeInfo info;
  // The bits of a NaN that it gives are not determined (core spec 4.3.3; abs, neg, copysign, pmin,
  // pmax and what only moves bits determine them): these types' lanes may hold one.
  enum class Nan : uint8_t { kNone, kF32, kF64, kF32x4, kF64x2 } nan = Nan::kNone;
  // Traps for most operands, if they are not prepared.
  bool divides = false, truncates = false;
};

struct Instructions {
  std::array<std::vector<Instruction>, kNumericTypes> giving;  // by result
  std::vector<Instruction> stores;                             // accesses without result
};

inline Instruction::Nan nan_of(std::string_view name) {
  static constexpr std::string_view kMakes[] = {"ceil", "floor", "trunc", "nearest", "sqrt", "add",
                                                "sub",  "mul",   "div",   "min",     "max"};
  using Nan = Instruction::Nan;
  const size_t dot = name.find('.');
  const std::string_view shape = name.substr(0, dot), what = name.substr(dot + 1);
  if (std::find(std::begin(kMakes), std::end(kMakes), what) == std::end(kMakes) &&
      !what.starts_with("demote") && !what.starts_with("promote")) {
    return Nan::kNone;
  }
  return shape == "f32"     ? Nan::kF32
         : shape == "f64"   ? Nan::kF64
         : shape == "f32x4" ? Nan::kF32x4
         : shape == "f64x2" ? Nan::kF64x2
                            : Nan::kNone;
}

// Numeric instructions, SIMD and atomic ones, accesses: all whose signature says everything. What
// needs more (control, tables, bulk memory, constants, grow and size) is written out by the body.
inline const Instructions& instructions() {
  static const Instructions all = [] {
    using module::Immediate;
    Instructions found;
    for (const module::OpcodeInfo& op : module::opcodes()) {
      const bool access = access_bytes(op) != 0;
      const bool plain = op.immediate == Immediate::kNone || op.immediate == Immediate::kLane ||
                         op.immediate == Immediate::kShuffle;
      if (!(access || plain) || op.signature == "*") continue;
      Instruction made{op, nan_of(op.name), false, false};
      made.divides = op.name.find(".div_") != op.name.npos || op.name.find(".rem_") != op.name.npos;
      made.truncates = op.prefix == 0 && op.name.find(".trunc_f") != op.name.npos;
      const char last = op.signature.back();
      if (last != '>') {
        found.giving[kLetters.find(last)].push_back(made);
      } else if (access) {
        found.stores.push_back(made);
      }
    }
    return found;
  }();
  return all;
}

}  // namespace weft::fuzz
