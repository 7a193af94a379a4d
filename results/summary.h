// The last lines of a run for people: matrix, failing rows, counts, what the exit code means, where
// the report is, how to repeat each failure. Text only; knows no terminal beyond "colour or not".
#pragma once

#include <string>
#include <vector>

#include "results/tally.h"

namespace weft::results {

struct SummaryOptions {
  bool color = false;
  bool quiet = false;  // counts only
  std::string folder;  // of the run
  std::string report;  // of the HTML report; empty: none was written
  uint64_t seed = 0;
  std::string suite;                    // of `--suite`, for the lines that repeat a failure
  std::vector<std::string> complaints;  // unused and expired expectations
  size_t not_run = 0;                   // cases that the budget or an interruption left out
};

std::string summary(const Tally& tally, int exit_code, const SummaryOptions& options);

// The command that repeats one case: `weft run wamr:fast --filter wait/x --seed 0x5eed --repeat
// 20`.
std::string repro_line(const Record& record, const std::string& suite);

// `N passed, N failed, N skipped`
std::string counts_line(const Tally& tally);

// What every report carries, with the machine's instruction set.
std::string caveat(const std::string& isa);
std::string machine_isa();

}  // namespace weft::results
