// A module's fields (core spec, valid/modules and valid/types).
#include "reference/module/validate.h"

#include <fmt/core.h>

#include <set>

namespace weft::module {
namespace {

constexpr uint64_t kMostPages32 = 65'536;
constexpr uint64_t kMostPages64 = uint64_t{1} << 48;

class Validator {
 public:
  explicit Validator(Module& module) : m_(module) {}

  std::optional<ModuleError> run() {
    m_.declared_functions.assign(m_.function_types.size(), false);
    // In this order: each step trusts the ones before.
    for (const auto step : {&Validator::imports_and_functions, &Validator::tables,
                            &Validator::memories, &Validator::globals, &Validator::elements,
                            &Validator::data, &Validator::exports, &Validator::start}) {
      (this->*step)();
      if (error_) return error_;
    }
    for (uint32_t i = 0; i < m_.functions.size() && !error_; ++i) {
      error_ = validate_body(m_, i);
    }
    return error_;
  }

 private:
  void fail(std::string message, uint64_t offset = 0) {
    if (!error_) error_ = ModuleError{"validate", offset, std::move(message)};
  }

  void imports_and_functions() {
    for (const Import& import : m_.imports) {
      if (import.kind == ExternKind::kFunc && import.type_index >= m_.types.size()) {
        return fail(fmt::format("unknown type {}", import.type_index));
      }
    }
    for (const Function& function : m_.functions) {
      if (function.type_index >= m_.types.size()) {
        return fail(fmt::format("unknown type {}", function.type_index), function.begin);
      }
    }
  }

  void limits(const Limits& limits, uint64_t most, const char* too_large) {
    if (limits.min > most || (limits.max && *limits.max > most)) return fail(too_large);
    if (limits.max && *limits.max < limits.min) {
      fail("size minimum must not be greater than maximum");
    }
  }

  void tables() {
    for (const TableType& table : m_.tables) {
      limits(table.limits, 0xFFFFFFFF, "table size must be at most 2^32-1");
    }
  }

  void memories() {
    if (m_.memories.size() > 1 && !m_.language.multi_memory) return fail("multiple memories");
    for (const MemoryType& memory : m_.memories) {
      if (memory.limits.shared && !memory.limits.max) fail("shared memory must have maximum");
      if (memory.limits.is64) {
        limits(memory.limits, kMostPages64, "memory size must be at most 2^48 pages");
      } else {
        limits(memory.limits, kMostPages32, "memory size must be at most 65536 pages (4GiB)");
      }
    }
  }

  void constant(ConstExpr expr, ValType type) {
    if (!error_) error_ = validate_const(m_, expr, type, readable_globals_, m_.declared_functions);
  }

  void globals() {
    const bool all = m_.language.defined_globals_in_constants;
    readable_globals_ = m_.imported_globals;
    for (const Global& global : m_.defined_globals) {
      constant(global.init, global.type.type);
      if (all) ++readable_globals_;
    }
  }

  void elements() {
    for (const ElementSegment& segment : m_.elements) {
      for (uint32_t index : segment.functions) {
        if (index >= m_.function_types.size())
          return fail(fmt::format("unknown function {}", index));
        m_.declared_functions[index] = true;
      }
      for (ConstExpr expr : segment.expressions) constant(expr, segment.type);
      if (segment.mode != SegmentMode::kActive) continue;
      if (segment.table >= m_.tables.size()) {
        return fail(fmt::format("unknown table {}", segment.table), segment.offset.begin);
      }
      if (m_.tables[segment.table].element != segment.type) {
        return fail("type mismatch", segment.offset.begin);
      }
      constant(segment.offset, ValType::kI32);
    }
  }

  void data() {
    for (const DataSegment& segment : m_.data) {
      if (segment.mode != SegmentMode::kActive) continue;
      if (segment.memory >= m_.memories.size()) {
        return fail(fmt::format("unknown memory {}", segment.memory), segment.offset.begin);
      }
      constant(segment.offset,
               m_.memories[segment.memory].limits.is64 ? ValType::kI64 : ValType::kI32);
    }
  }

  void exports() {
    std::set<std::string_view> names;
    for (const Export& out : m_.exports) {
      const auto unknown = [&](const char* what, size_t count) {
        if (out.index >= count) fail(fmt::format("unknown {} {}", what, out.index));
      };
      switch (out.kind) {
        case ExternKind::kFunc:
          unknown("function", m_.function_types.size());
          if (!error_) m_.declared_functions[out.index] = true;
          break;
        case ExternKind::kTable:
          unknown("table", m_.tables.size());
          break;
        case ExternKind::kMemory:
          unknown("memory", m_.memories.size());
          break;
        case ExternKind::kGlobal:
          unknown("global", m_.globals.size());
          break;
      }
      if (!names.insert(out.name).second) fail("duplicate export name");
    }
  }

  void start() {
    if (!m_.start) return;
    if (*m_.start >= m_.function_types.size()) {
      return fail(fmt::format("unknown function {}", *m_.start));
    }
    const FuncType& type = m_.type_of_function(*m_.start);
    if (!type.params.empty() || !type.results.empty()) fail("start function");
  }

  Module& m_;
  uint32_t readable_globals_ = 0;  // how many constant expressions may read so far
  std::optional<ModuleError> error_;
};

}  // namespace

std::optional<ModuleError> validate(Module& module) { return Validator(module).run(); }

}  // namespace weft::module
