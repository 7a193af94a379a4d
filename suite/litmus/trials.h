// Litmus tests that a batch cannot hold: whose threads may stay suspended or trap, or which depend
// on the length of the memory or on bytes that were never written. One plain module that makes a
// number of trials, the main thread looking on, and prints each outcome. Knows WAT and the support
// library; not the model, not runtimes.
//
// Memory has the test's own limits where its length matters. Locations below 32,768 are moved up by
// 16,384, out of the way of the library, the control cells and the texts; those from 49,152 on stay
// where they are, so that the first address beyond the memory stays that. Several trials are made
// where nothing that a trial leaves behind can be told from a fresh instance: the length does not
// change, and either every location is stored first, or each trial has bytes of its own.
//
// *Suspended.* A role says before each wait without timeout that it is about to wait, and no more
// after it has returned. When every role has ended or is about to wait, no notify of the test can
// come any more: what waits now, waits for ever. Then the main thread forbids going on, and
// notifies until all roles are back. A role that comes back and finds going on forbidden is
// `waiting`, with the registers that it had before. This is true only if the main thread's
// notifies have woken exactly the roles that say so; otherwise one was on its way out of its wait,
// and the trial is void. Nothing is concluded from time.
//
// *Trapped.* By wasi-threads a trap ends the whole program, so that nothing can be printed after
// it. Where a role may trap, each role prints a line when it ends. If the program then ends by a
// trap and one role's line is missing, that role has trapped (suite/litmus/trials.h, Parts); with
// more lines missing the trial is void.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reference/base/expected.h"
#include "reference/base/files.h"
#include "suite/litmus/ast.h"

namespace weft::suite::litmus {

// How often a process start can try a test.
struct TrialPlan {
  std::string why_not;    // not at all, and why; empty: it can
  bool may_trap = false;  // one trial, with a line a role
  uint32_t most = 1;      // trials that one memory can hold
};
TrialPlan plan_trials(const LitmusTest& test);

struct TrialParameters {
  uint32_t most = 400;          // at most as many trials, and not more than the plan's
  uint32_t milliseconds = 100;  // begins no trial after this time
};

// The module, linked. Error: why there is none (plan_trials).
Expected<Bytes> trial_module(const LitmusTest& test, const TrialParameters& parameters);

// What is known of a trial that a trap has ended: the parts that roles have printed
// (`weft-part N:end N:r0=1 ...`), and if a single role's is missing `M:trap`. Empty: void.
std::string trapped_outcome(std::string_view out, unsigned threads);

}  // namespace weft::suite::litmus
