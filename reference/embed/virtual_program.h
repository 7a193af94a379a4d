// A program under a deterministic scheduler: the same module, arguments and choices give the same
// bytes of output. Knows no command line. Not thread-safe: a program, its scheduler and its
// observer belong to one OS thread at a time; different programs may run at once, and may share a
// module.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "reference/embed/run.h"
#include "reference/schedule/virtual_run.h"

namespace weft::embed {

// Time from the virtual clock, randomness from the scheduler.
class VirtualHost final : public wasi::Host {
 public:
  VirtualHost(schedule::VirtualClock& clock, schedule::Scheduler& scheduler);
  // A new execution begins.
  void begin();
  std::optional<uint64_t> now(wasi::Clock clock) override;
  std::optional<uint64_t> resolution(wasi::Clock clock) override;
  bool random(std::span<uint8_t> bytes) override;
  bool deterministic() const override { return true; }
  // Times from before the run are what they are; those that the run itself made are one constant.
  uint64_t file_time(uint64_t nanoseconds) const override;

 private:
  schedule::VirtualClock& clock_;
  schedule::Scheduler& scheduler_;
  uint64_t started_ = 0;  // by the clock that file systems use
};

struct VirtualResult {
  RunResult result;
  std::string token;  // repeats this run: replay:TOKEN
  uint64_t steps = 0;
};

// One execution; the caller has asked scheduler.new_execution(). Instantiates anew each time.
// `options.process` is used up.
VirtualResult run_scheduled(std::shared_ptr<const module::Module> module, RunOptions options,
                            schedule::Scheduler& scheduler, schedule::VirtualOptions how = {});

// The same program again and again. Between two executions everything that it can see is put back
// as it was after instantiation (memories by an undo log, globals, tables, segments, descriptors,
// streams in memory, clocks, numbers of threads and files), which is cheaper than making it anew;
// what it did to files and streams of the host stays, as it does between two runs. Where an
// execution cannot be taken back (Program::keep_instances) it is made anew instead, to the same
// effect.
class VirtualProgram {
 public:
  // `scheduler` and what `how` names must outlive it. The error says why there is nothing to run.
  static tl::expected<std::unique_ptr<VirtualProgram>, RunResult> make(
      std::shared_ptr<const module::Module> module, RunOptions options,
      schedule::Scheduler& scheduler, schedule::VirtualOptions how = {});

  // One execution, of which run() then speaks; the caller has asked scheduler.new_execution().
  RunResult run();
  const schedule::VirtualRun& last() const { return *run_; }
  bool is_rewound() const { return keeps_; }

 private:
  VirtualProgram(std::shared_ptr<const module::Module> module, RunOptions options,
                 schedule::Scheduler& scheduler, schedule::VirtualOptions how)
      : module_(std::move(module)),
        options_(std::move(options)),
        scheduler_(scheduler),
        how_(how),
        host_(clock_, scheduler) {}
  std::optional<RunResult> build();
  std::optional<RunResult> rewind();

  const std::shared_ptr<const module::Module> module_;
  const RunOptions options_;
  schedule::Scheduler& scheduler_;
  schedule::VirtualOptions how_;
  schedule::VirtualClock clock_;
  VirtualHost host_;
  schedule::SpareThreads spare_;
  bool first_ = true, keeps_ = false;
  // In this order: each uses those before it.
  std::unique_ptr<wasi::Process> process_;
  std::unique_ptr<Program> program_;
  std::unique_ptr<schedule::UndoLog> undo_;
  std::unique_ptr<schedule::VirtualRun> run_;
};

}  // namespace weft::embed
