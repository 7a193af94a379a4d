// (test, runtime, observation) -> verdict, with the requirement that it rests on. One observation
// at a time: second runs, retries and expected failures are the executor's (results/attempts.h).
// Prints nothing; report writers only read what it says.
#pragma once

#include <string>
#include <vector>

#include "results/verdict.h"
#include "runners/runtime.h"
#include "suite/oracle/expect.h"
#include "suite/test/test.h"

namespace weft::results {

struct Judgement {
  Verdict verdict = Verdict::kHarnessError;
  std::string rule;                 // REQ-ID or REQ-ID/axiom
  std::string reason;               // one sentence
  std::string severity;             // of a divergence: low, high
  std::vector<std::string> blamed;  // the rows that the output names as failed; empty: not said
  bool host = false;                // weft provides what the test judges: never the engine's fault
};

// The reserved exit code by which a test says that it got no thread (requirements, section 15).
inline constexpr int kNoThread = 90;
// Exit code of a program whose trials were all void: it has shown nothing.
inline constexpr int kAllVoid = 91;

Judgement judge(const suite::Test& test, const suite::Expectation& expect,
                const runners::RuntimeInfo& runtime, const runners::Observation& seen);

// Why a test cannot be judged yet, whatever is seen; empty if it can.
std::string not_built(const suite::Test& test, const suite::Expectation& expect);

// A short form for people: `exit 64, stdout "sum: got 1, want 2\n"`.
std::string describe(const runners::Observation& seen);

}  // namespace weft::results
