// The numeric instructions and memory accesses that programs are generated of, by what they give:
// read from the table of opcodes. Knows no programs.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "reference/module/module.h"
#include "reference/module/opcode.h"

namespace weft::fuzz {

inline constexpr std::array kNumeric = {module::ValType::kI32, module::ValType::kI64,
                                        module::ValType::kF32, module::ValType::kF64};
inline constexpr std::string_view kLetters = "iIfF";

// A type of the signatures of opcodes.def; addresses are i32 here.
inline module::ValType type_of(char letter) {
  return letter == 'p' ? module::ValType::kI32 : kNumeric[kLetters.find(letter)];
}

struct Instructions {
  std::array<std::vector<module::OpcodeInfo>, 4> giving;  // by result, in the order of kNumeric
  std::vector<module::OpcodeInfo> stores;                 // without result
};

inline const Instructions& instructions() {
  static const Instructions all = [] {
    static constexpr module::OpcodeInfo kTable[] = {
#define WASM_OPCODE(prefix, code, name, signature, immediate, argument, feature) \
  {prefix, code, name, signature, module::Immediate::immediate, argument, module::Feature::feature},
#include "reference/module/opcodes.def"
#undef WASM_OPCODE
    };
    Instructions found;
    for (const module::OpcodeInfo& op : kTable) {
      const bool access = op.immediate == module::Immediate::kMemArg ||
                          op.immediate == module::Immediate::kAtomicArg;
      if (op.feature == module::Feature::kSimd ||
          op.signature.find_first_not_of("piIfF>") != op.signature.npos ||
          !(access || op.immediate == module::Immediate::kNone) || op.name.starts_with("memory.")) {
        continue;
      }
      const char last = op.signature.back();
      if (last != '>') {
        found.giving[kLetters.find(last)].push_back(op);
      } else if (access) {
        found.stores.push_back(op);
      }
    }
    return found;
  }();
  return all;
}

// May its NaN results have any payload? (abs, neg, copysign and reinterpretations keep bits.)
inline bool makes_nan(const module::OpcodeInfo& op) {
  if (op.prefix != 0) return false;
  const uint32_t c = op.code;
  return (c >= 0x8D && c <= 0x97) || (c >= 0x9B && c <= 0xA5) || c == 0xB6 || c == 0xBB;
}

}  // namespace weft::fuzz
