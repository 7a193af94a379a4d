// The speed of the reference's interpreter beside a peer's, in one run: the same programs as
// processes of both, alternating. Knows no command line; asserts nothing about time.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "reference/base/expected.h"
#include "runners/runtime.h"

namespace weft::runners {

// A program that ends with exit code 0, or traps when its result is wrong.
struct BenchProgram {
  std::string name;
  Bytes wasm;
  std::vector<std::string> args;
  bool threads = false;  // a real program with several threads
};

// HOME/runners/bench/*.wat (ours, one thread) and two of HOME/suite/programs (several threads).
Expected<std::vector<BenchProgram>> bench_programs(const std::string& home);

struct BenchRow {
  std::string program;
  bool threads = false;
  // Wall clock of the fastest and of the middle run, in seconds, process start included.
  double ours_best = 0, ours_median = 0, peer_best = 0, peer_median = 0;
  uint32_t ours_unended = 0, peer_unended = 0;  // runs that had to be killed at the deadline
  double ratio() const { return peer_best > 0 ? ours_best / peer_best : 0; }
};

struct BenchOptions {
  int rounds = 5;
  double timeout = 30;  // seconds a run
};

// Errors: a run that ends with anything but exit code 0 or the deadline. `progress` hears each
// program's name before it runs.
Expected<std::vector<BenchRow>> bench_interpreter(
    Runtime& ours, Runtime& peer, const std::vector<BenchProgram>& programs,
    const BenchOptions& options, const std::function<void(const std::string&)>& progress);

}  // namespace weft::runners
