// Index spaces, exports and segments of an instance; instantiation is in instantiate.cc.
#include "reference/machine/instance.h"

#include <cstdlib>

namespace weft::machine {

using module::ExternKind;

Extern host_function(HostFunction function) {
  // One block, so that the function value and what it points to live and die together.
  struct Holder {
    HostFunction host;
    Func func;
  };
  auto holder = std::make_shared<Holder>();
  holder->host = std::move(function);
  holder->func = Func{&holder->host.type, nullptr, &holder->host, 0};
  const Func* const func = &holder->func;
  return FuncRef{func, std::move(holder)};
}

void Imports::define(const std::string& module, const std::string& name, Extern value) {
  entries_.insert_or_assign({module, name}, std::move(value));
}

const Extern* Imports::find(const std::string& module, const std::string& name) const {
  const auto found = entries_.find({module, name});
  return found == entries_.end() ? nullptr : &found->second;
}

Instance::~Instance() { std::free(functions_); }

const Func* Instance::function(uint32_t index) {
  const uint32_t imported = module_->imported_functions;
  if (index < imported) return imported_functions_[index];
  Func& func = functions_[index - imported];
  if (__atomic_load_n(&func.type, __ATOMIC_ACQUIRE)) return &func;
  std::lock_guard lock(functions_mutex_);
  if (!func.type) {
    func.instance = this;
    func.index = index;
    __atomic_store_n(&func.type, &module_->type_of_function(index), __ATOMIC_RELEASE);
  }
  return &func;
}

const Func* Instance::start() { return module_->start ? function(*module_->start) : nullptr; }

namespace {
const module::Export* find_export(const module::Module& module, std::string_view name) {
  for (const module::Export& one : module.exports) {
    if (one.name == name) return &one;
  }
  return nullptr;
}
}  // namespace

const Func* Instance::exported_function(std::string_view name) {
  const module::Export* one = find_export(*module_, name);
  return one && one->kind == ExternKind::kFunc ? function(one->index) : nullptr;
}

std::shared_ptr<Memory> Instance::exported_memory(std::string_view name) const {
  const module::Export* one = find_export(*module_, name);
  return one && one->kind == ExternKind::kMemory ? memories_[one->index] : nullptr;
}

std::shared_ptr<Global> Instance::exported_global(std::string_view name) const {
  const module::Export* one = find_export(*module_, name);
  return one && one->kind == ExternKind::kGlobal ? globals_[one->index] : nullptr;
}

std::shared_ptr<Table> Instance::exported_table(std::string_view name) const {
  const module::Export* one = find_export(*module_, name);
  return one && one->kind == ExternKind::kTable ? tables_[one->index] : nullptr;
}

std::optional<Extern> Instance::export_of(const std::shared_ptr<Instance>& self,
                                          std::string_view name) {
  const module::Export* one = find_export(*self->module_, name);
  if (!one) return std::nullopt;
  switch (one->kind) {
    case ExternKind::kFunc:
      return FuncRef{self->function(one->index), self};
    case ExternKind::kTable:
      return self->tables_[one->index];
    case ExternKind::kMemory:
      return self->memories_[one->index];
    case ExternKind::kGlobal:
      return self->globals_[one->index];
  }
  return std::nullopt;
}

std::optional<TrapKind> Instance::init_memory(uint32_t memory, uint32_t segment, uint64_t to,
                                              uint64_t from, uint64_t size) {
  const module::DataSegment& data = module_->data[segment];
  const uint64_t length = data_dropped(segment) ? 0 : data.end - data.begin;
  if (size > length || from > length - size) return TrapKind::kMemoryOutOfBounds;
  const uint8_t* bytes = module_->binary.data() + data.begin + from;
  if (!memories_[memory]->copy_in(to, {bytes, size})) return TrapKind::kMemoryOutOfBounds;
  return std::nullopt;
}

uint64_t Instance::element(const module::ElementSegment& segment, uint64_t i) {
  if (!segment.functions.empty()) {
    return reinterpret_cast<uint64_t>(function(segment.functions[i]));
  }
  return evaluate(segment.expressions[i]).low;
}

std::optional<TrapKind> Instance::init_table(uint32_t table, uint32_t segment, uint64_t to,
                                             uint64_t from, uint64_t size) {
  const module::ElementSegment& elements = module_->elements[segment];
  const uint64_t length = elem_dropped(segment) ? 0 : elements.size();
  if (size > length || from > length - size) return TrapKind::kTableOutOfBounds;
  Table& target = *tables_[table];
  const uint64_t room = target.size();
  if (size > room || to > room - size) return TrapKind::kTableOutOfBounds;
  for (uint64_t i = 0; i < size; ++i) target.set(to + i, element(elements, from + i));
  return std::nullopt;
}

}  // namespace weft::machine
