#include "fuzz/program_generator.h"

#include <fmt/core.h>

#include "fuzz/program_body.h"
#include "fuzz/program_input.h"

namespace weft::fuzz {
namespace {

using module::FuncType;
using module::ValType;
using enum module::ValType;

constexpr uint32_t kMaxPages = 3;

ValType numeric(ProgramInput& in) {
  static constexpr ValType kTypes[] = {kI32, kI64, kF32, kF64};
  return kTypes[in.below(4)];
}

std::vector<ValType> numerics(ProgramInput& in, uint32_t at_most) {
  std::vector<ValType> types;
  for (uint32_t n = in.below(at_most + 1); n > 0; --n) types.push_back(numeric(in));
  return types;
}

void write_types(BinaryWriter& out, const std::vector<ValType>& types) {
  out.unsigned_leb(types.size());
  for (ValType type : types) out.type(type);
}

// What is called from outside: fills the fuel, then calls function `index`.
Bytes wrapper(const FuncType& type, uint32_t index) {
  BinaryWriter body;
  body.byte(0);  // no locals
  body.constant(kI32, kFuel);
  body.byte(0x24);
  body.unsigned_leb(kFuelGlobal);
  for (size_t i = 0; i < type.params.size(); ++i) {
    body.byte(0x20);
    body.unsigned_leb(i);
  }
  body.byte(0x10);
  body.unsigned_leb(index);
  body.byte(0x0B);
  return std::move(body.bytes);
}

}  // namespace

Program generate_program(std::span<const uint8_t> input) {
  ProgramInput in(input);
  Program program;
  ProgramScope scope;
  const uint32_t functions = 1 + in.below(4);
  for (uint32_t i = 0; i < functions; ++i) {
    FuncType type;
    type.params = numerics(in, 3);
    type.results = numerics(in, 2);
    scope.functions.push_back(std::move(type));
  }
  const bool shared = in.below(2) != 0;
  const uint32_t pages = in.below(3);

  BinaryWriter types, declared, table, memory, globals, exports, elements, code, data;
  types.unsigned_leb(functions);
  declared.unsigned_leb(2 * functions);
  exports.unsigned_leb(functions);
  for (uint32_t i = 0; i < functions; ++i) {
    types.byte(0x60);
    write_types(types, scope.functions[i].params);
    write_types(types, scope.functions[i].results);
  }
  for (uint32_t i = 0; i < 2 * functions; ++i) declared.unsigned_leb(i % functions);
  for (uint32_t i = 0; i < functions; ++i) {
    const std::string name = fmt::format("e{}", i);
    exports.sized(Bytes(name.begin(), name.end()));
    exports.byte(0);
    exports.unsigned_leb(functions + i);
  }

  // One element more than functions: it stays null.
  scope.table_size = functions + 1;
  for (unsigned byte : {1u, 0x70u, 0u, scope.table_size}) table.byte(byte);
  for (unsigned byte : {1u, shared ? 3u : 1u, pages, kMaxPages}) memory.byte(byte);

  scope.globals = {kI32};
  for (uint32_t n = 1 + in.below(4); n > 0; --n) scope.globals.push_back(numeric(in));
  program.globals = static_cast<uint32_t>(scope.globals.size());
  globals.unsigned_leb(scope.globals.size());
  for (size_t i = 0; i < scope.globals.size(); ++i) {
    globals.type(scope.globals[i]);
    globals.byte(1);  // mutable
    globals.constant(scope.globals[i], i == kFuelGlobal ? 0 : in.bits(scope.globals[i]));
    globals.byte(0x0B);
  }

  // Calls before bodies: short inputs have arguments too.
  for (uint32_t round = 0; round < 2; ++round) {
    for (uint32_t i = 0; i < functions; ++i) {
      ProgramCall call{fmt::format("e{}", i), {}};
      for (ValType type : scope.functions[i].params) {
        const uint64_t bits = in.bits(type);
        call.arguments.push_back({type, bits, 0});
      }
      program.calls.push_back(std::move(call));
    }
  }

  elements.unsigned_leb(1);
  elements.byte(0);
  elements.constant(kI32, 0);
  elements.byte(0x0B);
  elements.unsigned_leb(functions);
  for (uint32_t i = 0; i < functions; ++i) elements.unsigned_leb(i);

  // A passive segment whose bytes all differ, so that a wrong one shows.
  scope.data_size = 63;
  Bytes segment;
  for (uint32_t i = 0; i < scope.data_size; ++i) segment.push_back(static_cast<uint8_t>(i * 7 + 1));
  data.unsigned_leb(1);
  data.byte(1);
  data.sized(segment);

  code.unsigned_leb(2 * functions);
  for (uint32_t i = 0; i < functions; ++i) code.sized(generate_body(scope, i, in));
  for (uint32_t i = 0; i < functions; ++i) code.sized(wrapper(scope.functions[i], i));

  BinaryWriter out;
  out.bytes = {0, 'a', 's', 'm', 1, 0, 0, 0};
  out.section(1, types);
  out.section(3, declared);
  out.section(4, table);
  out.section(5, memory);
  out.section(6, globals);
  out.section(7, exports);
  out.section(9, elements);
  BinaryWriter count;
  count.unsigned_leb(1);
  out.section(12, count);
  out.section(10, code);
  out.section(11, data);
  program.module = std::move(out.bytes);
  return program;
}

}  // namespace weft::fuzz
