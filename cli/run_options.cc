#include "cli/run_options.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <sstream>
#include <thread>

namespace weft::cli {
namespace {

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value && *value;
}

}  // namespace

Expected<double> parse_duration(const std::string& text, const std::string& option) {
  size_t used = 0;
  double value = -1;
  try {
    value = std::stod(text, &used);
  } catch (const std::exception&) {
    used = 0;
  }
  const std::string unit = text.substr(used);
  const double factor = unit.empty() || unit == "s" ? 1
                        : unit == "ms"              ? 0.001
                        : unit == "m"               ? 60
                        : unit == "h"               ? 3600
                                                    : 0;
  if (used == 0 || factor == 0 || !(value > 0) || value > 1e7) {
    return fail("{} {}: expected a positive time, for example 30, 1.5s, 10m, 2h", option, text);
  }
  return value * factor;
}

Expected<uint64_t> parse_number(const std::string& text, const std::string& option) {
  try {
    size_t used = 0;
    if (text.find_first_of("-+ ") == std::string::npos) {
      const uint64_t value = std::stoull(text, &used, 0);
      if (used == text.size()) return value;
    }
  } catch (const std::exception&) {
  }
  return fail("{} {}: expected a number, decimal or 0x", option, text);
}

std::optional<int> RunOptions::parse(const std::vector<std::string>& args) {
  Args parser("weft run", "Run the suite on runtimes, judge, and print the matrix.");
  parser.positionals(
      "RUNTIME", runtimes,
      "names, families, globs or descriptors (*.json); without: the default ones. "
      "Files (.wat, .wast, .wasm, .litmus) are the tests to run instead of the suite");
  tests.declare(parser);
  parser.option("--descriptors", descriptors, "a folder of runtime descriptors, searched first");
  parser.option("-j,--jobs", jobs, "cases at a time (default: cores)");
  parser.option("--repeat", repeat, "runs of each case; the worst counts (default: 1)");
  parser.option("--seed", seed, "of everything random (default: 0x5eed)");
  parser.option("--timeout", timeout, "of each case, instead of its own");
  parser.flag("--quick", quick, "at most 60 s a runtime");
  parser.flag("--full", full, "also the tests with tag:slow");
  parser.option("--budget", budget, "end after this time, for example 10m");
  parser.option("--require", require, "a runtime that must be there (CI=true: the default ones)");
  parser.option("--resume", resume, "RUN: go on in its folder, run only what is missing");
  parser.option("--runs", runs, "the folder of runs (default: weft-runs)");
  parser.option("--expectations", expectations,
                "a folder or a file of expected failures instead of ours");
  parser.flag("--no-expectations", no_expectations, "every failure counts");
  parser.flag("--strict", strict, "DIVERGES fails");
  parser.flag("--strict-evidence", strict_evidence, "INSUFFICIENT makes the run incomplete (5)");
  parser.choice("--flaky", flaky, {"pass", "fail"}, "what FLAKY does (default: pass)");
  parser.option("--json", json, "write the results, all in one JSON file; - for standard output");
  parser.option("--junit", junit, "write JUnit XML");
  parser.option("--html", html, "write the HTML report to this folder, or to one FILE.html");
  parser.choice("--progress", progress, {"auto", "bar", "lines", "none"}, "on standard error");
  parser.choice("--color", color, {"auto", "always", "never"}, "also NO_COLOR and CI");
  parser.flag("-v,--verbose", verbose, "a line a case");
  parser.flag("-q,--quiet", quiet, "only what the exit code means and the counts");
  parser.flag("--dry-run", dry_run, "print what would run");
  parser.footer("Exit codes and verdicts: docs/exit-codes.md, docs/verdicts.md.");
  std::vector<std::string> all;
  if (const char* more = std::getenv("WEFT_OPTS")) {
    std::istringstream words(more);
    for (std::string word; words >> word;) all.push_back(word);
  }
  all.insert(all.end(), args.begin(), args.end());
  auto code = parser.parse(all);
  tests.slow = full;
  const auto files = std::stable_partition(
      runtimes.begin(), runtimes.end(),
      [](const std::string& name) { return !is_test_file(name) && !name.ends_with(".litmus"); });
  tests.paths.assign(files, runtimes.end());
  runtimes.erase(files, runtimes.end());
  return code;
}

Expected<results::ExecutorOptions> RunOptions::executor() const {
  results::ExecutorOptions out;
  out.jobs = std::max(1u, std::thread::hardware_concurrency());
  if (!jobs.empty()) {
    auto number = parse_number(jobs, "--jobs");
    if (!number) return tl::unexpected(number.error());
    if (*number < 1 || *number > 1024) return fail("--jobs {}: expected 1 to 1024", jobs);
    out.jobs = static_cast<unsigned>(*number);
  }
  auto times = parse_number(repeat, "--repeat");
  if (!times) return tl::unexpected(times.error());
  if (*times < 1 || *times > 1000000) return fail("--repeat {}: expected 1 to 1000000", repeat);
  out.attempts.repeat = static_cast<int>(*times);
  if (!seed.empty()) {
    auto number = parse_number(seed, "--seed");
    if (!number) return tl::unexpected(number.error());
    out.attempts.seed = *number;
  }
  if (!timeout.empty()) {
    auto seconds = parse_duration(timeout, "--timeout");
    if (!seconds) return tl::unexpected(seconds.error());
    out.attempts.timeout = *seconds;
  }
  if (!budget.empty()) {
    auto seconds = parse_duration(budget, "--budget");
    if (!seconds) return tl::unexpected(seconds.error());
    out.budget = *seconds;
  }
  if (quick && full) return fail("--quick and --full exclude each other");
  if (quick) {
    out.runtime_budget = 60;
    out.attempts.rate_runs = 0;
  }
  return out;
}

results::Strictness RunOptions::strictness() const {
  return {.strict = strict, .strict_evidence = strict_evidence, .flaky_fails = flaky == "fail"};
}

bool RunOptions::use_color() const {
  if (color != "auto") return color == "always";
  return ::isatty(1) && !is_set("NO_COLOR") && !is_set("CI");
}

}  // namespace weft::cli
