// Lowering of numeric instructions: constants become immediates, comparisons stay where a branch
// can pick them up.
#include "reference/module/lower_function.h"

namespace weft::module {
namespace {

// The C++ types of numeric.def as value types.
constexpr ValType u32 = ValType::kI32, s32 = ValType::kI32, u64 = ValType::kI64,
                  s64 = ValType::kI64, f32 = ValType::kF32, f64 = ValType::kF64;

// The comparison that is true where this one is false.
std::optional<Op> inverse_of(Op op) {
  switch (op) {
#define INT_COMPARE(opcode, name, type, expression, inverse, mirror) \
  case Op::name:                                                     \
    return Op::inverse;                                              \
  case Op::name##_i:                                                 \
    return Op::inverse##_i;
#include "reference/module/numeric.def"
    default:
      return std::nullopt;
  }
}

// f32.abs and the like are written on bits in numeric.def; only the size of a result matters here.
}  // namespace

bool FunctionLowering::numeric(uint32_t opcode) {
  switch (opcode) {
    case 0x45:
      equals_zero(ValType::kI32);
      return true;
    case 0x50:
      equals_zero(ValType::kI64);
      return true;
    case 0xBC:  // reinterpretations: the bits stay where they are
    case 0xBD:
    case 0xBE:
    case 0xBF:
      return true;
#define INT_COMPARE(opcode, name, type, expression, inverse, mirror) \
  case opcode:                                                       \
    compare(Op::name, Op::name##_i, Op::mirror##_i);                 \
    return true;
#define FLOAT_COMPARE(opcode, name, type, expression)       \
  case opcode: {                                            \
    const Operand y = pop(), x = pop();                     \
    const uint32_t second = slot_of(y), first = slot_of(x); \
    emit_result(Op::name, ValType::kI32, first, second);    \
    return true;                                            \
  }
#define BINARY(opcode, name, type, expression, commutes) \
  case opcode:                                           \
    binary(Op::name, Op::name##_i, type, commutes);      \
    return true;
#define DIVISION(opcode, name, type, trap, expression) \
  case opcode:                                         \
    binary(Op::name, Op::name##_i, type, false);       \
    return true;
#define UNARY(opcode, name, from, to, expression) \
  case opcode:                                    \
    unary(Op::name, to);                          \
    return true;
#define TRUNCATE(opcode, name, from, to) \
  case opcode:                           \
    unary(Op::name, to);                 \
    return true;
#include "reference/module/numeric.def"
    default:
      return false;
  }
}

void FunctionLowering::binary(Op op, Op with_constant, ValType result, bool commutes) {
  Operand y = pop(), x = pop();
  if (commutes && x.kind == Operand::Kind::kConst && y.kind != Operand::Kind::kConst) {
    std::swap(x, y);
  }
  if (y.kind == Operand::Kind::kConst) {
    const uint32_t first = slot_of(x);
    emit_result(with_constant, result, first);
    append(y.low);
    return;
  }
  const uint32_t first = slot_of(x), second = slot_of(y);
  emit_result(op, result, first, second);
}

void FunctionLowering::compare(Op op, Op with_constant, Op mirror_with_constant) {
  const Operand y = pop(), x = pop();
  if (y.kind == Operand::Kind::kConst) {
    const uint32_t first = slot_of(x);
    emit_result(with_constant, ValType::kI32, first);
    append(y.low);
  } else if (x.kind == Operand::Kind::kConst) {
    const uint32_t second = slot_of(y);
    emit_result(mirror_with_constant, ValType::kI32, second);
    append(x.low);
  } else {
    const uint32_t first = slot_of(x), second = slot_of(y);
    emit_result(op, ValType::kI32, first, second);
  }
}

void FunctionLowering::unary(Op op, ValType result) {
  const uint32_t from = slot_of(pop());
  emit_result(op, result, from);
}

void FunctionLowering::equals_zero(ValType operand) {
  const Operand x = pop();
  if (x.kind == Operand::Kind::kSlot && last_ != kNone && last_result_ == x.own) {
    if (const auto inverse = inverse_of(op_of(code_.words[last_]))) {
      Word& word = code_.words[last_];
      word = (word & ~Word{0xFFFF}) | static_cast<Word>(*inverse);
      push_slot(ValType::kI32);
      return;
    }
  }
  const uint32_t from = slot_of(x);
  emit_result(operand == ValType::kI32 ? Op::i32_eq_i : Op::i64_eq_i, ValType::kI32, from);
  append(0);
}

}  // namespace weft::module
