#include "fuzz/program_body.h"

#include <string_view>

#include "fuzz/program_builder.h"

namespace weft::fuzz {

using module::Immediate;
using enum module::ValType;

GeneratedBody Builder::generate() {
  locals_ = type_.params;
  out_.unsigned_leb(2 * kTypes.size());
  for (ValType type : kTypes) {
    out_.unsigned_leb(2);
    out_.type(type);
    locals_.insert(locals_.end(), 2, type);
  }
  first_scratch_ = static_cast<uint32_t>(locals_.size());
  for (ValType type : kTypes) {
    out_.unsigned_leb(1);
    out_.type(type);
  }
  burn(16, !in_.wild());
  statements(kDepth);
  expressions(type_.results, kDepth);
  op(0x0B);
  return {std::move(out_.bytes), stands_in_, written_};
}

std::optional<uint32_t> Builder::pick(const Types& types, ValType type, uint32_t first) {
  std::vector<uint32_t> found;
  for (uint32_t i = first; i < types.size(); ++i) {
    if (types[i] == type) found.push_back(i);
  }
  if (found.empty()) return {};
  return one_of(found);
}

void Builder::leaf(ValType type) {
  const uint32_t kind = in_.below(4);
  if (kind >= 2) return op(0x20, *pick(locals_, type));
  if (kind == 1) {
    if (const auto global = pick(scope_.globals, type, kFuelGlobal + 1)) return op(0x23, *global);
  }
  if (type == kFuncRef && in_.below(4) != 0) {
    return op(0xD2, in_.below(static_cast<uint32_t>(scope_.functions.size())));
  }
  const uint64_t bits = in_.bits(type);
  out_.constant(type, bits, type == kV128 ? in_.bits(type) : 0);
}

// An operand that is prepared, so that the instruction mostly does not trap.
void Builder::instruction(const Instruction& chosen, unsigned depth) {
  const module::OpcodeInfo& info = chosen.info;
  if (access_bytes(info)) {
    access(chosen, depth);
    return settle_nan(chosen.nan);
  }
  const std::string_view operands = info.signature.substr(0, info.signature.find('>'));
  if (chosen.truncates && in_.below(8) != 7) {
    // From an integer of 32 bits: in the range of the result, but for rounding to its bound.
    const bool wide = operands == "F", is_signed = info.name.ends_with("_s");
    expression(kI32, depth);
    op(is_signed ? (wide ? 0xB7 : 0xB2) : (wide ? 0xB8 : 0xB3));
    out_.constant(wide ? kF64 : kF32, wide ? 0x3FE0000000000000u : 0x3F000000u);
    op(wide ? 0xA2 : 0x94);  // mul
  } else {
    for (char letter : operands) expression(type_of(letter), depth);
  }
  if (chosen.divides && !in_.wild()) {
    const bool wide = operands == "II";
    out_.constant(wide ? kI64 : kI32, 1);
    op(wide ? 0x84 : 0x72);  // or
  }
  info.prefix ? prefixed(info.prefix, info.code) : op(info.code);
  if (info.immediate == Immediate::kLane) out_.byte(in_.below(info.argument));
  if (info.immediate == Immediate::kShuffle) {
    for (unsigned i = 0; i < 16; ++i) out_.byte(in_.below(info.argument));
  }
  settle_nan(chosen.nan);
}

// A NaN becomes the positive one whose payload has the highest bit that it had: of the bits of a
// NaN result only that one, which is set, is determined (core spec 4.3.3, nans{}).
void Builder::settle_nan(Instruction::Nan nan) {
  using Nan = Instruction::Nan;
  static constexpr uint64_t kSingle = 0x7FC00000, kDouble = 0x7FF8000000000000u;
  if (nan == Nan::kNone) return;
  const bool single = nan == Nan::kF32 || nan == Nan::kF32x4;
  if (nan == Nan::kF32 || nan == Nan::kF64) {
    const uint32_t value = scratch(single ? kF32 : kF64);
    op(0x22, value);
    op(0x20, value);
    op(single ? 0xBC : 0xBD);  // reinterpret
    out_.constant(single ? kI32 : kI64, single ? kSingle : kDouble);
    op(single ? 0x71 : 0x83);  // and
    op(single ? 0xBE : 0xBF);  // reinterpret
    op(0x20, value), op(0x20, value);
    op(single ? 0x5B : 0x61);  // eq
    return op(0x1B);           // select
  }
  const uint32_t value = scratch(kV128);
  const uint64_t half = single ? kSingle << 32 | kSingle : kDouble;
  op(0x22, value);
  op(0x20, value);
  out_.constant(kV128, half, half);
  prefixed(0xFD, 0x4E);  // v128.and
  op(0x20, value), op(0x20, value);
  prefixed(0xFD, single ? 0x41 : 0x47);  // eq
  prefixed(0xFD, 0x52);                  // v128.bitselect
}

void Builder::select(ValType type, unsigned depth) {
  expression(type, depth);
  expression(type, depth);
  expression(kI32, depth);
  if (place_of(type) < kNumericTypes && in_.below(2) == 0) return op(0x1B);
  op(0x1C, 1);
  out_.type(type);
}

void Builder::expression(ValType type, unsigned depth) {
  if (leaf_only(depth)) return leaf(type);
  --depth;
  Types results;
  switch (in_.below(16)) {
    case 0:
      return leaf(type);
    case 1:
      return structured(0x02, type, depth);
    case 2:
      return structured(0x03, type, depth);
    case 3:
      return structured(0x04, type, depth);
    case 4:
      return select(type, depth);
    case 5:
    case 6:
      if (!call(type, depth, results)) return leaf(type);
      return keep(results, type);
    case 7: {
      expression(type, depth);
      return op(0x22, *pick(locals_, type));
    }
    case 8:
      if (const auto memory = memory_addressed_by(type)) return grow_or_size(*memory, depth);
      break;
    case 9:
      if (type == kI32) return table_i32(depth);
      break;
    default:
      break;
  }
  if (place_of(type) >= kNumericTypes) return table_get(*table_of(type), depth);
  const auto& choices = instructions().giving[place_of(type)];
  instruction(choices[in_.below(static_cast<uint32_t>(choices.size()))], depth);
}

void Builder::statements(unsigned depth) {
  for (uint32_t n = in_.below(4); n > 0; --n) statement(depth);
}

void Builder::statement(unsigned depth) {
  if (leaf_only(depth)) return;
  --depth;
  const ValType type = any_type();
  Types results;
  switch (in_.below(20)) {
    case 0:
      expression(type, depth);
      return op(0x1A);
    case 1:
    case 2:
      expression(type, depth);
      return op(0x21, *pick(locals_, type));
    case 3:
    case 4:
      if (const auto global = pick(scope_.globals, type, kFuelGlobal + 1)) {
        expression(type, depth);
        op(0x24, *global);
      }
      return;
    case 5:
    case 6:
      return bulk(depth);
    case 7:
      return structured(0x02, {}, depth);
    case 8:
      return structured(0x03, {}, depth);
    case 9:
      return structured(0x04, {}, depth);
    case 10:
      return branch(depth);
    case 11:
      return jump(depth);
    case 12:
      if (call({}, depth, results)) keep(results, {});
      return;
    case 13:
      return leave(depth);
    case 14:
    case 15:
      return table_statement(depth);
    case 16:
      op(0x01);  // nop
      // atomic.fence
      if (dialect_ == Dialect::kWhole) prefixed(0xFE, 0x03, {0});
      return;
    default: {
      const auto& stores = instructions().stores;
      return instruction(stores[in_.below(static_cast<uint32_t>(stores.size()))], depth);
    }
  }
}

GeneratedBody generate_body(const ProgramScope& scope, uint32_t index, Dialect dialect,
                            ProgramInput& input) {
  return Builder(scope, index, dialect, input).generate();
}

}  // namespace weft::fuzz
