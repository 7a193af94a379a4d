#include "reference/module/text/module_text.h"

#include "reference/module/text/fields.h"

namespace weft::module::text {
namespace {

// "(module $id? binary "..."*)" and "(module $id? quote "..."*)" are forms of scripts.
Bytes one_module(std::string_view source, bool debug_names) {
  const std::vector<Token> tokens = tokenize(source);
  Cursor in(tokens, 0, tokens.size());
  if (!in.is_list("module")) return module_fields(in, debug_names);
  Cursor fields = in.list("module");
  in.finish();
  fields.id();
  if (fields.take_word("binary")) return fields.strings();
  return module_fields(fields, debug_names);
}

void section(Bytes& out, uint8_t id, uint32_t count, const Bytes& content) {
  if (count == 0) return;
  Bytes number;
  append_leb(number, count);
  out.push_back(id);
  append_leb(out, number.size() + content.size());
  append(out, number);
  append(out, content);
}

// Names of functions, in the order of their indices (core spec, appendix "Name Section").
void name_section(Bytes& out, const Space& functions) {
  std::map<uint32_t, std::string_view> names;
  for (const auto& [id, index] : functions.names) names.emplace(index, id.substr(1));
  Bytes entries, content;
  append_leb(entries, names.size());
  for (const auto& [index, name] : names) {
    append_leb(entries, index);
    append_name(entries, name);
  }
  append_name(content, "name");
  content.push_back(1);
  append_leb(content, entries.size());
  append(content, entries);
  out.push_back(0);
  append_leb(out, content.size());
  append(out, content);
}

}  // namespace

Bytes module_fields(Cursor fields, bool debug_names) {
  Fields module;
  module.read(fields);
  Bytes types;
  for (const FuncType& type : module.context.function_types) {
    types.push_back(0x60);
    for (const auto* list : {&type.params, &type.results}) {
      append_leb(types, list->size());
      for (ValType one : *list) types.push_back(static_cast<uint8_t>(one));
    }
  }
  Bytes out{0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00};
  section(out, 1, static_cast<uint32_t>(module.context.function_types.size()), types);
  for (const auto& [id, part] : {std::pair{2, &module.imports},
                                 {3, &module.functions},
                                 {4, &module.tables},
                                 {5, &module.memories},
                                 {6, &module.globals},
                                 {7, &module.exports}}) {
    section(out, static_cast<uint8_t>(id), part->count, part->bytes);
  }
  if (module.start) {
    Bytes index;
    append_leb(index, *module.start);
    out.push_back(8);
    append_leb(out, index.size());
    append(out, index);
  }
  section(out, 9, module.elements.count, module.elements.bytes);
  if (module.context.uses_data_count) {
    Bytes count;
    append_leb(count, module.data.count);
    out.push_back(12);
    append_leb(out, count.size());
    append(out, count);
  }
  section(out, 10, module.code.count, module.code.bytes);
  section(out, 11, module.data.count, module.data.bytes);
  if (debug_names) name_section(out, module.context.functions);
  return out;
}

tl::expected<Bytes, TextError> assemble_text(std::string_view source, const std::string& name,
                                             bool debug_names) {
  try {
    return one_module(source, debug_names);
  } catch (const SyntaxError& error) {
    const Place place = place_of(source, error.offset);
    return tl::unexpected(TextError{
        fmt::format("{}:{}:{}: {}", name, place.line, place.column, error.message), error.refused});
  }
}

}  // namespace weft::module::text
