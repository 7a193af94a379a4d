#include "reference/module/text/context.h"

#include <algorithm>

namespace weft::module::text {

void append(Bytes& out, const Bytes& bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

void append_leb(Bytes& out, uint64_t value) {
  do {
    const auto low = static_cast<uint8_t>(value & 0x7F);
    value >>= 7;
    out.push_back(static_cast<uint8_t>(low | (value ? 0x80 : 0)));
  } while (value);
}

void append_signed_leb(Bytes& out, int64_t value) {
  for (;;) {
    const auto low = static_cast<uint8_t>(value & 0x7F);
    value >>= 7;
    if ((value == 0 && !(low & 0x40)) || (value == -1 && (low & 0x40))) {
      out.push_back(low);
      return;
    }
    out.push_back(low | 0x80);
  }
}

void append_name(Bytes& out, std::string_view name) {
  append_leb(out, name.size());
  out.insert(out.end(), name.begin(), name.end());
}

uint32_t Space::add(std::string_view id, const Cursor& at) {
  if (!id.empty() && !names.emplace(id, size).second) {
    at.fail(fmt::format("duplicate {} {}", what, id));
  }
  return size++;
}

uint32_t Space::index(Cursor& in) const {
  if (!in.is(TokenKind::kId)) return static_cast<uint32_t>(in.nat(32));
  const auto found = names.find(in.peek().text);
  if (found == names.end()) in.fail(fmt::format("unknown {} {}", what, in.peek().text));
  in.next();
  return found->second;
}

uint32_t Context::type_index(const FuncType& type) {
  const auto found = std::find(function_types.begin(), function_types.end(), type);
  if (found != function_types.end()) {
    return static_cast<uint32_t>(found - function_types.begin());
  }
  function_types.push_back(type);
  return static_cast<uint32_t>(function_types.size() - 1);
}

namespace {

struct Named {
  std::string_view word;
  ValType type;
};
constexpr Named kTypes[] = {
    {"i32", ValType::kI32},
    {"i64", ValType::kI64},
    {"f32", ValType::kF32},
    {"f64", ValType::kF64},
    {"v128", ValType::kV128},
    {"funcref", ValType::kFuncRef},
    {"externref", ValType::kExternRef},
};

void refuse_other_reference(const Cursor& in) {
  if (in.is_list("ref")) in.refuse("typed function references", "(ref ...)");
  if (in.is_word("exnref") || in.is_word("nullexnref")) {
    in.refuse("exception handling", in.peek().text);
  }
  for (const char* word : {"anyref", "eqref", "i31ref", "structref", "arrayref", "nullref",
                           "nullfuncref", "nullexternref"}) {
    if (in.is_word(word)) in.refuse("GC", word);
  }
}

}  // namespace

ValType value_type(Cursor& in) {
  for (const Named& one : kTypes) {
    if (in.take_word(one.word)) return one.type;
  }
  refuse_other_reference(in);
  in.unexpected();
}

bool reference_type_comes(const Cursor& in) {
  return in.is_word("funcref") || in.is_word("externref");
}

ValType reference_type(Cursor& in) {
  if (in.take_word("funcref")) return ValType::kFuncRef;
  if (in.take_word("externref")) return ValType::kExternRef;
  refuse_other_reference(in);
  in.unexpected();
}

FuncType function_type(Cursor& in, std::vector<std::string_view>* names) {
  FuncType type;
  while (in.is_list("param")) {
    Cursor one = in.list("param");
    const std::string_view id = names ? one.id() : std::string_view();
    if (!id.empty() && one.done()) one.unexpected();
    do {
      if (one.done()) break;
      type.params.push_back(value_type(one));
      if (names) names->push_back(id);
    } while (id.empty());
    one.finish();
  }
  while (in.is_list("result")) {
    Cursor one = in.list("result");
    while (!one.done()) type.results.push_back(value_type(one));
  }
  return type;
}

Signature type_use(Cursor& in, Context& context, bool names_allowed) {
  Signature out;
  auto* names = names_allowed ? &out.parameter_names : nullptr;
  if (!in.is_list("type")) {
    out.type = context.type_index(function_type(in, names));
    return out;
  }
  Cursor use = in.list("type");
  out.type = context.types.index(use);
  use.finish();
  const Cursor at = in;
  const bool inline_type = in.is_list("param") || in.is_list("result");
  const FuncType type = function_type(in, names);
  const bool known = out.type < context.types.size;
  if (inline_type) {
    if (!known) at.fail(fmt::format("unknown type {}", out.type));
    if (type != context.function_types[out.type]) at.fail("inline function type");
  } else if (known && names) {
    names->resize(context.function_types[out.type].params.size());
  }
  return out;
}

}  // namespace weft::module::text
