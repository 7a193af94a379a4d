// Three tests of ourselves before a runtime's verdicts count: one must pass, one is deliberately
// wrong and must FAIL, one never ends and must be killed. Knows no suite.
#pragma once

#include <string>

#include "runners/runtime.h"

namespace weft::results {

// Empty if all three behave; otherwise which one did not, and how.
std::string run_controls(runners::Runtime& runtime);

}  // namespace weft::results
