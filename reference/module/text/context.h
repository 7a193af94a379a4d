// What the reader of text knows of a module while it reads: index spaces with their names, types,
// and the bytes written so far. Knows no tokens of bodies.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "reference/module/module.h"
#include "reference/module/text/cursor.h"

namespace weft::module::text {

void append(Bytes& out, const Bytes& bytes);
void append_leb(Bytes& out, uint64_t value);
void append_signed_leb(Bytes& out, int64_t value);
void append_name(Bytes& out, std::string_view name);

// An index space: how many there are and which have names.
struct Space {
  const char* what;
  uint32_t size = 0;
  std::map<std::string_view, uint32_t> names = {};

  // The next index, under `id` unless that is empty.
  uint32_t add(std::string_view id, const Cursor& at);
  // An index or identifier that must come.
  uint32_t index(Cursor& in) const;
  bool comes(const Cursor& in) const { return in.is(TokenKind::kId) || in.is_nat(); }
  // 0 when none comes.
  uint32_t index_or_zero(Cursor& in) const { return comes(in) ? index(in) : 0; }
};

struct Signature {
  uint32_t type = 0;
  std::vector<std::string_view> parameter_names;  // "" where there is none
};

struct Context {
  Space types{"type"}, functions{"function"}, tables{"table"}, memories{"memory"},
      globals{"global"}, elements{"elem segment"}, data{"data segment"};
  std::vector<FuncType> function_types;  // the type index space; those implied come last
  bool uses_data_count = false;

  uint32_t type_index(const FuncType& type);
};

ValType value_type(Cursor& in);
bool reference_type_comes(const Cursor& in);
ValType reference_type(Cursor& in);
// "(param ...)* (result ...)*", and the names of parameters where they are allowed.
FuncType function_type(Cursor& in, std::vector<std::string_view>* names);
// "(type x)? (param ...)* (result ...)*": a type that is not there yet is added.
Signature type_use(Cursor& in, Context& context, bool names_allowed);

// Instructions from `in` to its end, and the final `end`, as bytes. `locals` name the parameters
// and locals of the function.
Bytes instructions(Cursor in, Context& context, const Space& locals);

}  // namespace weft::module::text
