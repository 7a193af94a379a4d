// A module in the text format to its binary, by a reader of ours: for text that is not ours (WABT
// aborts on some of it), and for scripts. Takes what decode.h takes; checks no types.
#pragma once

#include "reference/base/expected.h"
#include "reference/base/files.h"
#include "reference/module/text/cursor.h"

namespace weft::module::text {

// One module: "(module ...)", or its fields alone. Errors carry `name:line:column`; `refused` is
// set when the text needs a proposal that weft does not take. Safe for any input: time and memory
// are linear in its size, and no nesting exhausts the stack.
struct TextError {
  std::string message;
  bool refused = false;
};
// `debug_names`: with a name section that keeps the identifiers of functions.
tl::expected<Bytes, TextError> assemble_text(std::string_view source, const std::string& name,
                                             bool debug_names = false);

// The fields of a module, for readers of scripts: `fields` stands behind "(module $id". Throws
// SyntaxError.
Bytes module_fields(Cursor fields, bool debug_names = false);

// How a constant of v128 may be written: as lanes of integers or floats.
struct LaneShape {
  std::string_view name;
  unsigned lanes, bits;
  bool is_float;
};
inline constexpr LaneShape kLaneShapes[] = {{"i8x16", 16, 8, false}, {"i16x8", 8, 16, false},
                                            {"i32x4", 4, 32, false}, {"i64x2", 2, 64, false},
                                            {"f32x4", 4, 32, true},  {"f64x2", 2, 64, true}};
// "i32x4 1 2 3 4" and its like: 16 bytes. Throws SyntaxError.
Bytes v128_literal(Cursor& in);

}  // namespace weft::module::text
