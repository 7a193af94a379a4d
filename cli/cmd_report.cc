// weft report: a stored run in other formats. weft diff: what changed between two runs.
#include <fmt/format.h>

#include "cli/args.h"
#include "cli/command.h"
#include "cli/report_files.h"
#include "cli/test_options.h"
#include "results/run_diff.h"
#include "results/summary.h"

namespace weft::cli {
namespace {

int bad_input(const Error& error) {
  fmt::print(stderr, "weft: {}\n", error.message);
  return 2;
}

// The tests of the suite that ran; a suite that has gone leaves the pages without texts.
std::vector<suite::Test> tests_of(const results::Run& run) {
  TestOptions options;
  options.slow = true;
  options.suite = run.header.value("suite", nlohmann::json::object()).value("folder", "");
  auto chosen = choose_tests(options);
  return chosen ? std::move(chosen->tests) : std::vector<suite::Test>();
}

// Cases that were planned and never ran: the budget or an interruption ended the run.
size_t not_run_of(const results::Run& run, const results::Tally& tally) {
  const auto suite = run.header.value("suite", nlohmann::json::object());
  const size_t planned = suite.value("tests", size_t{0}) * run.runtimes().size();
  return tally.not_run + (planned > tally.final.size() ? planned - tally.final.size() : 0);
}

}  // namespace

int cmd_report(const std::vector<std::string>& args) {
  std::string name = "latest", parent = "weft-runs";
  ReportFiles files;
  Args parser("weft report", "Show a stored run, or write it in other formats.");
  parser.positional("RUN", name, "a run's folder, a results.jsonl, or latest", false);
  parser.option("--runs", parent, "the folder of runs (default: weft-runs)");
  parser.option("--html", files.html, "DIR, or one FILE.html: the HTML report");
  parser.option("--junit", files.junit, "F: JUnit XML");
  parser.option("--tap", files.tap, "F: TAP 14");
  parser.option("--sarif", files.sarif, "F: SARIF 2.1.0");
  parser.option("--markdown", files.markdown, "F: Markdown");
  parser.option("--json", files.json, "F: everything in one JSON document");
  parser.flag("--github", files.github, "annotations for GitHub workflows, at most ten");
  parser.footer("F may be - for standard output. Without an option: the matrix.");
  if (auto code = parser.parse(args)) return *code;
  if (auto ok = check_targets(files); !ok) return bad_input(ok.error());
  auto run = results::read_run(name, parent);
  if (!run) return bad_input(run.error());
  auto requirements = read_catalogue();
  if (!requirements) return bad_input(requirements.error());
  const results::Tally tally = results::tally(run->records, {}, run->runtimes());
  results::RunFacts facts;
  const size_t not_run = not_run_of(*run, tally);
  facts.budget_ended = not_run > 0;
  const int code = results::exit_code(tally, facts);
  if (!files.any()) {
    results::SummaryOptions how;
    how.not_run = not_run;
    how.folder = run->folder;
    fmt::print("{}", results::summary(tally, code, how));
    return 0;
  }
  auto ok = write_reports(files, *run, tally, code, not_run, *requirements, tests_of(*run));
  if (!ok) {
    fmt::print(stderr, "weft: {}\n", ok.error().message);
    return 3;
  }
  return 0;
}

int cmd_diff(const std::vector<std::string>& args) {
  std::string before, after;
  Args parser("weft diff", "What changed from one run to another; 1 if something got worse.");
  parser.positional("OLD", before, "a run");
  parser.positional("NEW", after, "a run");
  if (auto code = parser.parse(args)) return *code;
  auto first = results::read_run(before);
  if (!first) return bad_input(first.error());
  auto second = results::read_run(after);
  if (!second) return bad_input(second.error());
  const auto changes =
      results::diff(results::tally(first->records, {}), results::tally(second->records, {}));
  fmt::print("{}", results::to_text(changes));
  return changes.regressed.empty() ? 0 : 1;
}

}  // namespace weft::cli
