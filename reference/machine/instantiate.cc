// Instantiation by the rules of the core specification (4.5.4): import matching, allocation,
// initialisers, active segments.
#include <fmt/format.h>

#include <cstdlib>

#include "reference/base/shortened.h"
#include "reference/machine/instance.h"
#include "reference/module/body_reader.h"

namespace weft::machine {
namespace {

using module::ExternKind;
using module::Import;
using module::Limits;

tl::unexpected<InstantiationError> refuse(const char* why, const Import& import) {
  return tl::unexpected(InstantiationError{
      std::nullopt,
      fmt::format("{}: {}.{}", why, shortened(import.module), shortened(import.name)),
      {}});
}

// Limits of an import: the provider's current size takes the place of its minimum.
bool limits_match(uint64_t current, const Limits& provided, const Limits& wanted) {
  if (provided.is64 != wanted.is64 || provided.shared != wanted.shared) return false;
  if (current < wanted.min) return false;
  return !wanted.max || (provided.max && *provided.max <= *wanted.max);
}

bool matches(const module::Module& module, const Import& import, const Extern& value) {
  switch (import.kind) {
    case ExternKind::kFunc: {
      const auto* function = std::get_if<FuncRef>(&value);
      return function && *function->func->type == module.types[import.type_index];
    }
    case ExternKind::kTable: {
      const auto* table = std::get_if<std::shared_ptr<Table>>(&value);
      return table && (*table)->type().element == import.table.element &&
             limits_match((*table)->size(), (*table)->type().limits, import.table.limits);
    }
    case ExternKind::kMemory: {
      const auto* memory = std::get_if<std::shared_ptr<Memory>>(&value);
      return memory &&
             limits_match((*memory)->pages(), (*memory)->type().limits, import.memory.limits);
    }
    case ExternKind::kGlobal: {
      const auto* global = std::get_if<std::shared_ptr<Global>>(&value);
      return global && (*global)->type.type == import.global.type &&
             (*global)->type.is_mutable == import.global.is_mutable;
    }
  }
  return false;
}

std::unique_ptr<std::atomic<uint8_t>[]> no_drops(size_t count) {
  return std::unique_ptr<std::atomic<uint8_t>[]>(new std::atomic<uint8_t>[count]());
}

}  // namespace

tl::expected<std::vector<Extern>, InstantiationError> Instance::resolve(
    const module::Module& module, const Imports& imports) {
  std::vector<Extern> values;
  for (const Import& import : module.imports) {
    const Extern* value = imports.find(import.module, import.name);
    if (!value) return refuse("unknown import", import);
    values.push_back(*value);
  }
  return values;
}

tl::expected<std::shared_ptr<Instance>, InstantiationError> Instance::create(
    std::shared_ptr<const module::Module> module, const Imports& imports) {
  auto values = resolve(*module, imports);
  if (!values) return tl::unexpected(values.error());
  return create(std::move(module), *values);
}

tl::expected<std::shared_ptr<Instance>, InstantiationError> Instance::create(
    std::shared_ptr<const module::Module> module, std::span<const Extern> imports,
    const BeforeWrite& before_write) {
  std::shared_ptr<Instance> instance(new Instance());
  instance->module_ = std::move(module);
  if (auto error = instance->link(imports)) return tl::unexpected(*error);
  if (auto error = instance->apply_segments(before_write)) {
    error->remains = instance;
    return tl::unexpected(*error);
  }
  return instance;
}

// Everything that can fail without an effect that others could see.
std::optional<InstantiationError> Instance::link(std::span<const Extern> imports) {
  for (size_t i = 0; i < module_->imports.size(); ++i) {
    const Import& import = module_->imports[i];
    if (i >= imports.size()) return refuse("unknown import", import).value();
    if (!matches(*module_, import, imports[i])) {
      return refuse("incompatible import type", import).value();
    }
    if (const auto* function = std::get_if<FuncRef>(&imports[i])) {
      imported_functions_.push_back(function->func);
    } else if (const auto* table = std::get_if<std::shared_ptr<Table>>(&imports[i])) {
      tables_.push_back(*table);
    } else if (const auto* memory = std::get_if<std::shared_ptr<Memory>>(&imports[i])) {
      memories_.push_back(*memory);
    } else {
      globals_.push_back(std::get<std::shared_ptr<Global>>(imports[i]));
    }
  }
  imports_.assign(imports.begin(), imports.end());

  if (const size_t count = module_->functions.size(); count > 0) {
    functions_ = static_cast<Func*>(std::calloc(count, sizeof(Func)));
    if (!functions_)
      return InstantiationError{std::nullopt, "out of memory for functions", nullptr};
  }
  for (size_t i = tables_.size(); i < module_->tables.size(); ++i) {
    auto table = Table::create(module_->tables[i], kNullRef);
    if (!table) return InstantiationError{std::nullopt, table.error().message, nullptr};
    tables_.push_back(*table);
  }
  for (size_t i = memories_.size(); i < module_->memories.size(); ++i) {
    auto memory = Memory::create(module_->memories[i]);
    if (!memory) return InstantiationError{std::nullopt, memory.error().message, nullptr};
    memories_.push_back(*memory);
  }
  for (const module::Global& global : module_->defined_globals) {
    const Value value = evaluate(global.init);
    globals_.push_back(std::make_shared<Global>());
    globals_.back()->type = global.type;
    globals_.back()->set(value.low, value.high);
  }
  for (const auto& global : globals_) global_cells_.push_back(global.get());
  if (module_->code) {
    words_ = module_->code->words.data();
    entries_ = module_->code->entries.data();
  }
  data_dropped_ = no_drops(module_->data.size());
  elem_dropped_ = no_drops(module_->elements.size());
  return std::nullopt;
}

std::optional<InstantiationError> Instance::apply_segments(const BeforeWrite& before_write) {
  const auto trapped = [](TrapKind kind) {
    return InstantiationError{kind, message_of(kind), nullptr};
  };
  for (uint32_t i = 0; i < module_->elements.size(); ++i) {
    const module::ElementSegment& segment = module_->elements[i];
    if (segment.mode == module::SegmentMode::kPassive) continue;
    if (segment.mode == module::SegmentMode::kActive) {
      const uint64_t to = evaluate(segment.offset).low;
      if (auto trap = init_table(segment.table, i, to, 0, segment.size())) return trapped(*trap);
    }
    drop_elem(i);
  }
  for (uint32_t i = 0; i < module_->data.size(); ++i) {
    if (module_->data[i].mode != module::SegmentMode::kActive) continue;
    if (auto trap = apply_data(i, before_write)) return trapped(*trap);
    drop_data(i);
  }
  return std::nullopt;
}

std::optional<TrapKind> Instance::apply_data(uint32_t i, const BeforeWrite& before_write) {
  const module::DataSegment& segment = module_->data[i];
  const uint64_t to = evaluate(segment.offset).low;
  const uint64_t size = segment.end - segment.begin;
  if (before_write && memories_[segment.memory]->in_bounds(to, size)) {
    before_write(*memories_[segment.memory], to, {module_->binary.data() + segment.begin, size});
  }
  return init_memory(segment.memory, i, to, 0, size);
}

Value Instance::evaluate(const module::ConstExpr& expression) {
  module::BodyReader reader(module_->binary, expression.begin, expression.end);
  std::vector<Value> stack;
  const auto binary = [&stack](auto&& operation) {
    const Value right = stack.back();
    stack.pop_back();
    stack.back().low = operation(stack.back().low, right.low);
    if (stack.back().type == module::ValType::kI32) stack.back().low &= 0xFFFFFFFF;
  };
  while (!reader.done()) {
    switch (const uint8_t opcode = reader.byte(); opcode) {
      case 0x23:
        stack.push_back(globals_[reader.unsigned_leb()]->get());
        break;
      case 0x41:
        stack.push_back(Value::i32(static_cast<uint32_t>(reader.signed_leb())));
        break;
      case 0x42:
        stack.push_back(Value::i64(static_cast<uint64_t>(reader.signed_leb())));
        break;
      case 0x43:
        stack.push_back({module::ValType::kF32, reader.fixed(4), 0});
        break;
      case 0x44:
        stack.push_back({module::ValType::kF64, reader.fixed(8), 0});
        break;
      case 0x6A:  // extended constant expressions (3.0)
      case 0x7C:
        binary([](uint64_t x, uint64_t y) { return x + y; });
        break;
      case 0x6B:
      case 0x7D:
        binary([](uint64_t x, uint64_t y) { return x - y; });
        break;
      case 0x6C:
      case 0x7E:
        binary([](uint64_t x, uint64_t y) { return x * y; });
        break;
      case 0xD0:
        stack.push_back(Value::null(static_cast<module::ValType>(reader.byte())));
        break;
      case 0xD2:
        stack.push_back(
            {module::ValType::kFuncRef,
             reinterpret_cast<uint64_t>(function(static_cast<uint32_t>(reader.unsigned_leb()))),
             0});
        break;
      case 0xFD: {
        reader.unsigned_leb();  // v128.const, the only one
        const uint64_t low = reader.fixed(8);
        const uint64_t high = reader.fixed(8);
        stack.push_back(Value::v128(low, high));
        break;
      }
      default:  // end
        break;
    }
  }
  return stack.back();
}

}  // namespace weft::machine
