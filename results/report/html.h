// The HTML report: one static folder that opens from a file, or one single file. Nothing comes from
// elsewhere. Written aside and renamed into place. Reads a stored run and the tests' headers;
// judges nothing.
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
  size_t not_run = 0;  // cases that an interruption or the budget left out
};

// Is there something at `path` that is no report of ours, and would be lost?
Expected<void> check_html_target(const std::string& path);

// `path` is a folder, or a file if it ends in `.html`. The same run gives the same bytes.
Expected<void> write_html(const std::string& path, const HtmlInput& input);

}  // namespace weft::results
