// Instances and what they hold: functions, tables, globals, the drop state of segments (core spec
// 4.2); instantiation by its rules (4.5.4). Knows no interpreter loop, no OS threads, no WASI.
//
// Thread-safety: an instance may be run by several threads (the shared-instance model); globals,
// tables and drop states are relaxed atomics, so racing guests are never a C++ data race.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "reference/base/expected.h"
#include "reference/machine/memory.h"
#include "reference/machine/trap.h"
#include "reference/machine/value.h"
#include "reference/module/code.h"
#include "reference/module/module.h"

namespace weft::machine {

class Instance;

// A function that the host provides, as a value: who runs the thread performs it (thread.h,
// HostCall) and finds out by `id` and `context` what to do; both mean nothing here.
struct HostFunction {
  std::string module, name;  // for messages and traces
  module::FuncType type;
  uint32_t id = 0;
  void* context = nullptr;
};

// A function instance. A funcref is a pointer to one; it stays valid as long as its instance (or
// its HostFunction) lives, which is the embedder's duty.
struct Func {
  const module::FuncType* type = nullptr;
  Instance* instance = nullptr;        // null: a host function
  const HostFunction* host = nullptr;  // null: a function of `instance`
  uint32_t index = 0;                  // in the instance's function index space
};

// References are stored as 64-bit values: a `const Func*`, or an externref's payload plus 1; 0 is
// null.
inline constexpr uint64_t kNullRef = 0;

class Table {
 public:
  static Expected<std::shared_ptr<Table>> create(const module::TableType& type, uint64_t init);
  ~Table();
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  const module::TableType& type() const { return type_; }
  uint64_t size() const { return size_.load(std::memory_order_acquire); }
  uint64_t get(uint64_t i) const { return cells_[i].load(std::memory_order_acquire); }
  void set(uint64_t i, uint64_t v) { cells_[i].store(v, std::memory_order_release); }
  // Previous size, or kGrowFailed without effect.
  uint64_t grow(uint64_t delta, uint64_t init);
  // Size and elements as they were, when nobody runs.
  void put_back(std::span<const uint64_t> elements);

 private:
  Table() = default;
  module::TableType type_;
  uint64_t capacity_ = 0;
  std::atomic<uint64_t> size_{0};
  std::atomic<uint64_t>* cells_ = nullptr;
  size_t mapped_ = 0;  // bytes
  std::mutex grow_mutex_;
};

struct Global {
  module::GlobalType type;
  std::atomic<uint64_t> bits[2] = {0, 0};  // [1]: the high half of a v128

  Value get() const {
    return Value{type.type, bits[0].load(std::memory_order_relaxed),
                 bits[1].load(std::memory_order_relaxed)};
  }
  void set(uint64_t low, uint64_t high = 0) {
    bits[0].store(low, std::memory_order_relaxed);
    bits[1].store(high, std::memory_order_relaxed);
  }
};

// Something importable. `owner` keeps the instance of a function alive.
struct FuncRef {
  const Func* func = nullptr;
  std::shared_ptr<const void> owner;
};
using Extern =
    std::variant<FuncRef, std::shared_ptr<Table>, std::shared_ptr<Memory>, std::shared_ptr<Global>>;

// A host function as something importable; owns its copy.
Extern host_function(HostFunction function);

// What a module may import, by module and field name.
class Imports {
 public:
  void define(const std::string& module, const std::string& name, Extern value);
  const Extern* find(const std::string& module, const std::string& name) const;

 private:
  std::map<std::pair<std::string, std::string>, Extern> entries_;
};

// Why there is no instance. `trap` is set when a segment did not fit (writes of earlier segments
// remain, core spec 4.5.4); otherwise linking failed and nothing was touched.
struct InstantiationError {
  std::optional<TrapKind> trap;
  std::string message;  // in the words of the specification's scripts, then the import's name
  // After a trap: elements of imported tables may refer to functions of the instance that was not
  // finished. Keep this as long as those tables.
  std::shared_ptr<Instance> remains;
};

// Told of bytes that instantiation is about to write into a memory; they fit.
using BeforeWrite = std::function<void(Memory&, uint64_t address, std::span<const uint8_t>)>;

// What instructions may change in an instance, its memories aside: for running a program again
// without instantiating it anew.
struct InstanceState {
  struct Cell {
    uint64_t low, high;
    bool operator==(const Cell&) const = default;
  };
  std::vector<Cell> globals;
  std::vector<std::vector<uint64_t>> tables;
  std::vector<uint8_t> data_dropped, elem_dropped;
  bool operator==(const InstanceState&) const = default;
};

class Instance {
 public:
  // Matches imports (all of them before any effect), allocates, evaluates initialisers, applies
  // active element segments, then active data segments. Does not run the start function: the
  // caller runs start() on a Thread before anything else.
  static tl::expected<std::shared_ptr<Instance>, InstantiationError> create(
      std::shared_ptr<const module::Module> module, const Imports& imports);
  // The same with the import values already found, in the module's order (threads: no look-ups).
  static tl::expected<std::shared_ptr<Instance>, InstantiationError> create(
      std::shared_ptr<const module::Module> module, std::span<const Extern> imports,
      const BeforeWrite& before_write = {});
  // Finds what `module` asks for. Errors: "unknown import", "incompatible import type".
  static tl::expected<std::vector<Extern>, InstantiationError> resolve(const module::Module& module,
                                                                       const Imports& imports);
  ~Instance();

  const module::Module& module() const { return *module_; }
  std::shared_ptr<const module::Module> shared_module() const { return module_; }

  // The start function; null when there is none.
  const Func* start();
  // By name and kind; null / empty when there is none. The Extern of a function does not keep this
  // instance alive unless exported through shared_from (see `export_of`).
  const Func* exported_function(std::string_view name);
  std::shared_ptr<Memory> exported_memory(std::string_view name) const;
  std::shared_ptr<Global> exported_global(std::string_view name) const;
  std::shared_ptr<Table> exported_table(std::string_view name) const;
  // Any export, for imports of another instance; `self` becomes the owner of functions.
  static std::optional<Extern> export_of(const std::shared_ptr<Instance>& self,
                                         std::string_view name);

  // Index spaces, imported ones first. The function value of an index is made on first use.
  const Func* function(uint32_t index);
  Memory& memory(uint32_t index) { return *memories_[index]; }
  Table& table(uint32_t index) { return *tables_[index]; }
  Global& global(uint32_t index) { return *globals_[index]; }
  size_t memory_count() const { return memories_.size(); }
  // The first index under which the instance knows this memory; memory_count(): it does not.
  uint32_t index_of(const Memory& memory) const;
  const std::shared_ptr<Memory>& shared_memory(uint32_t index) const { return memories_[index]; }
  const std::shared_ptr<Global>& shared_global(uint32_t index) const { return globals_[index]; }
  const std::shared_ptr<Table>& shared_table(uint32_t index) const { return tables_[index]; }

  // Segments: dropped ones have size 0.
  bool data_dropped(uint32_t i) const { return data_dropped_[i].load(std::memory_order_relaxed); }
  void drop_data(uint32_t i) { data_dropped_[i].store(1, std::memory_order_relaxed); }
  bool elem_dropped(uint32_t i) const { return elem_dropped_[i].load(std::memory_order_relaxed); }
  void drop_elem(uint32_t i) { elem_dropped_[i].store(1, std::memory_order_relaxed); }

  // The state now, and back to it (instance_state.cc). Not while somebody runs the instance.
  InstanceState state() const;
  void put_back(const InstanceState& state);
  // The active data segments once more, as create() applied them: with put_back, a kept instance is
  // as a new one. Only for instances that define no memory.
  void write_data_again(const BeforeWrite& before_write);
  bool defines_memory() const;

  // memory.init, table.init: the trap, or empty.
  std::optional<TrapKind> init_memory(uint32_t memory, uint32_t segment, uint64_t to, uint64_t from,
                                      uint64_t size);
  std::optional<TrapKind> init_table(uint32_t table, uint32_t segment, uint64_t to, uint64_t from,
                                     uint64_t size);

 private:
  friend class Thread;
  friend struct Interpreter;
  Instance() = default;
  std::optional<InstantiationError> link(std::span<const Extern> imports);
  std::optional<InstantiationError> apply_segments(const BeforeWrite& before_write);
  std::optional<TrapKind> apply_data(uint32_t segment, const BeforeWrite& before_write);
  Value evaluate(const module::ConstExpr& expression);
  uint64_t element(const module::ElementSegment& segment, uint64_t i);

  std::shared_ptr<const module::Module> module_;
  std::vector<Extern> imports_;  // keeps owners alive
  std::vector<std::shared_ptr<Memory>> memories_;
  std::vector<std::shared_ptr<Table>> tables_;
  std::vector<std::shared_ptr<Global>> globals_;
  std::vector<const Func*> imported_functions_;
  // What the interpreter indexes: plain pointers, in index order.
  std::vector<Global*> global_cells_;
  const module::Word* words_ = nullptr;  // of the module's internal code
  const uint32_t* entries_ = nullptr;
  Func* functions_ = nullptr;  // zeroed, defined functions only; filled on first use
  std::mutex functions_mutex_;
  std::unique_ptr<std::atomic<uint8_t>[]> data_dropped_, elem_dropped_;
};

}  // namespace weft::machine
