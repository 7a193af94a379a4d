// The fields of a module in text, written as the contents of its binary sections (core spec,
// text/modules). Two passes: names of all index spaces first, since a body may use a later one.
// Checks no types.
#pragma once

#include <optional>

#include "reference/module/text/context.h"

namespace weft::module::text {

struct Fields {
  struct Part {
    Bytes bytes;  // the elements of a section's vector
    uint32_t count = 0;
  };

  Context context;
  Part imports, functions, tables, memories, globals, exports, elements, code, data;
  std::optional<uint32_t> start;

  void read(Cursor fields);

 private:
  // First pass.
  void declare(Cursor field);
  // Second pass.
  void import(Cursor in);
  void function(Cursor in);
  void table(Cursor in);
  void memory(Cursor in);
  void global(Cursor in);
  void export_(Cursor in);
  void element(Cursor in);
  void data_segment(Cursor in);
  void start_function(Cursor in);

  // "(export "name")*" in front of a definition.
  void inline_exports(Cursor& in, ExternKind kind, uint32_t index);
  // "(import "m" "n")" in front of a definition: writes the names.
  bool inline_import(Cursor& in, ExternKind kind);
  void table_type(Cursor& in, Bytes& out);
  void memory_type(Cursor& in, Bytes& out);
  void global_type(Cursor& in, Bytes& out);
  // "(offset ...)" or one folded instruction.
  void offset(Cursor& in, Bytes& out);
  // Behind "func" or a reference type, or plain indices: a vector of function indices or of
  // expressions. Returns how many.
  uint32_t element_list(Cursor& in, Bytes& out, bool expressions);
  Bytes constant(Cursor in);

  // Indices of the definitions that the second pass has met.
  uint32_t next_function_ = 0, next_table_ = 0, next_memory_ = 0, next_global_ = 0;
};

}  // namespace weft::module::text
