// Lowering of accesses to memories and tables: the fast forms for memory 0 with 32-bit addresses,
// the general form for every other memory.
#include "reference/module/access.h"
#include "reference/module/lower_function.h"

namespace weft::module {

bool FunctionLowering::access(uint32_t opcode) {
  switch (opcode) {
    case 0x25: {  // table.get
      const auto table = static_cast<uint32_t>(reader_.unsigned_leb());
      const uint32_t index = slot_of(pop());
      emit_result(Op::table_get, module_.tables[table].element, index, table);
      return true;
    }
    case 0x26: {  // table.set
      const auto table = static_cast<uint32_t>(reader_.unsigned_leb());
      const uint32_t value = slot_of(pop()), index = slot_of(pop());
      emit(make_word(Op::table_set, index, value, table));
      return true;
    }
    case 0x3F: {  // memory.size
      const auto memory = static_cast<uint32_t>(reader_.unsigned_leb());
      const bool is64 = module_.memories[memory].limits.is64;
      emit_result(Op::memory_size, is64 ? ValType::kI64 : ValType::kI32);
      code_.words[last_] |= Word{memory} << 32;
      return true;
    }
    case 0x40: {  // memory.grow
      const auto memory = static_cast<uint32_t>(reader_.unsigned_leb());
      const uint32_t delta = slot_of(pop());
      const bool is64 = module_.memories[memory].limits.is64;
      emit_result(Op::memory_grow, is64 ? ValType::kI64 : ValType::kI32, delta);
      append(memory);
      return true;
    }
#define LOAD(opcode, name, text, type, memory)                            \
  case opcode:                                                            \
    load(Op::name, Op::name##_s, Op::name##_g, access_type(#type).value); \
    return true;
#define STORE(opcode, name, text, type, memory)                              \
  case opcode:                                                               \
    store(Op::name, Op::name##_i, Op::name##_s, Op::name##_si, Op::name##_g, \
          access_type(#type).integer);                                       \
    return true;
#define ATOMIC_LOAD(opcode, name, text, type, memory)                  \
  case opcode:                                                         \
    atomic_load(Op::name##_s, Op::name##_g, access_type(#type).value); \
    return true;
#define ATOMIC_STORE(opcode, name, text, type, memory) \
  case opcode:                                         \
    atomic_store(Op::name##_s, Op::name##_g);          \
    return true;
#define ATOMIC_RMW(opcode, name, text, type, memory, operation)       \
  case opcode:                                                        \
    atomic_rmw(Op::name##_s, Op::name##_g, access_type(#type).value); \
    return true;
#define ATOMIC_CMPXCHG(opcode, name, text, type, memory)                  \
  case opcode:                                                            \
    atomic_cmpxchg(Op::name##_s, Op::name##_g, access_type(#type).value); \
    return true;
#include "reference/module/access.def"
    default:
      return false;
  }
}

FunctionLowering::MemoryArgument FunctionLowering::memory_argument() {
  MemoryArgument argument{};
  const uint64_t flags = reader_.unsigned_leb();
  if (flags & 0x40) argument.memory = static_cast<uint32_t>(reader_.unsigned_leb());
  argument.offset = reader_.unsigned_leb();
  if (argument.memory < module_.memories.size()) {
    const Limits& limits = module_.memories[argument.memory].limits;
    argument.fast = argument.memory == 0 && !limits.is64;
    argument.shared = limits.shared;
  }
  return argument;
}

// A constant address joins the offset, and the function's zero slot takes its place.
uint32_t FunctionLowering::address_slot(const Operand& address, MemoryArgument& argument) {
  if (address.kind == Operand::Kind::kConst && argument.offset + address.low >= argument.offset) {
    argument.offset += address.low;
    needs_zero_ = true;
    return header_ + kZeroSlot;
  }
  return slot_of(address);
}

void FunctionLowering::load(Op plain, Op shared, Op general, ValType result) {
  MemoryArgument argument = memory_argument();
  const uint32_t address = address_slot(pop(), argument);
  emit_result(!argument.fast    ? general
              : argument.shared ? shared
                                : plain,
              result, address, argument.memory);
  append(argument.offset);
}

void FunctionLowering::store(Op plain, Op plain_i, Op shared, Op shared_i, Op general,
                             bool integer) {
  MemoryArgument argument = memory_argument();
  const Operand value = pop();
  const uint32_t address = address_slot(pop(), argument);
  const auto small = static_cast<int32_t>(value.low);
  if (value.kind == Operand::Kind::kConst && integer && argument.fast &&
      argument.offset <= 0xFFFFFFFF &&
      (value.type == ValType::kI32 ||
       static_cast<Word>(static_cast<int64_t>(small)) == value.low)) {
    emit(make_word(argument.shared ? shared_i : plain_i, address));
    append(argument.offset | value.low << 32);
    return;
  }
  const uint32_t slot = slot_of(value);
  emit(make_word(!argument.fast    ? general
                 : argument.shared ? shared
                                   : plain,
                 address, slot, argument.memory));
  append(argument.offset);
}

void FunctionLowering::atomic_load(Op shared, Op general, ValType result) {
  MemoryArgument argument = memory_argument();
  const uint32_t address = address_slot(pop(), argument);
  emit_result(argument.fast && argument.shared ? shared : general, result, address,
              argument.memory);
  append(argument.offset);
}

void FunctionLowering::atomic_store(Op shared, Op general) {
  MemoryArgument argument = memory_argument();
  const uint32_t value = slot_of(pop());
  const uint32_t address = address_slot(pop(), argument);
  emit(make_word(argument.fast && argument.shared ? shared : general, address, value,
                 argument.memory));
  append(argument.offset);
}

void FunctionLowering::atomic_rmw(Op shared, Op general, ValType result) {
  MemoryArgument argument = memory_argument();
  const uint32_t value = slot_of(pop());
  const uint32_t address = address_slot(pop(), argument);
  const bool fast = argument.fast && argument.shared;
  emit_result(fast ? shared : general, result, address, value);
  append(argument.offset);
  if (!fast) append(argument.memory);
}

void FunctionLowering::atomic_cmpxchg(Op shared, Op general, ValType result) {
  MemoryArgument argument = memory_argument();
  const uint32_t replacement = slot_of(pop()), expected = slot_of(pop());
  const uint32_t address = address_slot(pop(), argument);
  emit_result(argument.fast && argument.shared ? shared : general, result, address, expected);
  append(argument.offset);
  append(Word{replacement} | Word{argument.memory} << 32);
}

void FunctionLowering::wait(Op op) {
  MemoryArgument argument = memory_argument();
  const uint32_t timeout = slot_of(pop()), expected = slot_of(pop());
  const uint32_t address = address_slot(pop(), argument);
  emit_result(op, ValType::kI32, address, expected);
  append(argument.offset);
  append(Word{timeout} | Word{argument.memory} << 32);
}

void FunctionLowering::notify() {
  MemoryArgument argument = memory_argument();
  const uint32_t count = slot_of(pop());
  const uint32_t address = address_slot(pop(), argument);
  emit_result(Op::memory_atomic_notify, ValType::kI32, address, count);
  append(argument.offset);
  append(Word{argument.memory} << 32);
}

// Three operands: where to, what or where from, how much.
void FunctionLowering::bulk(Op op, uint32_t first, uint32_t second) {
  const uint32_t size = slot_of(pop()), from = slot_of(pop()), to = slot_of(pop());
  emit(make_word(op, to, from, size));
  append(Word{first} | Word{second} << 32);
}

void FunctionLowering::prefixed_fc() {
  const auto opcode = static_cast<uint32_t>(reader_.unsigned_leb());
  const auto index = [this] { return static_cast<uint32_t>(reader_.unsigned_leb()); };
  switch (opcode) {
    case 8: {  // memory.init
      const uint32_t segment = index();
      return bulk(Op::memory_init, index(), segment);
    }
    case 9:
      emit(make_word_imm(Op::data_drop, 0, static_cast<int32_t>(index())));
      return;
    case 10: {  // memory.copy
      const uint32_t to = index();
      return bulk(Op::memory_copy, to, index());
    }
    case 11:
      return bulk(Op::memory_fill, index(), 0);
    case 12: {  // table.init
      const uint32_t segment = index();
      return bulk(Op::table_init, index(), segment);
    }
    case 13:
      emit(make_word_imm(Op::elem_drop, 0, static_cast<int32_t>(index())));
      return;
    case 14: {  // table.copy
      const uint32_t to = index();
      return bulk(Op::table_copy, to, index());
    }
    case 15: {  // table.grow
      const uint32_t table = index();
      const uint32_t delta = slot_of(pop()), value = slot_of(pop());
      emit_result(Op::table_grow, ValType::kI32, value, delta);
      append(table);
      return;
    }
    case 16: {  // table.size
      const uint32_t table = index();
      emit_result(Op::table_size, ValType::kI32);
      code_.words[last_] |= Word{table} << 32;
      return;
    }
    case 17:
      return bulk(Op::table_fill, index(), 0);
    default:
      numeric(0xFC00 + opcode);
  }
}

}  // namespace weft::module
