// The HTML report: one static folder that opens from a file. Written aside and renamed into place.
// Reads a stored run and the tests' headers; judges nothing.
#pragma once

#include <string>
#include <vector>

#include "results/report/report.h"
#include "suite/test/test.h"

namespace weft::results {

struct HtmlInput {
  const Run& run;
  const Tally& tally;
  const suite::Requirements& requirements;
  const std::vector<suite::Test>& tests;  // for story and text; a test may be missing
  int exit_code = 0;
};

Expected<void> write_html(const std::string& folder, const HtmlInput& input);

}  // namespace weft::results
