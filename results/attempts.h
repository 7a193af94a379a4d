// All attempts that one (test, runtime) needs until its verdict stands: repetitions, the retry of
// a timing test, the second run of a TIMEOUT or OOM, expected failures, the rate of a sound failure
// (docs/verdicts.md). Knows no files and no progress.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "results/expectations.h"
#include "results/judge.h"
#include "results/litmus.h"
#include "results/record.h"

namespace weft::results {

// A test, built and read, ready to run on any runtime.
struct Prepared {
  const suite::Test* test = nullptr;
  suite::Expectation expect;
  Bytes wasm;
  std::string sha256;
  std::shared_ptr<LitmusCase> litmus;  // of kind litmus; else null
  bool alone() const;  // exclusive, timing and litmus cases share the machine with nobody
};

struct AttemptOptions {
  uint64_t seed = 0x5eed;
  int repeat = 1;
  int rate_runs = 32;             // of a sound failure; 0: do not state the rate
  double rate_seconds = 5;        // and not longer than this
  double timeout_factor = 1;      // of every test's own timeout
  std::optional<double> timeout;  // instead of every test's own
  std::string scratch;            // folder for copies of the directories that a test is given
};

// How the cases of one runtime are run here and now.
struct Machine {
  // Runs one case. `fresh`: in a new process even where a persistent host is at hand.
  std::function<runners::Observation(const runners::Case&, bool fresh)> run;
  std::function<bool()> stop;  // interrupted: begin nothing more
};

// The case of `prepared`, with `factor` times the limits.
runners::Case make_case(const Prepared& prepared, const AttemptOptions& options, double factor);

// What is known after the first observation.
struct Verdicts {
  std::vector<Record> lines;  // the last one is final, unless `again_alone`
  bool again_alone = false;   // the verdict stands only after a second run, alone
};

// Judges a first observation and runs again what may run beside others.
Verdicts first_attempts(const Prepared& prepared, const runners::RuntimeInfo& runtime,
                        const Expectations& expectations, const AttemptOptions& options,
                        const Machine& machine, runners::Observation seen);

// The second run of what `again_alone` asked for: alone, with four times the limits.
std::vector<Record> second_attempt(const Prepared& prepared, const runners::RuntimeInfo& runtime,
                                   const Expectations& expectations, const AttemptOptions& options,
                                   const Machine& machine, const Record& first);

// A record of a case that was not run.
Record not_run(const Prepared& prepared, const runners::RuntimeInfo& runtime, Verdict verdict,
               const std::string& reason, const AttemptOptions& options);

}  // namespace weft::results
