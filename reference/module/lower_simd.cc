// Lowering of v128 instructions: the signature in the opcode table says what they take and give.
#include "reference/module/lower_function.h"
#include "reference/module/opcode.h"

namespace weft::module {

void FunctionLowering::simd(uint32_t opcode) {
  if (opcode == 0x0C) {
    const Word low = reader_.fixed(8);
    const Word high = reader_.fixed(8);
    return push_const(ValType::kV128, low, high);
  }
  const OpcodeInfo& info = *find_opcode(0xFD, opcode);
  if (access_bytes(info)) return simd_access(info);
  Word lanes[2] = {0, 0};
  uint32_t lane = 0;
  if (info.immediate == Immediate::kLane) lane = reader_.byte();
  if (info.immediate == Immediate::kShuffle) {
    lanes[0] = reader_.fixed(8);
    lanes[1] = reader_.fixed(8);
  }
  const size_t arrow = info.signature.find('>');
  uint32_t slots[3] = {0, 0, 0};
  for (size_t i = arrow; i > 0; --i) slots[i - 1] = slot_of(pop());
  const ValType result = signature_type(info.signature[arrow + 1]);
  const bool shuffle = info.immediate == Immediate::kShuffle;
  emit_result(shuffle ? Op::simd_shuffle : Op::simd, result, slots[0], slots[1]);
  append(Word{opcode} | Word{slots[2]} << 16 | Word{lane} << 32);
  if (shuffle) {
    append(lanes[0]);
    append(lanes[1]);
  }
}

void FunctionLowering::simd_access(const OpcodeInfo& info) {
  const uint32_t opcode = info.code;
  const bool store = info.signature.ends_with('>');
  const bool has_lane = info.immediate == Immediate::kMemArgLane;
  MemoryArgument argument = memory_argument();
  const Word lane = has_lane ? reader_.byte() : 0;
  const uint32_t value = store || has_lane ? slot_of(pop()) : 0;
  const uint32_t address = address_slot(pop(), argument);
  if (store) {
    emit(make_word(Op::simd_store, address, value, argument.memory));
    append(argument.offset);
    append(Word{opcode} | lane << 32);
  } else {
    emit_result(Op::simd_load, ValType::kV128, address, argument.memory);
    append(argument.offset);
    append(Word{opcode} | Word{value} << 16 | lane << 32);
  }
}

}  // namespace weft::module
