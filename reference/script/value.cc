#include "reference/script/value.h"

#include <algorithm>

#include "reference/module/text/module_text.h"

namespace weft::script {
namespace {

using machine::Value;
using module::ValType;
using module::text::Cursor;
using module::text::TokenKind;

LanePattern lane(Cursor& in, unsigned bits, bool is_float) {
  if (is_float && in.take_word("nan:canonical")) return {LanePattern::Kind::kCanonicalNan};
  if (is_float && in.take_word("nan:arithmetic")) return {LanePattern::Kind::kArithmeticNan};
  LanePattern out;
  out.bits = !is_float ? in.integer(bits) : bits == 32 ? in.f32() : in.f64();
  return out;
}

Pattern number(Cursor& in, ValType type, unsigned bits, bool is_float) {
  Pattern out;
  out.value.type = type;
  out.lane_bits = bits;
  out.lanes.push_back(lane(in, bits, is_float));
  return out;
}

Pattern vector(Cursor& in) {
  for (const module::text::LaneShape& shape : module::text::kLaneShapes) {
    if (!in.take_word(shape.name)) continue;
    Pattern out;
    out.value.type = ValType::kV128;
    out.lane_bits = shape.bits;
    for (unsigned i = 0; i < shape.lanes; ++i) {
      out.lanes.push_back(lane(in, shape.bits, shape.is_float));
    }
    return out;
  }
  in.unexpected();
}

Pattern reference(std::string_view word, Cursor& in, const Cursor& at) {
  Pattern out;
  out.kind = Pattern::Kind::kValue;
  if (word == "ref.null") {
    if (in.done()) {
      out.kind = Pattern::Kind::kNull;
    } else if (in.take_word("func")) {
      out.value = Value::null(ValType::kFuncRef);
    } else if (in.take_word("extern")) {
      out.value = Value::null(ValType::kExternRef);
    } else {
      at.refuse("GC", fmt::format("ref.null {}", in.peek().text));
    }
    return out;
  }
  if (word == "ref.extern" || word == "ref.func") {
    out.value.type = word == "ref.func" ? ValType::kFuncRef : ValType::kExternRef;
    if (in.done()) {
      out.kind = Pattern::Kind::kAnyRef;
    } else {
      out.value = Value::externref(in.nat(63));
    }
    return out;
  }
  at.refuse("GC", word);
}

uint64_t lane_of(const Value& value, unsigned bits, size_t i) {
  const size_t bit = i * bits;
  const uint64_t half = bit < 64 ? value.low : value.high;
  return bits == 64 ? half : half >> (bit % 64) & ((uint64_t{1} << bits) - 1);
}

bool matches_lane(const LanePattern& pattern, uint64_t bits, unsigned width) {
  if (pattern.kind == LanePattern::Kind::kBits) return pattern.bits == bits;
  const uint64_t canonical = width == 32 ? 0x7FC00000 : 0x7FF8000000000000;
  const uint64_t sign = uint64_t{1} << (width - 1);
  // Canonical: only the first payload bit, any sign. Arithmetic: at least that bit (core spec,
  // syntax/values).
  if (pattern.kind == LanePattern::Kind::kCanonicalNan) return (bits & ~sign) == canonical;
  return (bits & canonical) == canonical;
}

}  // namespace

Value parse_constant(Cursor& in) {
  const Cursor at = in;
  const Pattern pattern = parse_result(in);
  if (pattern.kind == Pattern::Kind::kValue) return pattern.value;
  if (pattern.kind != Pattern::Kind::kNumber) at.unexpected();
  Value value = pattern.value;
  for (size_t i = 0; i < pattern.lanes.size(); ++i) {
    if (pattern.lanes[i].kind != LanePattern::Kind::kBits) at.unexpected();
    const size_t bit = i * pattern.lane_bits;
    (bit < 64 ? value.low : value.high) |= pattern.lanes[i].bits << (bit % 64);
  }
  return value;
}

Pattern parse_result(Cursor& in) {
  const Cursor at = in;
  if (!in.is(TokenKind::kOpen)) in.unexpected();
  const auto& last = in.tokens()[in.peek().match];
  const char* begin = in.peek().text.data();
  Cursor list = in.list();
  const std::string_view word = list.word();
  Pattern out;
  if (word == "i32.const") {
    out = number(list, ValType::kI32, 32, false);
  } else if (word == "i64.const") {
    out = number(list, ValType::kI64, 64, false);
  } else if (word == "f32.const") {
    out = number(list, ValType::kF32, 32, true);
  } else if (word == "f64.const") {
    out = number(list, ValType::kF64, 64, true);
  } else if (word == "v128.const") {
    out = vector(list);
  } else if (word == "either") {
    out.kind = Pattern::Kind::kEither;
    do {
      out.alternatives.push_back(parse_result(list));
    } while (!list.done());
  } else if (word.starts_with("ref.")) {
    out = reference(word, list, at);
  } else {
    at.fail(fmt::format("unknown result {}", word));
  }
  list.finish();
  out.text = std::string(begin, last.text.data() + last.text.size());
  return out;
}

bool matches(const Pattern& pattern, const Value& value) {
  switch (pattern.kind) {
    case Pattern::Kind::kEither:
      return std::ranges::any_of(pattern.alternatives,
                                 [&](const Pattern& one) { return matches(one, value); });
    case Pattern::Kind::kNull:
      return (value.type == ValType::kFuncRef || value.type == ValType::kExternRef) &&
             value.is_null();
    case Pattern::Kind::kAnyRef:
      return value.type == pattern.value.type && !value.is_null();
    case Pattern::Kind::kValue:
      return value == pattern.value;
    case Pattern::Kind::kNumber:
      break;
  }
  if (value.type != pattern.value.type) return false;
  for (size_t i = 0; i < pattern.lanes.size(); ++i) {
    if (!matches_lane(pattern.lanes[i], lane_of(value, pattern.lane_bits, i), pattern.lane_bits)) {
      return false;
    }
  }
  return true;
}

}  // namespace weft::script
