// Litmus tests on runtimes: which batches to run, what their histogram proves, and whether the run
// could have shown anything (docs/verdicts.md: INTERESTING, INSUFFICIENT). Asks the oracle; knows
// no files and prints nothing.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "reference/base/expected.h"
#include "reference/model/model.h"
#include "results/verdict.h"
#include "runners/runtime.h"
#include "suite/litmus/ast.h"
#include "suite/litmus/batch.h"
#include "suite/litmus/trials.h"
#include "suite/test/test.h"

namespace weft::results {

// How often and how hard a case is stressed.
struct LitmusEffort {
  uint32_t milliseconds = 60;  // of the first run, and of one that tunes
  unsigned runs = 3;           // at most, after the first one, where something is missing
  uint32_t longer = 150;       // milliseconds of those
  // Where a process start is one trial: at most so many more starts, in so many seconds.
  unsigned starts = 24;
  double seconds = 0.5;
};

// What several runs of one test on one runtime have shown.
struct LitmusSeen {
  std::map<std::string, uint64_t> counts;  // by outcome
  uint64_t iterations = 0, overflow = 0;
  uint64_t voids = 0;  // trials that count for nothing
  std::string broken;  // why a run gave no histogram; empty: all did
};

// A litmus test with what the oracle says of it. Thread-safe.
class LitmusCase {
 public:
  // Errors: no litmus test, or a program that the oracle refuses.
  static Expected<std::shared_ptr<LitmusCase>> make(const suite::Test& test);

  // Why it cannot be run at all; empty: it can.
  const std::string& why_not() const { return plan_.why_not; }
  // A process start is one trial, or some hundreds; else hundreds of thousands (a batch).
  bool in_trials() const { return in_trials_; }
  bool one_trial_a_start() const { return in_trials_ && plan_.most == 1; }
  bool may_trap() const { return in_trials_ && plan_.may_trap; }
  // The module with preset `i` (modulo their number), built once.
  Expected<Bytes> module(unsigned preset, uint32_t milliseconds);
  static unsigned presets();

  struct Place {
    bool literal = false, intended = false, sc = false, readable = true;
  };
  // Where an outcome that was seen stands.
  Place place(const std::string& outcome);
  uint64_t hits(const LitmusSeen& seen, bool allowed_one);
  // Why an outcome is outside a tier: the axiom, one sentence, and the whole argument (events and
  // edges, a line each). Slow: for failures only.
  struct Why {
    std::string axiom, sentence, argument;
  };
  Why why_not(const std::string& outcome, model::Tier tier);
  // Of an outcome in `literal` outside `intended`: is it never to be excused? Values out of thin
  // air, and what only the edges of a notify that woke nobody forbid (docs/rulings.md).
  bool grave(const std::string& outcome);

  // Does it want evidence? It forbids an outcome, or names a twin of one that only the letter
  // allows.
  bool decides() const { return decides_; }
  size_t sc_outcomes() const { return sc_.size(); }
  size_t sc_seen(const LitmusSeen& seen) const;
  // Does plain compilation for this machine show an outcome that the test allows and that is not
  // sequentially consistent?
  bool shows_here() const { return shows_here_; }
  bool twin_shows() const { return twin_ && twin_->shows_here_; }
  const std::shared_ptr<LitmusCase>& twin() const { return twin_; }
  unsigned threads() const { return static_cast<unsigned>(test_.threads.size()); }
  const std::string& name() const { return test_.name; }
  const std::string& pattern() const { return pattern_; }

 private:
  Expected<void> ask();
  suite::litmus::LitmusTest test_;
  model::Program program_;
  std::unique_ptr<model::OutcomeLayout> layout_;
  std::vector<model::Outcome> allowed_, forbidden_;  // the expectations, partial
  std::map<std::string, int> sc_;
  bool decides_ = false, shows_here_ = false;
  suite::litmus::TrialPlan plan_;  // of no meaning in a batch, but for why_not
  bool in_trials_ = false;
  std::string pattern_;
  std::shared_ptr<LitmusCase> twin_;

  std::mutex mutex_;
  model::Oracle oracle_;
  std::map<std::string, Place> places_;
  std::map<std::pair<unsigned, uint32_t>, Bytes> modules_;

 public:
  // What the twin showed on a runtime, so that it is run once for all tests that name it.
  struct Tuned {
    unsigned preset = 0;
    uint64_t hits = 0, iterations = 0;
  };
  std::map<std::string, Tuned> tuned;  // by runtime name; guarded by the caller (cases run alone)
};

// Adds one run's output.
void add_run(LitmusSeen& seen, const runners::Observation& run);
// Adds a trial that a trap has ended. False: nothing says that it was a trap of a role.
bool add_trapped(LitmusCase& test, LitmusSeen& seen, const runners::Observation& run);

struct LitmusJudgement {
  Verdict verdict = Verdict::kHarnessError;
  std::string reason, severity, clause;  // clause: axiom pattern for the rule
  nlohmann::json histogram, evidence;
};

// `twin`: what the twin showed with the same preset (null: no twin on this machine).
LitmusJudgement judge_litmus(LitmusCase& test, const LitmusSeen& seen,
                             const LitmusCase::Tuned* twin);

}  // namespace weft::results
