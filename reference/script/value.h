// Constants and expected results of specification scripts: "(i32.const 1)", "nan:canonical",
// "(ref.extern 1)", "(either ...)". Knows values, not how they come about.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "reference/machine/value.h"
#include "reference/module/text/cursor.h"

namespace weft::script {

// One lane, or one number, of an expected result.
struct LanePattern {
  enum class Kind : uint8_t { kBits, kCanonicalNan, kArithmeticNan } kind = Kind::kBits;
  uint64_t bits = 0;
};

struct Pattern {
  enum class Kind : uint8_t {
    kNumber,  // `lanes` of `lane_bits` each; one lane unless v128
    kValue,   // exactly `value`: references
    kAnyRef,  // a reference of this type that is not null
    kNull,    // any null reference
    kEither,
  } kind = Kind::kNumber;
  machine::Value value;  // kNumber: only the type
  unsigned lane_bits = 0;
  std::vector<LanePattern> lanes;
  std::vector<Pattern> alternatives;
  std::string text;  // as the script has it
};

// "(i32.const 1)" and so on, as arguments. Throws SyntaxError, with `refused` for references of
// proposals that weft does not take.
machine::Value parse_constant(module::text::Cursor& in);
Pattern parse_result(module::text::Cursor& in);

bool matches(const Pattern& pattern, const machine::Value& value);

}  // namespace weft::script
