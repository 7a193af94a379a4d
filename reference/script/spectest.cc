#include "reference/script/spectest.h"

namespace weft::script {
namespace {

using machine::Value;
using module::ValType;

struct Print {
  const char* name;
  std::vector<ValType> params;
};

void define_global(machine::Imports& imports, const char* name, Value value) {
  auto global = std::make_shared<machine::Global>();
  global->type.type = value.type;
  global->set(value.low);
  imports.define("spectest", name, std::move(global));
}

}  // namespace

void define_spectest(machine::Imports& imports) {
  const Print prints[] = {{"print", {}},
                          {"print_i32", {ValType::kI32}},
                          {"print_i64", {ValType::kI64}},
                          {"print_f32", {ValType::kF32}},
                          {"print_f64", {ValType::kF64}},
                          {"print_i32_f32", {ValType::kI32, ValType::kF32}},
                          {"print_f64_f64", {ValType::kF64, ValType::kF64}}};
  for (const Print& print : prints) {
    machine::HostFunction function;
    function.module = "spectest";
    function.name = print.name;
    function.type.params = print.params;
    imports.define("spectest", print.name, machine::host_function(std::move(function)));
  }
  define_global(imports, "global_i32", Value::i32(666));
  define_global(imports, "global_i64", Value::i64(666));
  define_global(imports, "global_f32", Value::f32(666.6f));
  define_global(imports, "global_f64", Value::f64(666.6));
  module::TableType table;
  table.limits.min = 10;
  table.limits.max = 20;
  if (auto made = machine::Table::create(table, machine::kNullRef)) {
    imports.define("spectest", "table", *made);
  }
  module::MemoryType memory;
  memory.limits.min = 1;
  memory.limits.max = 2;
  if (auto made = machine::Memory::create(memory)) imports.define("spectest", "memory", *made);
  memory.limits.shared = true;
  if (auto made = machine::Memory::create(memory)) {
    imports.define("spectest", "shared_memory", *made);
  }
}

}  // namespace weft::script
