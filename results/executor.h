// Runs every selected test on every runtime: order, jobs, batches, controls, budgets, second runs.
// Hands each record to a sink as soon as it stands. Knows no files and prints nothing.
#pragma once

#include <atomic>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "results/attempts.h"
#include "runners/descriptor.h"

namespace weft::results {

struct Column {
  runners::Described runtime;
  std::string missing;  // why none of its cases can run (not found); empty: it can
};

struct ExecutorOptions {
  AttemptOptions attempts;
  unsigned jobs = 1;
  double budget = 0;          // seconds for everything; 0: none
  double runtime_budget = 0;  // seconds for each runtime (--quick); 0: none
  bool controls = true;
};

// What the executor tells while it works; calls come one at a time, from any thread.
struct Sink {
  std::function<void(const Record&)> record;  // a line, final or not
  std::function<void(const std::string& runtime, const std::string&)> control_failed;
  std::function<void(const std::string& test, const std::string& runtime)> started;
};

struct ExecutorResult {
  bool budget_ended = false;
  bool interrupted = false;
  std::set<std::string> broken;  // runtimes whose controls misbehaved
};

// `done` holds "TEST\nRUNTIME" of cases that need not run again (--resume). `interrupt` counts the
// user's requests to stop.
ExecutorResult execute(const std::vector<Prepared>& tests, std::vector<Column>& columns,
                       const Expectations& expectations, const std::set<std::string>& done,
                       const ExecutorOptions& options, const std::atomic<int>& interrupt,
                       const Sink& sink);

}  // namespace weft::results
