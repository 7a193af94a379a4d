// A litmus test as exported functions `thread0`, `thread1`, ... of one module, run again and again
// under a scheduler: instantiated once, memory restored by an undo log, nothing allocated between
// two executions. Knows no litmus text and no model; the shape says what the results mean.
// Not thread-safe: one OS thread at a time; different runs may go on at once.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "reference/embed/outcomes.h"
#include "reference/machine/instance.h"
#include "reference/schedule/virtual_run.h"

namespace weft::embed {

struct LitmusShape {
  // Bytes of the shared memory with a meaning: stored before the threads start, or read after.
  struct Cell {
    std::string name;
    uint64_t address = 0;
    uint32_t bytes = 4;  // 1, 2, 4, 8
    uint64_t value = 0;  // initial
  };
  std::vector<std::vector<std::string>> registers;  // by thread: the names of its results
  std::vector<Cell> inits, observes;
};

class LitmusRun {
 public:
  // The error names the export or import that is not as the shape says.
  static Expected<std::unique_ptr<LitmusRun>> make(std::shared_ptr<const module::Module> module,
                                                   LitmusShape shape,
                                                   schedule::Scheduler& scheduler,
                                                   schedule::VirtualOptions options = {});

  // One execution, counted in outcomes(). False: the scheduler has tried everything, or it replays
  // a token that does not fit this test (nothing is counted).
  bool next();
  const Outcomes& outcomes() const { return outcomes_; }
  const schedule::VirtualRun& run() const { return *run_; }

 private:
  explicit LitmusRun(schedule::Scheduler& scheduler) : scheduler_(scheduler) {}
  std::string text() const;

  schedule::Scheduler& scheduler_;
  LitmusShape shape_;
  std::shared_ptr<machine::Memory> memory_;
  schedule::VirtualClock clock_;
  schedule::UndoLog undo_;
  std::unique_ptr<schedule::VirtualRun> run_;
  std::vector<uint64_t> values_;  // of this execution: endings, results, observations
  Outcomes outcomes_;
  bool first_ = true;
};

}  // namespace weft::embed
