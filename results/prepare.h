// From tests to what the executor runs: modules built, expectations read, ids checked. All errors
// of a suite at once. Knows no runtimes.
#pragma once

#include <string>
#include <vector>

#include "results/attempts.h"
#include "suite/test/requirements.h"

namespace weft::results {

struct PreparedSuite {
  std::vector<Prepared> tests;      // pointers into the vector that was given
  std::vector<std::string> errors;  // bad input: file, what, what was expected
  std::string sha256;               // over ids and modules of the selected tests
};

PreparedSuite prepare(const std::vector<suite::Test>& tests,
                      const suite::Requirements& requirements);

}  // namespace weft::results
