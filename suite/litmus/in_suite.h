// Litmus tests as tests of the suite: what a `.litmus` file holds, and back from a test to its
// litmus value, whichever form it is written in. Knows no model, no runtimes.
#pragma once

#include <string>
#include <vector>

#include "reference/base/expected.h"
#include "suite/litmus/ast.h"
#include "suite/test/test.h"

namespace weft::suite::litmus {

// Every test of a file, with the id PREFIX/NAME. Header keys come from the `;;!` lines before a
// test; `kind` is litmus and `expect` is "model". Without `requirements` it judges MM-005.
Expected<std::vector<Test>> tests_of_file(const std::string& path, const std::string& prefix);

// The litmus value of a test of kind litmus (`.litmus` text or the WAT form).
Expected<LitmusTest> litmus_of(const Test& test);

}  // namespace weft::suite::litmus
