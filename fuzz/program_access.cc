// Memories in generated bodies: loads, stores, atomic accesses, wait and notify, bulk memory.
#include "fuzz/program_builder.h"

namespace weft::fuzz {

using module::Immediate;
using enum module::ValType;

std::optional<uint32_t> Builder::memory_addressed_by(ValType type) {
  std::vector<uint32_t> found;
  for (uint32_t i = 0; i < scope_.memories.size(); ++i) {
    if (address_type(i) == type) found.push_back(i);
  }
  if (found.empty()) return {};
  return one_of(found);
}

void Builder::masked(ValType type, uint64_t mask, unsigned depth) {
  expression(type, depth);
  if (in_.wild()) return;
  out_.constant(type, mask);
  op(type == kI64 ? 0x83 : 0x71);  // and
}

void Builder::access(const Instruction& chosen, unsigned depth) {
  const module::OpcodeInfo& info = chosen.info;
  const uint32_t memory = any_memory();
  const ValType type = address_type(memory);
  const bool atomic = info.immediate == Immediate::kAtomicArg;
  if (atomic && info.code <= 0x02) return wait_or_notify(chosen, memory, depth);

  uint64_t offset = 0;
  switch (in_.below(16)) {
    case 0:
    case 1:
    case 2:
      offset = in_.byte() * 8;
      break;
    case 3:
    case 4:
      offset = atomic ? in_.byte() & ~7u : in_.byte();
      break;
    case 5:  // at the end of a page
      offset = in_.wild() ? 0xFFF0 + in_.below(32) : in_.byte() * 16;
      break;
    case 6:
      if (in_.wild()) offset = in_.raw(scope_.memories[memory].is64 ? 8 : 4);
      break;
    default:
      break;
  }
  for (char letter : info.signature.substr(0, info.signature.find('>'))) {
    if (letter != 'p') {
      expression(type_of(letter), depth);
      continue;
    }
    static constexpr uint64_t kMasks[] = {0x38, 0x3F, 0xF8, 0xFF, 0x7FF8, 0xFC, 0x7FFF, 0xEFFF};
    uint64_t mask = kMasks[in_.below(8)];
    if (atomic && !in_.wild()) mask &= ~uint64_t{7};
    masked(type, mask, depth);
  }
  const bool far = dialect_ == Dialect::kWabt && offset > 0xFFFFFFFF;
  stands_in_ |= far;
  if (far) op(0x00), offset = 0;  // the access behind it is never met
  info.prefix ? prefixed(info.prefix, info.code) : op(info.code);
  const uint32_t align = atomic ? info.argument : in_.below(info.argument + 1u);
  // Bit 6: the index of the memory follows (3.0, binary/instructions, memarg).
  if (memory != 0) {
    out_.unsigned_leb(align | 0x40);
    out_.unsigned_leb(memory);
  } else {
    out_.unsigned_leb(align);
  }
  out_.unsigned_leb(offset);
  if (info.immediate == Immediate::kMemArgLane) out_.byte(in_.below(16u >> info.argument));
}

// One thread: whoever waits with an equal value is timed out, and nobody is notified. The timeout
// is not negative, so a wait ends.
void Builder::wait_or_notify(const Instruction& chosen, uint32_t memory, unsigned depth) {
  const module::OpcodeInfo& info = chosen.info;
  const bool notify = info.code == 0, wide = info.code == 2;
  const ValType expected = wide ? kI64 : kI32;
  if (!notify && !scope_.memories[memory].shared && !in_.wild()) return expression(kI32, depth);
  masked(address_type(memory), 0xF8, depth);
  expression(expected, depth);  // notify: the count
  if (!notify) {
    expression(kI64, depth);
    out_.constant(kI64, 1);
    op(0x88);  // i64.shr_u
  }
  const uint32_t offset = in_.below(4) == 0 ? in_.byte() & ~7u : 0;
  const auto memarg = [&] {
    out_.unsigned_leb(info.argument | (memory != 0 ? 0x40u : 0u));
    if (memory != 0) out_.unsigned_leb(memory);
    out_.unsigned_leb(offset);
  };
  if (dialect_ == Dialect::kWhole) {
    prefixed(info.prefix, info.code);
    return memarg();
  }
  if (!notify) op(0x1A);
  op(0x21, scratch(expected));
  prefixed(0xFE, wide ? 0x11 : 0x10);  // atomic.load
  memarg();
  if (notify) return op(0x1A), i32_const(0);
  if (!scope_.memories[memory].shared) {
    stands_in_ = true;
    return op(0x1A), op(0x00);
  }
  op(0x20, scratch(expected));
  op(wide ? 0x51 : 0x46);  // eq
  op(0x21, scratch(kI32));
  i32_const(2), i32_const(1);
  op(0x20, scratch(kI32));
  op(0x1B);
}

void Builder::grow_or_size(uint32_t memory, unsigned depth) {
  const bool grow = in_.below(2) != 0;
  if (grow) masked(address_type(memory), 1, depth);
  op(grow ? 0x40 : 0x3F, memory);
}

void Builder::bulk(unsigned depth) {
  static constexpr uint64_t kAddresses = 0x7FFF, kSizes = 0x1FF;
  const uint32_t memory = any_memory();
  const ValType type = address_type(memory);
  const auto segment = in_.below(static_cast<uint32_t>(scope_.data.size()));
  switch (in_.below(8)) {
    case 0:
      return prefixed(0xFC, 0x09, {segment});  // data.drop
    case 1:
    case 2:
      masked(type, kAddresses, depth);
      masked(kI32, 15, depth);
      masked(kI32, 15, depth);
      return prefixed(0xFC, 0x08, {segment, memory});  // memory.init
    case 3:
    case 4:
    case 5: {
      const uint32_t source = any_memory();
      const ValType from = address_type(source);
      masked(type, kAddresses, depth);
      masked(from, in_.below(2) ? kAddresses : 0xFF, depth);
      masked(type == kI64 && from == kI64 ? kI64 : kI32, kSizes, depth);
      return prefixed(0xFC, 0x0A, {memory, source});  // memory.copy
    }
    default:
      masked(type, kAddresses, depth);
      expression(kI32, depth);
      masked(type, kSizes, depth);
      return prefixed(0xFC, 0x0B, {memory});  // memory.fill
  }
}

}  // namespace weft::fuzz
