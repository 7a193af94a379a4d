// The compact internal code that the machine runs: register-based, immutable, position-independent,
// shared by all instances of a module. Knows no execution.
//
// A function's frame is an array of 64-bit slots:
//     parameters | return address | caller's frame | zero | locals | operands
// A v128 takes two slots, everything else one; i32 and f32 are kept zero-extended. Operands have a
// slot for each position of the operand stack, so that an instruction names its operands by slot.
// The arguments of a call lie where the callee's parameters are, and its results are left there.
//
// An instruction is one word {op, a, b, c} of 16 bits each, a, b and c mostly slots, and further
// words of immediates. Branch distances count words from the branch itself.
#pragma once

#include <cstdint>
#include <vector>

#include "reference/module/module.h"

namespace weft::module {

using Word = uint64_t;

enum class Op : uint16_t {
#define OP(name, visible) name,
#include "reference/module/code.def"
#undef OP
  kCount
};

inline constexpr size_t kOpCount = static_cast<size_t>(Op::kCount);

constexpr Op op_of(Word word) { return static_cast<Op>(static_cast<uint16_t>(word)); }
constexpr uint16_t a_of(Word word) { return static_cast<uint16_t>(word >> 16); }
constexpr uint16_t b_of(Word word) { return static_cast<uint16_t>(word >> 32); }
constexpr uint16_t c_of(Word word) { return static_cast<uint16_t>(word >> 48); }
// The upper or lower 32 bits as one signed immediate.
constexpr int32_t high_of(Word word) { return static_cast<int32_t>(word >> 32); }
constexpr int32_t low_of(Word word) { return static_cast<int32_t>(word); }

constexpr Word make_word(Op op, uint32_t a = 0, uint32_t b = 0, uint32_t c = 0) {
  return static_cast<Word>(op) | Word{a} << 16 | Word{b} << 32 | Word{c} << 48;
}
constexpr Word make_word_imm(Op op, uint32_t a, int32_t high) {
  return static_cast<Word>(op) | Word{a} << 16 | Word{static_cast<uint32_t>(high)} << 32;
}

// 64-bit slots that a value of this type takes.
constexpr uint32_t slots_of(ValType type) { return type == ValType::kV128 ? 2 : 1; }

// Slots of a frame between the parameters and the locals.
inline constexpr uint32_t kHeaderSlots = 3;
inline constexpr uint32_t kZeroSlot = 2;  // offset in the header; zero where a function needs it
inline constexpr uint32_t kMostSlots = 65535;

// The word before a function's first instruction: {frame, parameters, first zeroed, zeroed}.
struct Prologue {
  uint16_t frame_slots, parameter_slots, zero_from, zero_count;
};

struct Code {
  std::vector<Word> words;
  std::vector<uint32_t> entries;  // word index of each defined function's first instruction

  // From words to the module's bytes, ascending by word: each entry holds up to the next.
  struct Origin {
    uint32_t word;
    uint32_t offset;  // of the instruction, from the start of the module
  };
  std::vector<Origin> origins;

  // The defined function that the word belongs to, and the byte offset it was made from.
  uint32_t function_of(uint32_t word) const;
  uint32_t offset_of(uint32_t word) const;
};

}  // namespace weft::module
