#include "reference/module/text/fields.h"

namespace weft::module::text {
namespace {

Space no_locals() { return Space{"local"}; }

uint8_t byte(ExternKind kind) { return static_cast<uint8_t>(kind); }

// Flags and numbers of limits; `shared` as the text says behind them.
void limits(Bytes& out, uint64_t min, std::optional<uint64_t> max, bool shared, bool is64) {
  out.push_back(static_cast<uint8_t>((max ? 1 : 0) | (shared ? 2 : 0) | (is64 ? 4 : 0)));
  append_leb(out, min);
  if (max) append_leb(out, *max);
}

bool takes_address_type(Cursor& in) {
  if (in.take_word("i64")) return true;
  in.take_word("i32");
  return false;
}

}  // namespace

void Fields::read(Cursor fields) {
  for (Cursor in = fields; !in.done();) declare(in.list());
  for (Cursor in = fields; !in.done();) {
    Cursor field = in.list();
    const std::string_view word = field.word();
    if (word == "import") {
      import(field);
    } else if (word == "func") {
      function(field);
    } else if (word == "table") {
      table(field);
    } else if (word == "memory") {
      memory(field);
    } else if (word == "global") {
      global(field);
    } else if (word == "export") {
      export_(field);
    } else if (word == "elem") {
      element(field);
    } else if (word == "data") {
      data_segment(field);
    } else if (word == "start") {
      start_function(field);
    }
  }
}

void Fields::declare(Cursor field) {
  const Cursor at = field;
  const std::string_view word = field.word();
  const auto import_comes_first = [&] {
    if (functions.count + tables.count + memories.count + globals.count > 0) {
      at.fail(fmt::format("import after {}", functions.count  ? "function"
                                             : tables.count   ? "table"
                                             : memories.count ? "memory"
                                                              : "global"));
    }
  };
  // Counted here so that imports behind definitions are seen; written by the second pass.
  const auto take = [&](Space& space, Part& part) {
    space.add(field.id(), at);
    while (field.is_list("export")) field.list();
    const bool imported = field.is_list("import");
    if (imported) {
      import_comes_first();
    } else {
      ++part.count;
    }
  };
  if (word == "type") {
    const std::string_view id = field.id();
    if (field.is_list("sub")) field.refuse("GC", "sub");
    if (field.is_list("struct") || field.is_list("array")) field.refuse("GC", "struct or array");
    Cursor func = field.list("func");
    std::vector<std::string_view> names;
    context.types.add(id, at);
    context.function_types.push_back(function_type(func, &names));
    func.finish();
    field.finish();
  } else if (word == "rec") {
    at.refuse("GC", "rec");
  } else if (word == "tag") {
    at.refuse("exception handling", "tag");
  } else if (word == "import") {
    field.name(), field.name();
    Cursor what = field.list();
    field.finish();
    const std::string_view kind = what.word();
    if (kind == "tag") at.refuse("exception handling", "tag");
    Space* space = kind == "func"     ? &context.functions
                   : kind == "table"  ? &context.tables
                   : kind == "memory" ? &context.memories
                   : kind == "global" ? &context.globals
                                      : nullptr;
    if (!space) at.fail(fmt::format("malformed import kind {}", kind));
    import_comes_first();
    space->add(what.id(), at);
  } else if (word == "func") {
    take(context.functions, functions);
  } else if (word == "global") {
    take(context.globals, globals);
  } else if (word == "table") {
    take(context.tables, tables);
    // "(table funcref (elem ...))" defines a segment too.
    if (reference_type_comes(field) && field.peek(1).kind == TokenKind::kOpen) {
      context.elements.add({}, at);
    }
  } else if (word == "memory") {
    take(context.memories, memories);
    takes_address_type(field);
    if (field.is_list("data")) context.data.add({}, at);
  } else if (word == "elem") {
    context.elements.add(field.id(), at);
  } else if (word == "data") {
    context.data.add(field.id(), at);
  } else if (word != "export" && word != "start") {
    at.fail(fmt::format("unexpected token {}", word));
  }
}

void Fields::inline_exports(Cursor& in, ExternKind kind, uint32_t index) {
  while (in.is_list("export")) {
    Cursor one = in.list("export");
    append_name(exports.bytes, one.name());
    one.finish();
    exports.bytes.push_back(byte(kind));
    append_leb(exports.bytes, index);
    ++exports.count;
  }
}

bool Fields::inline_import(Cursor& in, ExternKind kind) {
  if (!in.is_list("import")) return false;
  Cursor one = in.list("import");
  append_name(imports.bytes, one.name());
  append_name(imports.bytes, one.name());
  one.finish();
  imports.bytes.push_back(byte(kind));
  ++imports.count;
  return true;
}

void Fields::table_type(Cursor& in, Bytes& out) {
  if (takes_address_type(in)) in.refuse("memory64's table64", "a table with 64-bit indices");
  const uint64_t min = in.nat(64);
  std::optional<uint64_t> max;
  if (in.is_nat()) max = in.nat(64);
  const ValType type = reference_type(in);
  out.push_back(static_cast<uint8_t>(type));
  limits(out, min, max, false, false);
}

void Fields::memory_type(Cursor& in, Bytes& out) {
  const bool is64 = takes_address_type(in);
  const uint64_t min = in.nat(64);
  std::optional<uint64_t> max;
  if (in.is_nat()) max = in.nat(64);
  const bool shared = in.take_word("shared");
  if (in.is_list("pagesize")) in.refuse("custom page sizes", "pagesize");
  limits(out, min, max, shared, is64);
}

void Fields::global_type(Cursor& in, Bytes& out) {
  if (!in.is_list("mut")) {
    out.push_back(static_cast<uint8_t>(value_type(in)));
    out.push_back(0);
    return;
  }
  Cursor one = in.list("mut");
  out.push_back(static_cast<uint8_t>(value_type(one)));
  out.push_back(1);
  one.finish();
}

Bytes Fields::constant(Cursor in) { return instructions(in, context, no_locals()); }

void Fields::offset(Cursor& in, Bytes& out) {
  if (in.is_list("offset")) return append(out, constant(in.list("offset")));
  append(out, constant(in.folded()));
}

void Fields::import(Cursor in) {
  append_name(imports.bytes, in.name());
  append_name(imports.bytes, in.name());
  Cursor what = in.list();
  const std::string_view kind = what.word();
  what.id();
  ++imports.count;
  if (kind == "func") {
    imports.bytes.push_back(byte(ExternKind::kFunc));
    append_leb(imports.bytes, type_use(what, context, true).type);
    ++next_function_;
  } else if (kind == "table") {
    imports.bytes.push_back(byte(ExternKind::kTable));
    table_type(what, imports.bytes);
    ++next_table_;
  } else if (kind == "memory") {
    imports.bytes.push_back(byte(ExternKind::kMemory));
    memory_type(what, imports.bytes);
    ++next_memory_;
  } else {
    imports.bytes.push_back(byte(ExternKind::kGlobal));
    global_type(what, imports.bytes);
    ++next_global_;
  }
  what.finish();
}

void Fields::function(Cursor in) {
  in.id();
  inline_exports(in, ExternKind::kFunc, next_function_++);
  if (inline_import(in, ExternKind::kFunc)) {
    append_leb(imports.bytes, type_use(in, context, true).type);
    return in.finish();
  }
  const Signature signature = type_use(in, context, true);
  append_leb(functions.bytes, signature.type);
  Space locals = no_locals();
  for (std::string_view name : signature.parameter_names) locals.add(name, in);
  std::vector<std::pair<uint64_t, ValType>> runs;
  while (in.is_list("local")) {
    Cursor one = in.list("local");
    const std::string_view id = one.id();
    if (!id.empty() && one.done()) one.unexpected();
    while (!one.done()) {
      const ValType type = value_type(one);
      locals.add(id, one);
      if (runs.empty() || runs.back().second != type) runs.push_back({0, type});
      ++runs.back().first;
      if (!id.empty()) break;
    }
    one.finish();
  }
  Bytes body;
  append_leb(body, runs.size());
  for (const auto& [count, type] : runs) {
    append_leb(body, count);
    body.push_back(static_cast<uint8_t>(type));
  }
  append(body, instructions(in, context, locals));
  append_leb(code.bytes, body.size());
  append(code.bytes, body);
  ++code.count;
}

void Fields::table(Cursor in) {
  in.id();
  const uint32_t index = next_table_++;
  inline_exports(in, ExternKind::kTable, index);
  if (inline_import(in, ExternKind::kTable)) {
    table_type(in, imports.bytes);
    return in.finish();
  }
  const Cursor at = in;
  if (takes_address_type(in)) at.refuse("memory64's table64", "a table with 64-bit indices");
  if (!reference_type_comes(in) && !in.is_list("ref")) {
    table_type(in, tables.bytes);
    if (in.is(TokenKind::kOpen)) in.refuse("typed function references", "table initialiser");
    return in.finish();
  }
  const ValType type = reference_type(in);
  Cursor list = in.list("elem");
  in.finish();
  // An active segment at 0: with expressions it is one of flags 6, else of flags 2.
  const bool expressions = list.is(TokenKind::kOpen) || type != ValType::kFuncRef;
  elements.bytes.push_back(expressions ? 6 : 2);
  append_leb(elements.bytes, index);
  append(elements.bytes, {0x41, 0x00, 0x0B});
  elements.bytes.push_back(expressions ? static_cast<uint8_t>(type) : 0x00);
  const uint32_t size = element_list(list, elements.bytes, expressions);
  ++elements.count;
  tables.bytes.push_back(static_cast<uint8_t>(type));
  limits(tables.bytes, size, size, false, false);
}

void Fields::memory(Cursor in) {
  in.id();
  const uint32_t index = next_memory_++;
  inline_exports(in, ExternKind::kMemory, index);
  if (inline_import(in, ExternKind::kMemory)) {
    memory_type(in, imports.bytes);
    return in.finish();
  }
  Cursor ahead = in;
  const bool is64 = takes_address_type(ahead);
  if (ahead.is_list("pagesize")) ahead.refuse("custom page sizes", "pagesize");
  if (!ahead.is_list("data")) {
    memory_type(in, memories.bytes);
    return in.finish();
  }
  const Bytes bytes = ahead.list("data").strings();
  ahead.finish();
  const uint64_t pages = (bytes.size() + 65535) / 65536;
  limits(memories.bytes, pages, pages, false, is64);
  append(data.bytes, {0x02});
  append_leb(data.bytes, index);
  append(data.bytes, {static_cast<uint8_t>(is64 ? 0x42 : 0x41), 0x00, 0x0B});
  append_leb(data.bytes, bytes.size());
  append(data.bytes, bytes);
  ++data.count;
}

void Fields::global(Cursor in) {
  in.id();
  inline_exports(in, ExternKind::kGlobal, next_global_++);
  if (inline_import(in, ExternKind::kGlobal)) {
    global_type(in, imports.bytes);
    return in.finish();
  }
  global_type(in, globals.bytes);
  append(globals.bytes, constant(in));
}

void Fields::export_(Cursor in) {
  append_name(exports.bytes, in.name());
  Cursor what = in.list();
  in.finish();
  const Cursor at = what;
  const std::string_view kind = what.word();
  if (kind == "tag") at.refuse("exception handling", "tag");
  const std::pair<const char*, const Space*> kinds[] = {{"func", &context.functions},
                                                        {"table", &context.tables},
                                                        {"memory", &context.memories},
                                                        {"global", &context.globals}};
  for (uint8_t i = 0; i < 4; ++i) {
    if (kind != kinds[i].first) continue;
    exports.bytes.push_back(i);
    append_leb(exports.bytes, kinds[i].second->index(what));
    ++exports.count;
    return what.finish();
  }
  at.fail(fmt::format("malformed export kind {}", kind));
}

uint32_t Fields::element_list(Cursor& in, Bytes& out, bool expressions) {
  Bytes items;
  uint32_t count = 0;
  for (; !in.done(); ++count) {
    if (!expressions) {
      append_leb(items, context.functions.index(in));
    } else if (in.is_list("item")) {
      append(items, constant(in.list("item")));
    } else {
      append(items, constant(in.folded()));
    }
  }
  append_leb(out, count);
  append(out, items);
  return count;
}

void Fields::element(Cursor in) {
  in.id();
  Bytes& out = elements.bytes;
  ++elements.count;
  const bool declared = in.take_word("declare");
  std::optional<uint32_t> table;
  if (in.is_list("table")) {
    Cursor use = in.list("table");
    table = context.tables.index(use);
    use.finish();
  } else if (context.tables.comes(in) && in.peek(1).kind == TokenKind::kOpen) {
    table = context.tables.index(in);  // the form of version 1
  }
  const bool active = table || (in.is(TokenKind::kOpen) && !in.is_list("ref"));
  Bytes at;
  if (active) offset(in, at);
  const bool by_type = reference_type_comes(in) || in.is_list("ref");
  const ValType type = by_type ? reference_type(in) : ValType::kFuncRef;
  const bool func = !by_type && in.take_word("func");
  // Only an active segment may list plain indices without "func".
  if (!by_type && !func && !active) in.unexpected();
  // Binary forms 0 to 7: passive 1, declarative 3, active 2, with expressions + 4.
  out.push_back(static_cast<uint8_t>((active ? 2 : declared ? 3 : 1) | (by_type ? 4 : 0)));
  if (active) append_leb(out, table.value_or(0));
  append(out, at);
  out.push_back(by_type ? static_cast<uint8_t>(type) : 0x00);
  element_list(in, out, by_type);
}

void Fields::data_segment(Cursor in) {
  in.id();
  Bytes& out = data.bytes;
  ++data.count;
  std::optional<uint32_t> memory;
  if (in.is_list("memory")) {
    Cursor use = in.list("memory");
    memory = context.memories.index(use);
    use.finish();
  } else if (context.memories.comes(in)) {
    memory = context.memories.index(in);  // the form of version 1
  }
  if (memory || in.is(TokenKind::kOpen)) {
    out.push_back(2);
    append_leb(out, memory.value_or(0));
    offset(in, out);
  } else {
    out.push_back(1);
  }
  const Bytes bytes = in.strings();
  append_leb(out, bytes.size());
  append(out, bytes);
}

void Fields::start_function(Cursor in) {
  if (start) in.fail("multiple start sections");
  start = context.functions.index(in);
  in.finish();
}

}  // namespace weft::module::text
