// The options of `weft run`. Knows what each means for the run, runs nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/test_options.h"
#include "results/executor.h"

namespace weft::cli {

struct RunOptions {
  TestOptions tests;
  std::vector<std::string> runtimes, require;
  std::string descriptors, expectations;
  std::string jobs, repeat = "1", seed, timeout, budget;
  bool quick = false, full = false, dry_run = false, verbose = false, quiet = false;
  bool strict = false, strict_evidence = false, no_expectations = false;
  std::string flaky = "pass", progress = "auto", color = "auto", resume;
  std::string json, junit, html, runs = "weft-runs";

  // Parses `args` with WEFT_OPTS in front of them. Empty: go on; else the exit code.
  std::optional<int> parse(const std::vector<std::string>& args);

  // The numbers among them, checked. `cores` is the default of --jobs.
  Expected<results::ExecutorOptions> executor() const;
  results::Strictness strictness() const;
  bool use_color() const;  // of standard output
};

// "90", "1.5s", "10m", "2h": seconds.
Expected<double> parse_duration(const std::string& text, const std::string& option);
// Decimal or 0x.
Expected<uint64_t> parse_number(const std::string& text, const std::string& option);

}  // namespace weft::cli
