// What the sections of a generated module hold, in the order in which their choices are read.
#include "fuzz/program_sections.h"

#include <fmt/core.h>

#include "fuzz/program_instructions.h"

namespace weft::fuzz {

using module::FuncType;
using module::ValType;
using enum module::ValType;

namespace {
using Types = std::vector<ValType>;

constexpr uint32_t kMaxPages = 3, kMaxTable = 12;

Types some_types(ProgramInput& in, uint32_t at_most) {
  Types types;
  for (uint32_t n = in.below(at_most + 1); n > 0; --n) {
    types.push_back(some_type(in));
  }
  return types;
}

}  // namespace

uint32_t Sections::add(Added function) {
  added.push_back(std::move(function));
  return static_cast<uint32_t>(scope.functions.size() + bodies + added.size() - 1);
}

void Sections::choose() {
  scope_of_types();
  scope_of_the_rest();
  // Calls before bodies: short inputs have arguments too.
  for (uint32_t i = 0; i < 2 * bodies; ++i) {
    ProgramCall call{fmt::format("e{}", i % bodies), {}};
    for (ValType type : scope.type_of(scope.imported + i % bodies).params) {
      machine::Value value{type, in.bits(type), type == kV128 ? in.bits(type) : 0};
      if (type == kFuncRef || (type == kExternRef && command)) value = machine::Value::null(type);
      if (type == kExternRef) value.low &= 0xFF;  // 0 is null
      call.arguments.push_back(value);
    }
    calls.push_back(std::move(call));
  }
}

Bytes Sections::assemble(std::optional<uint32_t> start) {
  BinaryWriter out{0, 'a', 's', 'm', 1, 0, 0, 0};
  out.section(1, types());
  if (scope.imported) out.section(2, imports());
  out.section(3, functions());
  out.section(4, tables());
  out.section(5, memories());
  out.section(6, globals());
  out.section(7, exports());
  if (start) out.section(8, BinaryWriter{*start});
  out.section(9, elements());
  out.section(12, BinaryWriter{static_cast<unsigned>(data_count())});
  const BinaryWriter segments = data();
  out.section(10, code());
  out.section(11, segments);
  return std::move(out.bytes);
}

void Sections::scope_of_types() {
  const uint32_t signatures = 1 + in.below(3);
  const Types common = some_types(in, 2);
  for (uint32_t i = 0; i < signatures; ++i) {
    FuncType type;
    type.params = some_types(in, 3);
    type.results = in.below(2) ? common : some_types(in, 3);
    scope.types.push_back(std::move(type));
  }
  for (uint32_t i = 0; i < 3; ++i) {  // of blocks
    FuncType type;
    type.params = some_types(in, 2);
    type.results = in.below(4) == 0 ? type.params : some_types(in, 3);
    scope.types.push_back(std::move(type));
  }
  entry_type = static_cast<uint32_t>(scope.types.size());
  scope.types.push_back({});
  host_type = entry_type + 1, hash_type = entry_type + 2;
  scope.types.push_back({{kI32}, {kI32}});
  scope.types.push_back({{}, {kI64}});
  if (in.below(4) == 0 && !command) {
    scope.imported = 1;
    scope.functions.push_back(host_type);
  }
  bodies = 1 + in.below(4);
  for (uint32_t i = 0; i < bodies; ++i) scope.functions.push_back(in.below(signatures));
}

void Sections::scope_of_the_rest() {
  const uint32_t memories = in.below(4) == 0 && !plain ? 2 + in.below(2) : 1;
  for (uint32_t i = 0; i < memories; ++i) {
    const uint8_t kind = in.byte();
    scope.memories.push_back(
        {(kind & 1) != 0 && !command, (kind & 6) == 6 && !(command && i == 0)});
    pages.push_back((kind & 0xF0) == 0xF0 ? 0 : (kind & 0x70) == 0x60 ? 2 : 1);
  }
  scope.tables = {kFuncRef, kExternRef, kFuncRef};
  scope.data = {63, 40};
  const auto functions = static_cast<uint32_t>(scope.functions.size());
  scope.elements = {{kFuncRef, functions}, {kFuncRef, functions}, {kFuncRef, 3},
                    {kFuncRef, functions}, {kExternRef, 3},       {kFuncRef, 0}};
  scope.globals = {kI32, kI64, kV128};
  for (ValType type : some_types(in, 5)) scope.globals.push_back(type);
  const uint8_t kind = in.byte();
  starts = (kind & 7) == 7;
  deep = (kind & 0x78) == 0x78;
}

BinaryWriter Sections::types() const {
  BinaryWriter out;
  out.unsigned_leb(scope.types.size());
  for (const FuncType& type : scope.types) {
    out.byte(0x60);
    out.types(type.params);
    out.types(type.results);
  }
  return out;
}

void Sections::name(BinaryWriter& out, std::string_view text) const {
  out.sized(Bytes(text.begin(), text.end()));
}

BinaryWriter Sections::imports() const {
  BinaryWriter out;
  out.byte(1);
  name(out, kHostModule), name(out, kHostName);
  out.byte(0);
  out.unsigned_leb(host_type);
  return out;
}

BinaryWriter Sections::functions() const {
  BinaryWriter out;
  out.unsigned_leb(2 * bodies + added.size());
  for (uint32_t i = 0; i < 2 * bodies; ++i) {
    out.unsigned_leb(scope.functions[scope.imported + i % bodies]);
  }
  for (const Added& function : added) out.unsigned_leb(function.type);
  return out;
}

BinaryWriter Sections::tables() const {
  BinaryWriter out;
  out.unsigned_leb(scope.tables.size());
  for (ValType type : scope.tables) {
    out.type(type);
    for (unsigned byte : {1u, kTableSize, kMaxTable}) out.byte(byte);
  }
  return out;
}

BinaryWriter Sections::memories() const {
  BinaryWriter out;
  out.unsigned_leb(scope.memories.size());
  for (size_t i = 0; i < pages.size(); ++i) {
    const auto [shared, is64] = scope.memories[i];
    for (unsigned byte : {1u | (shared ? 2u : 0u) | (is64 ? 4u : 0u), pages[i], kMaxPages}) {
      out.byte(byte);
    }
  }
  return out;
}

void Sections::constant(BinaryWriter& out, ValType type) {
  out.constant(type, in.bits(type), type == kV128 ? in.bits(type) : 0);
  if ((type == kI32 || type == kI64) && in.below(4) == 0 && !plain) {
    static constexpr unsigned kOps[2][3] = {{0x6A, 0x6B, 0x6C}, {0x7C, 0x7D, 0x7E}};
    out.constant(type, in.bits(type));
    out.byte(kOps[type == kI64][in.below(3)]);
  }
  out.byte(0x0B);
}

BinaryWriter Sections::globals() {
  BinaryWriter out;
  out.unsigned_leb(scope.globals.size() + command);
  for (size_t i = 0; i < scope.globals.size(); ++i) {
    const ValType type = scope.globals[i];
    out.type(type);
    out.byte(1);  // mutable
    if (type == kFuncRef && in.below(2)) {
      out.byte(0xD2);
      out.unsigned_leb(in.below(static_cast<uint32_t>(scope.functions.size())));
      out.byte(0x0B);
    } else if (i == kFuelGlobal) {
      out.constant(kI32, 0);
      out.byte(0x0B);
    } else {
      constant(out, type);
    }
  }
  if (command) out.append(BinaryWriter{0x7E, 1, 0x42, 0, 0x0B}.bytes);
  return out;
}

BinaryWriter Sections::exports() const {
  std::vector<std::pair<std::string, uint32_t>> named;
  auto index = static_cast<uint32_t>(scope.functions.size());
  for (uint32_t i = 0; i < bodies; ++i) named.emplace_back(fmt::format("e{}", i), index++);
  for (const Added& function : added) {
    if (!function.name.empty()) named.emplace_back(function.name, index);
    ++index;
  }
  BinaryWriter out;
  out.unsigned_leb(named.size() + command);
  for (const auto& [text, function] : named) {
    name(out, text);
    out.byte(0);
    out.unsigned_leb(function);
  }
  if (command) name(out, "memory"), out.append(BinaryWriter{2, 0}.bytes);
  return out;
}

BinaryWriter Sections::elements() const {
  const auto all = static_cast<uint32_t>(scope.functions.size());
  BinaryWriter out;
  out.unsigned_leb(scope.elements.size());
  out.append(BinaryWriter{0, 0x41, 0, 0x0B, all}.bytes);  // active, table 0
  for (uint32_t i = 0; i < all; ++i) out.byte(i);
  out.append(BinaryWriter{2, 2, 0x41, 1, 0x0B, 0, all}.bytes);  // active, table 2, from 1
  for (uint32_t i = all; i-- > 0;) out.byte(i);
  out.append(BinaryWriter{5, 0x70, 3}.bytes);  // passive, expressions
  out.append(BinaryWriter{0xD2, 0, 0x0B, 0xD0, 0x70, 0x0B, 0xD2, all - 1, 0x0B}.bytes);
  out.append(BinaryWriter{1, 0, all}.bytes);  // passive
  for (uint32_t i = 0; i < all; ++i) out.byte(i);
  out.append(BinaryWriter{5, 0x6F, 3}.bytes);
  for (uint32_t i = 0; i < 3; ++i) out.append(BinaryWriter{0xD0, 0x6F, 0x0B}.bytes);
  out.append(BinaryWriter{3, 0, all}.bytes);  // declarative: bodies may name any
  for (uint32_t i = 0; i < all; ++i) out.byte(i);
  return out;
}

BinaryWriter Sections::data() {
  BinaryWriter out;
  std::vector<uint32_t> filled;
  for (uint32_t i = 0; i < pages.size(); ++i) {
    if (pages[i] != 0) filled.push_back(i);
  }
  out.unsigned_leb(scope.data.size() + filled.size());
  for (uint32_t size : scope.data) {
    out.byte(1);
    segment(out, size);
  }
  for (uint32_t memory : filled) {
    // WABT wants the address type of memory 0 for every memory (program_body.h, Dialect).
    const bool is64 = scope.memories[dialect == Dialect::kWabt ? 0 : memory].is64;
    const ValType type = is64 ? kI64 : kI32;
    out.append(BinaryWriter{2, memory}.bytes);
    out.constant(type, in.byte());
    if (!plain) {
      out.constant(type, in.byte());
      out.byte(type == kI64 ? 0x7C : 0x6A);
    }
    out.byte(0x0B);
    segment(out, 100);
  }
  return out;
}

void Sections::segment(BinaryWriter& out, uint32_t size) const {
  Bytes bytes;
  for (uint32_t i = 0; i < size; ++i) bytes.push_back(static_cast<uint8_t>(i * 7 + size));
  out.sized(bytes);
}

size_t Sections::data_count() const {
  size_t count = scope.data.size();
  for (uint32_t size : pages) count += size != 0;
  return count;
}

void Sections::wrapper(BinaryWriter& out, uint32_t index, size_t parameters) const {
  BinaryWriter body{0};  // no locals
  body.constant(kI32, kFuel);
  body.append(BinaryWriter{0x24, kFuelGlobal}.bytes);
  for (uint32_t i = 0; i < parameters; ++i) body.append(BinaryWriter{0x20, i}.bytes);
  body.byte(0x10);
  body.unsigned_leb(index);
  body.byte(0x0B);
  out.sized(body.bytes);
}

BinaryWriter Sections::code() {
  BinaryWriter out;
  out.unsigned_leb(2 * bodies + added.size());
  for (uint32_t i = 0; i < bodies; ++i) {
    const GeneratedBody body = generate_body(scope, scope.imported + i, dialect, in);
    stands_in |= body.stands_in;
    written.plain |= body.written.plain;
    written.atomic |= body.written.atomic;
    out.sized(body.bytes);
  }
  for (uint32_t i = scope.imported; i < scope.functions.size(); ++i) {
    wrapper(out, i, scope.type_of(i).params.size());
  }
  for (const Added& function : added) out.sized(function.body);
  return out;
}

}  // namespace weft::fuzz
