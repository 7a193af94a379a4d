#include "fuzz/program_generator.h"

#include <fmt/core.h>

#include "fuzz/program_body.h"
#include "fuzz/program_input.h"
#include "fuzz/program_instructions.h"
#include "fuzz/program_writer.h"

namespace weft::fuzz {
namespace {

using module::FuncType;
using module::ValType;
using enum module::ValType;
using Types = std::vector<ValType>;

constexpr uint32_t kMaxPages = 3, kMaxTable = 12;

Types some_types(ProgramInput& in, uint32_t at_most) {
  Types types;
  for (uint32_t n = in.below(at_most + 1); n > 0; --n) {
    types.push_back(some_type(in));
  }
  return types;
}

// The sections of a module, in the making. Function indices: the host's if it is imported, the
// bodies, as many exported wrappers, `deep`, the start function.
struct Sections {
  ProgramInput& in;
  Dialect dialect;
  ProgramScope scope;
  uint32_t bodies = 0, entry_type = 0;
  bool starts = false, deep = false, stands_in = false;
  std::vector<uint32_t> pages;
  WrittenOpcodes written;

  void scope_of_types() {
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
    scope.types.push_back({{kI32}, {kI32}});
    if (in.below(4) == 0) {
      scope.imported = 1;
      scope.functions.push_back(entry_type + 1);
    }
    bodies = 1 + in.below(4);
    for (uint32_t i = 0; i < bodies; ++i) scope.functions.push_back(in.below(signatures));
  }

  void scope_of_the_rest() {
    const uint32_t memories = in.below(4) == 0 ? 2 + in.below(2) : 1;
    for (uint32_t i = 0; i < memories; ++i) {
      const uint8_t kind = in.byte();
      scope.memories.push_back({(kind & 1) != 0, (kind & 6) == 6});
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

  BinaryWriter types() const {
    BinaryWriter out;
    out.unsigned_leb(scope.types.size());
    for (const FuncType& type : scope.types) {
      out.byte(0x60);
      out.types(type.params);
      out.types(type.results);
    }
    return out;
  }
  void name(BinaryWriter& out, std::string_view text) const {
    out.sized(Bytes(text.begin(), text.end()));
  }
  BinaryWriter imports() const {
    BinaryWriter out;
    out.byte(1);
    name(out, kHostModule), name(out, kHostName);
    out.byte(0);
    out.unsigned_leb(entry_type + 1);
    return out;
  }
  BinaryWriter functions() const {
    BinaryWriter out;
    out.unsigned_leb(2 * bodies + deep + starts);
    for (uint32_t i = 0; i < 2 * bodies; ++i) {
      out.unsigned_leb(scope.functions[scope.imported + i % bodies]);
    }
    for (uint32_t i = 0; i < uint32_t{deep} + starts; ++i) out.unsigned_leb(entry_type);
    return out;
  }
  BinaryWriter tables() const {
    BinaryWriter out;
    out.unsigned_leb(scope.tables.size());
    for (ValType type : scope.tables) {
      out.type(type);
      for (unsigned byte : {1u, kTableSize, kMaxTable}) out.byte(byte);
    }
    return out;
  }
  BinaryWriter memories() const {
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
  // A constant; of integers also as a sum (extended constant expressions).
  void constant(BinaryWriter& out, ValType type) {
    out.constant(type, in.bits(type), type == kV128 ? in.bits(type) : 0);
    if ((type == kI32 || type == kI64) && in.below(4) == 0) {
      static constexpr unsigned kOps[2][3] = {{0x6A, 0x6B, 0x6C}, {0x7C, 0x7D, 0x7E}};
      out.constant(type, in.bits(type));
      out.byte(kOps[type == kI64][in.below(3)]);
    }
    out.byte(0x0B);
  }
  BinaryWriter globals() {
    BinaryWriter out;
    out.unsigned_leb(scope.globals.size());
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
    return out;
  }
  BinaryWriter exports() const {
    BinaryWriter out;
    out.unsigned_leb(bodies + deep);
    const auto first = static_cast<uint32_t>(scope.functions.size());
    for (uint32_t i = 0; i < bodies + deep; ++i) {
      name(out, i == bodies ? "deep" : fmt::format("e{}", i));
      out.byte(0);
      out.unsigned_leb(first + i);
    }
    return out;
  }
  BinaryWriter elements() const {
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
  // Bytes of a segment all differ, so that a wrong one shows.
  BinaryWriter data() {
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
      out.constant(type, in.byte());
      out.append(BinaryWriter{type == kI64 ? 0x7Cu : 0x6Au, 0x0B}.bytes);
      segment(out, 100);
    }
    return out;
  }
  void segment(BinaryWriter& out, uint32_t size) const {
    Bytes bytes;
    for (uint32_t i = 0; i < size; ++i) bytes.push_back(static_cast<uint8_t>(i * 7 + size));
    out.sized(bytes);
  }
  size_t data_count() const {
    size_t count = scope.data.size();
    for (uint32_t size : pages) count += size != 0;
    return count;
  }

  // What is called from outside: fills the fuel, then calls function `index`.
  void wrapper(BinaryWriter& out, uint32_t index, size_t parameters) const {
    BinaryWriter body{0};  // no locals
    body.constant(kI32, kFuel);
    body.append(BinaryWriter{0x24, kFuelGlobal}.bytes);
    for (uint32_t i = 0; i < parameters; ++i) body.append(BinaryWriter{0x20, i}.bytes);
    body.byte(0x10);
    body.unsigned_leb(index);
    body.byte(0x0B);
    out.sized(body.bytes);
  }
  BinaryWriter code() {
    BinaryWriter out;
    out.unsigned_leb(2 * bodies + deep + starts);
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
    const auto itself = static_cast<unsigned>(scope.functions.size() + bodies);
    if (deep) out.sized(Bytes{0, 0x10, static_cast<uint8_t>(itself), 0x0B});
    if (starts) {  // global 1 = its double + 1
      out.sized(Bytes{0, 0x23, 1, 0x23, 1, 0x7C, 0x42, 1, 0x7C, 0x24, 1, 0x0B});
    }
    return out;
  }
};

Bytes generate(std::span<const uint8_t> input, Dialect dialect, Program& program) {
  ProgramInput in(input);
  Sections s{in, dialect, {}, 0, 0, false, false, false, {}, {}};
  s.scope_of_types();
  s.scope_of_the_rest();
  // Calls before bodies: short inputs have arguments too.
  program.calls.clear();
  for (uint32_t i = 0; i < 2 * s.bodies; ++i) {
    ProgramCall call{fmt::format("e{}", i % s.bodies), {}};
    for (ValType type : s.scope.type_of(s.scope.imported + i % s.bodies).params) {
      machine::Value value{type, in.bits(type), type == kV128 ? in.bits(type) : 0};
      if (type == kFuncRef) value = machine::Value::null(type);
      if (type == kExternRef) value.low &= 0xFF;  // 0 is null
      call.arguments.push_back(value);
    }
    program.calls.push_back(std::move(call));
  }
  if (s.deep) program.calls.push_back({"deep", {}});
  program.globals = static_cast<uint32_t>(s.scope.globals.size());
  program.memories = static_cast<uint32_t>(s.scope.memories.size());
  program.tables = static_cast<uint32_t>(s.scope.tables.size());

  BinaryWriter out{0, 'a', 's', 'm', 1, 0, 0, 0};
  out.section(1, s.types());
  if (s.scope.imported) out.section(2, s.imports());
  out.section(3, s.functions());
  out.section(4, s.tables());
  out.section(5, s.memories());
  out.section(6, s.globals());
  out.section(7, s.exports());
  const auto last = static_cast<unsigned>(s.scope.functions.size() + s.bodies + s.deep);
  if (s.starts) out.section(8, BinaryWriter{last});
  out.section(9, s.elements());
  out.section(12, BinaryWriter{static_cast<unsigned>(s.data_count())});
  const BinaryWriter data = s.data();
  out.section(10, s.code());
  out.section(11, data);
  program.stands_in |= s.stands_in;
  program.plain |= s.written.plain;
  program.atomic |= s.written.atomic;
  return std::move(out.bytes);
}

}  // namespace

Program generate_program(std::span<const uint8_t> input) {
  Program program;
  program.module = generate(input, Dialect::kWhole, program);
  program.for_wabt = generate(input, Dialect::kWabt, program);
  return program;
}

}  // namespace weft::fuzz
