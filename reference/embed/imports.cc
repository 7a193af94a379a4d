#include "reference/embed/imports.h"

#include "reference/wasi/preview1.h"

namespace weft::embed {
namespace {

void define_function(machine::Imports& imports, std::string module, std::string name,
                     module::FuncType type, uint32_t id) {
  machine::HostFunction function;
  function.module = module;
  function.name = name;
  function.type = std::move(type);
  function.id = id;
  imports.define(module, name, machine::host_function(std::move(function)));
}

}  // namespace

Expected<machine::Imports> make_imports(const module::Module& module) {
  using module::ExternKind;
  using module::ValType;
  machine::Imports imports;
  for (const module::Import& import : module.imports) {
    if (imports.find(import.module, import.name)) continue;
    if (import.kind == ExternKind::kMemory && import.memory.limits.shared) {
      auto memory = machine::Memory::create(import.memory);
      if (!memory) return fail_in(import.module + "." + import.name, memory.error());
      imports.define(import.module, import.name, *std::move(memory));
    }
    if (import.kind != ExternKind::kFunc) continue;
    const int index =
        import.module == wasi::kPreview1Module ? wasi::find_preview1(import.name) : -1;
    if (index >= 0) {
      const wasi::FunctionEntry& entry = wasi::preview1_functions()[static_cast<size_t>(index)];
      module::FuncType type;
      for (const char* p = entry.parameters; *p; p++) {
        type.params.push_back(*p == 'I' ? ValType::kI64 : ValType::kI32);
      }
      if (entry.has_result()) type.results.push_back(ValType::kI32);
      define_function(imports, import.module, import.name, std::move(type),
                      static_cast<uint32_t>(index));
    } else if (import.module == "wasi" && import.name == "thread-spawn") {
      define_function(imports, import.module, import.name, {{ValType::kI32}, {ValType::kI32}},
                      kThreadSpawnId);
    }
  }
  return imports;
}

}  // namespace weft::embed
