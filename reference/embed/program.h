// One program: a module, its process, its threads. Ties preview1 and wasi-threads to whichever
// scheduler runs it (schedule/embedder.h). Thread-safe where the seam asks for it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "reference/embed/threads.h"
#include "reference/schedule/embedder.h"
#include "reference/wasi/process.h"

namespace weft::embed {

// docs/threading-models.md
enum class ThreadingModel { kInstancePerThread, kSharedInstance };

struct ProgramOptions {
  ThreadingModel threading = ThreadingModel::kInstancePerThread;
  uint32_t max_threads = 4096;  // alive at once, the main one included
  std::string entry = "_start";
  std::vector<machine::Value> arguments;  // of the entry
};

// Why there is no program to run. `trap`: instantiation trapped, as a program's trap does.
struct Refusal {
  std::string stage;  // "link"
  std::string message;
  std::optional<machine::TrapKind> trap;
};

class Program final : public schedule::Embedder {
 public:
  // Links and instantiates; runs nothing. `process` must outlive the program.
  static tl::expected<std::unique_ptr<Program>, Refusal> make(
      std::shared_ptr<const module::Module> module, wasi::Process& process, ProgramOptions options);

  // The main agent: start function, then (for an entry that is not a command's) `_initialize`, then
  // the entry.
  std::unique_ptr<schedule::Agent> main_agent();
  const module::Module& module() const { return instance_->module(); }
  machine::Instance& main_instance() { return *instance_; }
  // The shared memory that the program imports, or any that it has; null: none.
  std::shared_ptr<machine::Memory> memory() const;
  size_t living_threads() const { return ids_.living(); }

  // For deterministic schedulers that run the program again and again: keeps what can be kept.
  // False: the main instance has an unshared memory, whose writes nobody sees, or very large
  // tables: the program has to be made anew each time.
  bool keep_instances();
  // The program as make() left it, after keep_instances(); the memories are the caller's to put
  // back.
  void rewind();

  schedule::HostAction host_call(schedule::Agent& agent, const schedule::Nested& nested,
                                 schedule::Spawner& spawner) override;
  void wait_on_host(schedule::Agent& agent) override;
  void stop() override;
  void agent_ended(schedule::Agent& agent) override;

 private:
  Program(wasi::Process& process, ProgramOptions options)
      : process_(process), options_(std::move(options)), ids_(options_.max_threads - 1) {}
  struct Pending;
  // What an agent keeps: its instance, with what makes it new again.
  struct Kept {
    std::shared_ptr<machine::Instance> instance;
    machine::InstanceState state;
    bool reusable = false;
  };
  std::shared_ptr<Kept> thread_instance(schedule::Spawner& spawner);
  Pending& pending(schedule::Agent& agent);
  schedule::HostAction preview1(schedule::Agent& agent, const machine::HostCall& call,
                                schedule::Spawner& spawner);
  schedule::HostAction thread_spawn(schedule::Agent& agent, const machine::HostCall& call,
                                    const schedule::Nested& nested, schedule::Spawner& spawner);

  wasi::Process& process_;
  const ProgramOptions options_;
  std::vector<machine::Extern> imports_;
  std::shared_ptr<machine::Instance> instance_;  // the main agent's
  ThreadIds ids_;
  bool keeps_ = false;                        // see keep_instances(); then one OS thread at a time
  machine::InstanceState initial_;            // of instance_
  std::vector<std::shared_ptr<Kept>> spare_;  // of threads that have ended
};

// Tells modules apart in replay tokens (schedule::VirtualOptions::program): 32 bits of the SHA-256
// of the binary, never 0.
uint32_t program_mark(const module::Module& module);

// "name" from the name section or an export, else "func 12".
std::string function_name(const module::Module& module, uint32_t index);

}  // namespace weft::embed
