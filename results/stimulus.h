// How runtimes are stressed: the presets that are tried, and what each makes a runtime show. Knows
// no verdicts, prints nothing.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "reference/base/expected.h"
#include "runners/runtime.h"
#include "suite/litmus/batch.h"

namespace weft::results {

class LitmusCase;

// The parameters of the batched module and the placement of its threads.
struct Preset {
  const char* name;
  suite::litmus::BatchParameters batch;
  runners::Placement placement;
};
// In the order in which they are tried.
std::span<const Preset> presets();

// What one preset showed of a test in its best round.
struct Shown {
  uint64_t hits = 0, iterations = 0;
  double seconds = 0;  // that the modules were given to count: without their starts
  double middle = 0;   // per_million() of the middle round, where there were several
  double per_million() const { return iterations ? 1e6 * double(hits) / double(iterations) : 0; }
  double per_second() const { return seconds > 0 ? double(iterations) / seconds : 0; }
};

struct StimulusOptions {
  uint32_t milliseconds = 300;  // of a run
  unsigned rounds = 3;          // of each preset
};

struct StimulusRow {
  std::string runtime;
  std::vector<Shown> weak;  // by preset: of the test whose outcome is allowed
  size_t best = 0;          // the preset with the highest rate
  Shown strong;             // of the test whose outcome is forbidden, with the best preset
};

// Runs `weak` with every preset and `strong` with the best one. Errors: a run without a histogram.
Expected<StimulusRow> measure_stimulus(runners::Runtime& runtime, LitmusCase& weak,
                                       LitmusCase& strong, const StimulusOptions& options);

}  // namespace weft::results
