#include "reference/embed/program.h"

#include <fmt/core.h>

#include <new>

#include "reference/base/files.h"
#include "reference/embed/imports.h"
#include "reference/wasi/host_wait.h"
#include "reference/wasi/preview1.h"

namespace weft::embed {

using machine::Instance;
using schedule::Agent;
using schedule::HostAction;

namespace {

// A result of thread-spawn that says "no thread": any negative number (WT-022).
constexpr uint32_t kNoThread = static_cast<uint32_t>(-6);
// Start functions that spawn threads whose start functions spawn: an end somewhere.
constexpr size_t kMostNested = 64;
// Elements of tables up to which putting them back is cheaper than a new instance.
constexpr size_t kMostKeptElements = 1u << 16;
// Instances that are kept for the next threads.
constexpr size_t kMostSpare = 64;

// Knows the scheduler, which wants to see what is written.
class MachineMemory final : public wasi::GuestMemory {
 public:
  MachineMemory(machine::Memory* memory, schedule::Spawner& spawner)
      : memory_(memory), spawner_(spawner) {}
  uint64_t size() const override { return memory_ ? memory_->length() : 0; }
  bool read(uint64_t address, void* to, uint64_t n) const override {
    return memory_ && memory_->copy_out(address, {static_cast<uint8_t*>(to), n});
  }
  bool write(uint64_t address, const void* from, uint64_t n) override {
    const std::span bytes(static_cast<const uint8_t*>(from), n);
    if (!memory_ || !memory_->in_bounds(address, n)) return false;
    spawner_.before_write(*memory_, address, bytes);
    return memory_->copy_in(address, bytes);
  }

 private:
  machine::Memory* const memory_;
  schedule::Spawner& spawner_;
};

// The memory that pointers of preview1 speak of: the export "memory" (application ABI); for a
// module that exports none, its first memory (WT-011).
std::shared_ptr<machine::Memory> memory_of(Instance* instance) {
  if (!instance) return nullptr;
  if (auto memory = instance->exported_memory("memory")) return memory;
  return instance->memory_count() > 0 ? instance->shared_memory(0) : nullptr;
}

bool is_thread_entry(const machine::Func* function) {
  using module::ValType;
  return function && function->type->results.empty() &&
         function->type->params == std::vector<ValType>{ValType::kI32, ValType::kI32};
}

}  // namespace

// What a host call keeps between its attempts.
struct Program::Pending {
  wasi::CallState state;
  std::shared_ptr<Kept> kept;  // thread-spawn: the new thread's
  uint32_t tid = 0;
};

Program::Pending& Program::pending(Agent& agent) {
  using All = std::vector<std::unique_ptr<Pending>>;  // one for each nested call
  if (!agent.host_state) agent.host_state = std::make_shared<All>();
  All& all = *static_cast<All*>(agent.host_state.get());
  if (all.size() < agent.calls.size()) all.resize(agent.calls.size());
  auto& one = all[agent.calls.size() - 1];
  if (!one) one = std::make_unique<Pending>();
  return *one;
}

tl::expected<std::unique_ptr<Program>, Refusal> Program::make(
    std::shared_ptr<const module::Module> module, wasi::Process& process, ProgramOptions options) {
  const auto refuse = [](std::string message, std::optional<machine::TrapKind> trap = {}) {
    return tl::unexpected<Refusal>(Refusal{"link", std::move(message), trap});
  };
  std::unique_ptr<Program> program(new Program(process, std::move(options)));
  auto imports = make_imports(*module);
  if (!imports) return refuse(imports.error().message);
  auto resolved = Instance::resolve(*module, *imports);
  if (!resolved) return refuse(resolved.error().message);
  program->imports_ = *std::move(resolved);
  auto instance = Instance::create(std::move(module), program->imports_);
  if (!instance) return refuse(instance.error().message, instance.error().trap);
  program->instance_ = *std::move(instance);

  const machine::Func* entry = program->instance_->exported_function(program->options_.entry);
  if (!entry) {
    return refuse(
        fmt::format("no exported function \"{}\" to start with", program->options_.entry));
  }
  std::vector<module::ValType> given;
  for (const machine::Value& value : program->options_.arguments) given.push_back(value.type);
  if (entry->type->params != given ||
      (program->options_.entry == "_start" && !entry->type->results.empty())) {
    return refuse(fmt::format(
        "export \"{}\": takes {} parameters and gives {} results; expected {} "
        "parameters{}",
        program->options_.entry, entry->type->params.size(), entry->type->results.size(),
        given.size(), program->options_.entry == "_start" ? " and no result" : ""));
  }
  return program;
}

std::unique_ptr<Agent> Program::main_agent() {
  auto agent = std::make_unique<Agent>();
  agent->keep = std::make_shared<Kept>(Kept{instance_, {}, false});
  if (const machine::Func* start = instance_->start()) agent->entries.push_back({start, {}});
  if (options_.entry != "_start") {
    const machine::Func* initialize = instance_->exported_function("_initialize");
    if (initialize && initialize->type->params.empty() && options_.entry != "_initialize") {
      agent->entries.push_back({initialize, {}});
    }
  }
  agent->entries.push_back({instance_->exported_function(options_.entry), options_.arguments});
  return agent;
}

std::shared_ptr<machine::Memory> Program::memory() const { return memory_of(instance_.get()); }

HostAction Program::host_call(Agent& agent, const schedule::Nested& nested,
                              schedule::Spawner& spawner) {
  const machine::HostCall& call = agent.top().host_call();
  return call.function->id == kThreadSpawnId ? thread_spawn(agent, call, nested, spawner)
                                             : preview1(agent, call, spawner);
}

HostAction Program::preview1(Agent& agent, const machine::HostCall& call,
                             schedule::Spawner& spawner) {
  Pending& one = pending(agent);
  const auto guest = memory_of(call.caller);
  MachineMemory memory(guest.get(), spawner);
  wasi::Call attempt = {process_, memory, call.arguments, one.state};
  const wasi::Result result = wasi::call_preview1(call.function->id, attempt);
  HostAction action;
  switch (result.outcome) {
    case wasi::Outcome::kBlocked:
      action.kind = HostAction::Kind::kBlocked;
      action.until = one.state.until;
      action.on_host = !one.state.interests.empty();
      return action;
    case wasi::Outcome::kExit:
      action.kind = HostAction::Kind::kExit;
      action.code = result.code;
      return action;
    case wasi::Outcome::kYield:
      action.kind = HostAction::Kind::kYield;
      break;
    case wasi::Outcome::kDone:
      break;
  }
  if (!call.results.empty()) call.results[0] = static_cast<uint64_t>(result.error);
  if (one.state.started) one.state = wasi::CallState{};
  return action;
}

// wasi-threads, steps 1 to 5: a new instance of the module with the same imports, its start
// function, then an agent that calls wasi_thread_start(tid, start_arg). Everything up to the agent
// happens before the call returns, so that each failure is a negative result (WT-025).
HostAction Program::thread_spawn(Agent& agent, const machine::HostCall& call,
                                 const schedule::Nested& nested, schedule::Spawner& spawner) {
  Pending& one = pending(agent);
  const auto finish = [&](uint32_t result) {
    if (result == kNoThread && one.tid != 0) ids_.release(one.tid);
    one.tid = 0;
    one.kept.reset();
    call.results[0] = result;
    return HostAction::done();
  };
  try {
    if (nested.over && nested.trapped) return finish(kNoThread);
    if (!nested.over) {
      if (!call.caller || agent.calls.size() >= kMostNested) return finish(kNoThread);
      if (!is_thread_entry(call.caller->exported_function("wasi_thread_start"))) {
        return finish(kNoThread);
      }
      const auto tid = ids_.take();
      if (!tid) return finish(kNoThread);
      one.tid = *tid;
      one.kept = thread_instance(spawner);
      if (!one.kept) return finish(kNoThread);
      const machine::Func* start = one.kept->instance->start();
      if (start && options_.threading != ThreadingModel::kSharedInstance) {
        HostAction action = HostAction::of(HostAction::Kind::kCall);
        action.call = spawner.new_call();
        action.call->start(*start, {});
        return action;
      }
    }
    const uint32_t tid = one.tid;
    auto child = std::make_unique<Agent>();
    child->tid = tid;
    child->keep = one.kept;
    child->entries.push_back({one.kept->instance->exported_function("wasi_thread_start"),
                              {machine::Value::i32(tid),
                               machine::Value::i32(static_cast<uint32_t>(call.arguments[0]))}});
    if (!spawner.spawn(std::move(child))) return finish(kNoThread);
    return finish(tid);
  } catch (const std::bad_alloc&) {
    return finish(kNoThread);
  }
}

// The instance of a new thread; null: there is none to be had.
std::shared_ptr<Program::Kept> Program::thread_instance(schedule::Spawner& spawner) {
  if (options_.threading == ThreadingModel::kSharedInstance) {
    return std::make_shared<Kept>(Kept{instance_, {}, false});
  }
  const auto before_write = [&](machine::Memory& memory, uint64_t address,
                                std::span<const uint8_t> bytes) {
    spawner.before_write(memory, address, bytes);
  };
  if (!spare_.empty()) {
    auto kept = std::move(spare_.back());
    spare_.pop_back();
    kept->instance->put_back(kept->state);
    kept->instance->write_data_again(before_write);
    return kept;
  }
  auto instance = Instance::create(instance_->shared_module(), imports_, before_write);
  if (!instance) return nullptr;
  auto kept = std::make_shared<Kept>();
  kept->instance = *std::move(instance);
  kept->reusable = keeps_ && !kept->instance->defines_memory();
  if (kept->reusable) kept->state = kept->instance->state();
  return kept;
}

bool Program::keep_instances() {
  size_t elements = 0;
  for (uint32_t i = 0; i < module().tables.size(); i++) elements += instance_->table(i).size();
  if (elements > kMostKeptElements) return false;
  for (uint32_t i = 0; i < instance_->memory_count(); i++) {
    if (!instance_->memory(i).is_shared()) return false;
  }
  initial_ = instance_->state();
  return keeps_ = true;
}

void Program::rewind() {
  instance_->put_back(initial_);
  ids_.reset();
}

void Program::wait_on_host(Agent& agent) { wasi::wait_on_host(process_, pending(agent).state); }

void Program::stop() { process_.stop(); }

void Program::agent_ended(Agent& agent) {
  agent.host_state.reset();
  if (agent.tid == 0) return;
  ids_.release(agent.tid);
  auto kept = std::static_pointer_cast<Kept>(agent.keep);
  if (kept->reusable && spare_.size() < kMostSpare) spare_.push_back(std::move(kept));
}

uint32_t program_mark(const module::Module& module) {
  const std::string digest = sha256_hex(module.binary);
  const auto mark = static_cast<uint32_t>(std::stoul(digest.substr(0, 8), nullptr, 16));
  return mark != 0 ? mark : 1;
}

std::string function_name(const module::Module& module, uint32_t index) {
  if (index < module.function_names.size() && !module.function_names[index].empty()) {
    return module.function_names[index];
  }
  for (const module::Export& e : module.exports) {
    if (e.kind == module::ExternKind::kFunc && e.index == index) return e.name;
  }
  return fmt::format("func {}", index);
}

}  // namespace weft::embed
