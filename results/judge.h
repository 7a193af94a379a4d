// (observation, expectation) -> verdict. Prints nothing; report writers only read what it says.
#pragma once

#include <string>

#include "results/verdict.h"
#include "runners/runtime.h"
#include "suite/test/test.h"

namespace weft::results {

struct Judgement {
  Verdict verdict = Verdict::kHarnessError;
  std::string rule;    // REQ-ID or REQ-ID/axiom
  std::string reason;  // one sentence
};

Judgement judge(const suite::Test& test, const runners::RuntimeInfo& runtime,
                const runners::Observation& seen);

}  // namespace weft::results
