// Which reports of a run go to which files. Shared by `weft run` and `weft report`. Knows no
// format: the writers are in results/report.
#pragma once

#include <string>
#include <vector>

#include "results/report/html.h"

namespace weft::cli {

// File names; `-` is standard output; empty: not wanted.
struct ReportFiles {
  std::string json, junit, tap, sarif, markdown, html;
  bool github = false;
  bool any() const;
};

// Can they be written as far as one can see before? What is wrong with the first that cannot.
Expected<void> check_targets(const ReportFiles& files);

// Files first, then standard output, which may be a pipe that nobody reads.
Expected<void> write_reports(const ReportFiles& files, const results::Run& run,
                             const results::Tally& tally, int exit_code, size_t not_run,
                             const suite::Requirements& requirements,
                             const std::vector<suite::Test>& tests);

// Text to a file, or to standard output when the name is `-`.
Expected<void> write_output(const std::string& path, const std::string& text);

}  // namespace weft::cli
