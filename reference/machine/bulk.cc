// Instructions that the loop calls out of line: tables, bulk memory, grow, wait and notify. Each
// checks its whole range before it touches anything.
#include "reference/machine/atomics.h"
#include "reference/machine/interpreter.h"
#include "reference/machine/simd.h"

namespace weft::machine {
namespace {

using module::a_of;
using module::b_of;
using module::c_of;
using module::Op;

bool fits(uint64_t at, uint64_t size, uint64_t room) { return size <= room && at <= room - size; }

// An operand that is an address or a size: 32 or 64 bits.
uint64_t operand(const Memory& memory, uint64_t slot) {
  return memory.is_64() ? slot : static_cast<uint32_t>(slot);
}

}  // namespace

TrapKind Interpreter::table_instruction(Thread& thread, const Word* pc, uint64_t* fp) {
  Instance& instance = *thread.instance_;
  const auto first = static_cast<uint32_t>(pc[1]), second = static_cast<uint32_t>(pc[1] >> 32);
  Table& table = instance.table(first);
  const uint64_t x = fp[a_of(*pc)], y = fp[b_of(*pc)], size = fp[c_of(*pc)];
  switch (module::op_of(*pc)) {
    case Op::table_grow: {  // {op, result, value, delta} {table}
      const uint64_t before = table.grow(size, y);
      fp[a_of(*pc)] = before == kGrowFailed ? 0xFFFFFFFF : before;
      return kNoTrap;
    }
    case Op::table_fill:
      if (!fits(x, size, table.size())) return TrapKind::kTableOutOfBounds;
      for (uint64_t i = 0; i < size; ++i) table.set(x + i, y);
      return kNoTrap;
    case Op::table_copy: {
      Table& from = instance.table(second);
      if (!fits(x, size, table.size()) || !fits(y, size, from.size())) {
        return TrapKind::kTableOutOfBounds;
      }
      for (uint64_t i = 0; i < size; ++i) {
        const uint64_t k = x <= y ? i : size - 1 - i;
        table.set(x + k, from.get(y + k));
      }
      return kNoTrap;
    }
    default:  // table_init
      return instance.init_table(first, second, x, y, size).value_or(kNoTrap);
  }
}

TrapKind Interpreter::memory_instruction(Thread& thread, const Word* pc, uint64_t* fp) {
  Instance& instance = *thread.instance_;
  const auto first = static_cast<uint32_t>(pc[1]), second = static_cast<uint32_t>(pc[1] >> 32);
  Memory& memory = instance.memory(first);
  const uint64_t x = fp[a_of(*pc)], y = fp[b_of(*pc)], z = fp[c_of(*pc)];
  switch (module::op_of(*pc)) {
    case Op::memory_grow: {  // {op, result, pages} {memory}
      const uint64_t before = memory.grow(operand(memory, y));
      fp[a_of(*pc)] = memory.is_64() ? before : static_cast<uint32_t>(before);
      return kNoTrap;
    }
    case Op::memory_fill: {
      const uint64_t to = operand(memory, x), size = operand(memory, z);
      if (!memory.in_bounds(to, size)) return TrapKind::kMemoryOutOfBounds;
      fill_guest(memory.base() + to, static_cast<uint8_t>(y), size);
      return kNoTrap;
    }
    case Op::memory_copy: {
      Memory& source = instance.memory(second);
      const uint64_t to = operand(memory, x), from = operand(source, y);
      // The size is 64-bit when both memories are.
      const uint64_t size = memory.is_64() ? operand(source, z) : operand(memory, z);
      if (!memory.in_bounds(to, size) || !source.in_bounds(from, size)) {
        return TrapKind::kMemoryOutOfBounds;
      }
      move_in_guest(memory.base() + to, source.base() + from, size);
      return kNoTrap;
    }
    default:  // memory_init
      return instance
          .init_memory(first, second, operand(memory, x), static_cast<uint32_t>(y),
                       static_cast<uint32_t>(z))
          .value_or(kNoTrap);
  }
}

// Bytes of a shared memory are read and written one by one or in chunks: an access may tear.
TrapKind Interpreter::simd_access(Thread& thread, const Word* pc, uint64_t* fp) {
  Memory& memory = thread.instance_->memory(c_of(*pc));
  const bool store = module::op_of(*pc) == Op::simd_store;
  const uint32_t opcode = static_cast<uint8_t>(pc[2]), lane = static_cast<uint8_t>(pc[2] >> 32);
  const uint32_t width = simd_access_width(opcode);
  uint64_t ea = 0;
  if (!effective_address(memory, fp[store ? a_of(*pc) : b_of(*pc)], pc[1], ea) ||
      !memory.in_bounds(ea, width)) {
    return TrapKind::kMemoryOutOfBounds;
  }
  if (store) {
    uint8_t value[16];
    std::memcpy(value, fp + b_of(*pc), 16);
    copy_to_guest(memory.base() + ea, value + lane * width, width);
  } else {
    uint8_t bytes[16];
    copy_from_guest(bytes, memory.base() + ea, width);
    simd_load(opcode, lane, bytes, fp + static_cast<uint16_t>(pc[2] >> 16), fp + a_of(*pc));
  }
  return kNoTrap;
}

Interpreter::Waited Interpreter::wait(Thread& thread, const Word* pc, uint64_t* fp,
                                      TrapKind& trap) {
  Memory& memory = thread.instance_->memory(static_cast<uint32_t>(pc[2] >> 32));
  const bool wide = module::op_of(*pc) == Op::memory_atomic_wait64;
  const uint64_t width = wide ? 8 : 4;
  uint64_t ea = 0;
  const bool representable = effective_address(memory, fp[b_of(*pc)], pc[1], ea);
  trap = kNoTrap;
  if (representable && ea % width != 0) {
    trap = TrapKind::kUnalignedAtomic;
  } else if (!representable || !memory.in_bounds(ea, width)) {
    trap = TrapKind::kMemoryOutOfBounds;
  } else if (!memory.is_shared()) {
    trap = TrapKind::kExpectedShared;
  }
  if (trap != kNoTrap) return Waited::kTrapped;

  const uint64_t expected = fp[c_of(*pc)];
  thread.timeout_ = static_cast<int64_t>(fp[static_cast<uint32_t>(pc[2])]);
  uint8_t* const cell = memory.base() + ea;
  thread.waiter_.queues = &memory.queues();
  const bool enqueued = memory.queues().enqueue_if(thread.waiter_, ea, [&] {
    return wide ? atomic_load<uint64_t>(cell) == expected
                : atomic_load<uint32_t>(cell) == static_cast<uint32_t>(expected);
  });
  uint64_t* const result = fp + a_of(*pc);
  if (enqueued) {
    thread.wait_result_ = result;
    return Waited::kEnqueued;
  }
  thread.waiter_.queues = nullptr;
  *result = 1;
  return Waited::kAnswered;
}

TrapKind Interpreter::notify(Thread& thread, const Word* pc, uint64_t* fp) {
  Memory& memory = thread.instance_->memory(static_cast<uint32_t>(pc[2] >> 32));
  uint64_t ea = 0;
  const bool representable = effective_address(memory, fp[b_of(*pc)], pc[1], ea);
  if (representable && ea % 4 != 0) return TrapKind::kUnalignedAtomic;
  if (!representable || !memory.in_bounds(ea, 4)) return TrapKind::kMemoryOutOfBounds;
  const auto count = static_cast<uint32_t>(fp[c_of(*pc)]);
  fp[a_of(*pc)] = memory.is_shared() ? memory.queues().notify(ea, count) : 0;
  return kNoTrap;
}

}  // namespace weft::machine
