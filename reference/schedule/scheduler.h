// Who goes next: the seam of the deterministic schedulers. One file a scheduler; each answers three
// questions. Knows no machine. Not thread-safe: all come from the OS thread of the execution.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "reference/base/expected.h"
#include "reference/schedule/choices.h"

namespace weft::schedule {

inline constexpr uint32_t kNobody = ~uint32_t{0};

// The moment before a step.
struct Moment {
  std::span<const uint32_t> enabled;  // agents that can go, by number, ascending; at least two
  uint32_t last = kNobody;            // who made the step before
  uint64_t step = 0;                  // steps made so far
};

class Scheduler {
 public:
  virtual ~Scheduler() = default;
  // Before each execution. False: all that this scheduler would try has been tried.
  virtual bool new_execution() = 0;
  // An index into `moment.enabled`; kNobody: the run ends here (a replay that does not fit).
  virtual uint32_t next_thread(const Moment& moment) = 0;
  // For a program that asks for randomness.
  virtual uint64_t next_random() = 0;

  // One of n outcomes that are not about who goes: whether memory.grow fails (0: it does what the
  // limits say). Only schedulers that enumerate everything care.
  virtual uint32_t next_outcome(uint32_t n) {
    (void)n;
    return 0;
  }
  // Timed waits may end at any moment (their agent is always among `enabled`), instead of only when
  // their time has come.
  virtual bool any_time_expires() const { return false; }
  // The agent gave way (sched_yield), or has spun for long.
  virtual void yielded(uint32_t agent) { (void)agent; }
  // Replay: the program made other choices possible than the token knows.
  virtual bool diverged() const { return false; }
  // Replay: which program the token is of (VirtualOptions::program); 0: any.
  virtual uint32_t program() const { return 0; }
  // Replay: where the run was ended by its limit of steps.
  virtual uint64_t most_steps() const { return UINT64_MAX; }
  // The seed of next_random, for tokens.
  virtual uint64_t seed() const = 0;
};

// "round-robin", "random:SEED", "pct:D:SEED", "replay:TOKEN", "replay:@FILE". The error lists them.
Expected<std::unique_ptr<Scheduler>> make_scheduler(std::string_view text);

std::unique_ptr<Scheduler> make_round_robin(uint64_t seed);
// A fresh stream for each execution: seed, seed + 1, ...
std::unique_ptr<Scheduler> make_random(uint64_t seed);
// Probabilistic concurrency testing: random priorities, `depth` - 1 points where the running agent
// falls behind all others, spread over as many steps as the execution before took.
std::unique_ptr<Scheduler> make_pct(uint32_t depth, uint64_t seed);
std::unique_ptr<Scheduler> make_replay(TokenReader reader);
// All choice sequences, depth first. `state`: to go on from a stored one.
struct DfsState {
  std::vector<Choice> path;  // the next execution follows it
  bool started = false, finished = false;
};
std::unique_ptr<Scheduler> make_dfs(DfsState& state);

}  // namespace weft::schedule
