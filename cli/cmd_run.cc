// weft run: the suite on the runtimes, judged and reported. Chooses and connects; the work is done
// in results/.
#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/interruption.h"
#include "cli/report_files.h"
#include "cli/run_options.h"
#include "results/legacy.h"
#include "results/prepare.h"
#include "results/progress.h"
#include "results/repro.h"
#include "results/run_header.h"
#include "results/store.h"
#include "results/summary.h"
#include "runners/probe.h"
#include "runners/selection.h"

namespace weft::cli {
namespace {

namespace fs = std::filesystem;
using results::Record;
using results::Tally;

int bad_input(const Error& error) {
  fmt::print(stderr, "weft: {}\n", error.message);
  return 2;
}

// Before there is a run to report.
int left_early() {
  fmt::print(stderr, "weft: interrupted before the first case\n");
  return 130;
}

Expected<std::vector<results::Column>> choose_runtimes(const RunOptions& options) {
  auto fleet = runners::read_fleet(runners::descriptor_folders(options.descriptors, home_folder()));
  if (!fleet) return tl::unexpected(fleet.error());
  auto chosen = runners::select(*fleet, options.runtimes);
  if (!chosen) return tl::unexpected(chosen.error());
  std::vector<results::Column> columns;
  for (runners::Described& one : *chosen) {
    runners::locate(one);
    results::Column column;
    if (!one.info.found) {
      column.missing = fmt::format("{} is not found: {}", one.info.name, one.info.how_to_get);
    } else {
      // One that cannot be asked is found out by the controls.
      (void)runners::probe(one);
    }
    column.runtime = std::move(one);
    columns.push_back(std::move(column));
  }
  return columns;
}

// Names of runtimes that must be there but are not.
Expected<std::vector<std::string>> missing_required(const RunOptions& options,
                                                    const std::vector<results::Column>& columns) {
  std::vector<std::string> missing;
  auto fleet = runners::read_fleet(runners::descriptor_folders(options.descriptors, home_folder()));
  if (!fleet) return tl::unexpected(fleet.error());
  std::vector<runners::Described> wanted;
  if (!options.require.empty()) {
    auto chosen = runners::select(*fleet, options.require);
    if (!chosen) return tl::unexpected(chosen.error());
    wanted = std::move(*chosen);
  }
  const char* ci = std::getenv("CI");
  for (const results::Column& column : columns) {
    const runners::RuntimeInfo& info = column.runtime.info;
    if (info.found) continue;
    const bool required =
        (ci && std::string(ci) == "true" && info.is_default) ||
        std::any_of(wanted.begin(), wanted.end(),
                    [&](const runners::Described& one) { return one.info.name == info.name; });
    if (required) missing.push_back(info.name);
  }
  // Required, but not even selected: it must be there all the same.
  for (runners::Described& one : wanted) {
    const bool selected = std::any_of(columns.begin(), columns.end(), [&](const auto& column) {
      return column.runtime.info.name == one.info.name;
    });
    if (selected) continue;
    runners::locate(one);
    if (!one.info.found) missing.push_back(one.info.name);
  }
  return missing;
}

// The files that a wasi-testsuite checkout has for its own adapters, expectations/FAMILY-OS.json,
// where --suite names the checkout or a folder inside of it.
Expected<void> read_checkout(const std::string& suite, const std::vector<results::Column>& columns,
                             results::Expectations& into) {
  std::error_code ec;
  fs::path folder = fs::absolute(suite, ec).lexically_normal();
  for (int up = 0; up < 5 && folder.has_relative_path(); ++up, folder = folder.parent_path()) {
    std::set<std::string> families;
    for (const results::Column& column : columns) families.insert(column.runtime.info.family);
    bool found = false;
    for (const std::string& family : families) {
      const fs::path file = folder / "expectations" / (family + "-linux.json");
      if (!fs::exists(file, ec)) continue;
      found = true;
      if (auto ok = into.read_testsuite(file.string(), family); !ok) return ok;
    }
    if (found) break;
  }
  return {};
}

Expected<void> read_expectations(const RunOptions& options,
                                 const std::vector<results::Column>& columns,
                                 results::Expectations& into) {
  into.set_today(results::today());
  if (options.no_expectations) return {};
  if (options.expectations.empty()) {
    const fs::path shipped = home_folder() + "/results/expectations";
    if (!options.tests.suite.empty()) {
      if (auto ok = read_checkout(options.tests.suite, columns, into); !ok) return ok;
      // What we know of another suite of ours stands in a folder with its name.
      const fs::path suite = (fs::path(options.tests.suite) / "").parent_path().filename();
      if (auto ok = into.read_folder(shipped / suite); !ok) return ok;
    }
    return into.read_folder(shipped);
  }
  std::error_code ec;
  if (fs::is_directory(options.expectations, ec)) return into.read_folder(options.expectations);
  if (!fs::exists(options.expectations, ec)) {
    return fail("--expectations {}: no such file or folder", options.expectations);
  }
  return into.read(options.expectations);
}

// A line for every case that the run did not come to: the report is complete, and --resume knows
// what is missing. Returns how many.
size_t mark_not_run(const results::PreparedSuite& prepared,
                    const std::vector<results::Column>& columns, const std::vector<Record>& records,
                    bool interrupted, const results::AttemptOptions& options,
                    const std::function<void(Record)>& add) {
  std::set<std::pair<std::string, std::string>> settled;
  for (const Record& record : records) {
    if (record.final && !record.not_run) settled.insert({record.test, record.runtime});
  }
  size_t count = 0;
  for (const results::Prepared& test : prepared.tests) {
    for (const results::Column& column : columns) {
      const runners::RuntimeInfo& info = column.runtime.info;
      if (settled.count({test.test->header.id, info.name})) continue;
      Record line = results::not_run(
          test, info, results::Verdict::kSkipped,
          interrupted ? "not run: the run was interrupted" : "not run: the run ended before it",
          options);
      line.not_run = true;
      add(std::move(line));
      ++count;
    }
  }
  return count;
}

// The line of results.jsonl that says what runs.
nlohmann::json first_line_of(const RunOptions& options, const std::vector<std::string>& args,
                             const results::PreparedSuite& prepared,
                             const std::vector<results::Column>& columns, uint64_t seed) {
  results::RunHeader header;
  header.weft_version = WEFT_VERSION;
  header.home = home_folder();
  header.suite_sha256 = prepared.sha256;
  header.argv = args;
  header.seed = seed;
  header.tests = prepared.tests.size();
  if (!options.tests.suite.empty()) header.suite = fs::absolute(options.tests.suite).string();
  auto line = results::make_header(header, columns);
  if (!options.resume.empty()) line["resumed"] = true;
  return line;
}

// How the summary is to be written, and which rules of `expectations` it complains of.
results::SummaryOptions summary_options(const RunOptions& options,
                                        const std::vector<results::Column>& columns,
                                        const results::Expectations& expectations, size_t not_run) {
  results::SummaryOptions how;
  how.color = options.use_color();
  how.quiet = options.quiet;
  how.suite = options.tests.suite;
  how.not_run = not_run;
  std::vector<runners::RuntimeInfo> ran;
  for (const auto& column : columns) ran.push_back(column.runtime.info);
  if (options.tests.filter.empty() && options.tests.filter_out.empty() &&
      options.tests.paths.empty() &&
      (options.tests.suite.empty() || !options.expectations.empty()) && !how.not_run) {
    // The shipped rules speak of our own suite; those that were given are about what runs.
    how.complaints = expectations.complaints(ran);
  }
  return how;
}

int run_suite(const RunOptions& options, const std::vector<std::string>& args) {
  auto executor = options.executor();
  if (!executor) return bad_input(executor.error());
  auto chosen = choose_tests(options.tests);
  if (!chosen) return bad_input(chosen.error());
  auto columns = choose_runtimes(options);
  if (!columns) return bad_input(columns.error());
  if (interrupts) return left_early();
  auto missing = missing_required(options, *columns);
  if (!missing) return bad_input(missing.error());
  results::Expectations expectations;
  if (auto ok = read_expectations(options, *columns, expectations); !ok)
    return bad_input(ok.error());
  ReportFiles files{.json = options.json, .junit = options.junit, .html = options.html};
  if (auto ok = check_targets(files); !ok) return bad_input(ok.error());
  const results::PreparedSuite prepared = results::prepare(chosen->tests, chosen->requirements);
  for (const std::string& error : prepared.errors) fmt::print(stderr, "weft: {}\n", error);
  if (!prepared.errors.empty()) return 2;

  if (interrupts) return left_early();
  if (options.dry_run) {
    for (const auto& test : prepared.tests) {
      for (const auto& column : *columns) {
        fmt::print("{} {}\n", test.test->header.id, column.runtime.info.name);
      }
    }
    return prepared.tests.empty() ? 4 : 0;
  }
  results::RunFacts facts;
  facts.strictness = options.strictness();
  facts.nothing_selected = prepared.tests.empty();
  facts.required_missing = !missing->empty();
  if (facts.nothing_selected) {
    fmt::print(stderr, "weft: no test selected (of {})\n", chosen->known);
    return results::exit_code({}, facts);
  }
  for (const std::string& name : *missing) {
    fmt::print(stderr, "weft: {} is required, but not found\n", name);
  }

  std::set<std::string> done;
  std::vector<Record> records;
  if (!options.resume.empty()) {
    auto earlier = results::read_run(options.resume, options.runs);
    if (!earlier) return bad_input(earlier.error());
    for (const Record& record : earlier->records) {
      if (record.final && !record.not_run) done.insert(record.test + "\n" + record.runtime);
    }
    records = std::move(earlier->records);
    std::error_code ec;
    executor->attempts.scratch = fs::canonical(earlier->folder, ec).string();
  }
  auto store = options.resume.empty() ? results::Store::create(options.runs)
                                      : results::Store::reopen(executor->attempts.scratch);
  if (!store) {
    fmt::print(stderr, "weft: {}\n", store.error().message);
    return 3;
  }
  executor->attempts.scratch = store->folder() + "/tmp";
  const auto first_line = first_line_of(options, args, prepared, *columns, executor->attempts.seed);
  Expected<void> written = store->header(first_line);

  const size_t total = prepared.tests.size() * columns->size();
  const auto style = options.quiet ? results::Progress::Style::kNone
                                   : results::Progress::style_of(options.progress);
  results::Progress progress(style, options.use_color(), options.verbose, total - done.size());
  std::map<std::string, const results::Prepared*> by_id;
  for (const auto& test : prepared.tests) by_id[test.test->header.id] = &test;
  std::map<std::string, const results::Column*> by_name;
  for (const auto& column : *columns) by_name[column.runtime.info.name] = &column;
  results::Sink sink;
  sink.started = [&](const std::string& test, const std::string& runtime) {
    progress.started(test, runtime);
  };
  sink.record = [&](const Record& record) {
    const WritingFiles writing;
    Record line = record;
    if (options.tests.profile == "wasi-threads-legacy") results::downgrade_for_legacy(line);
    if (results::group_of(line.verdict) == results::Group::kFailed) {
      line.repro = results::repro_line(line, options.tests.suite);
      if (!options.tests.paths.empty()) {
        line.repro.insert(line.repro.find(" --"), " " + by_id.at(line.test)->test->path);
      }
      const auto test = by_id.find(line.test);
      const bool module = test->second->test->header.kind != suite::Kind::kScript;
      if (line.final && written && !line.argv.empty() && module) {
        const auto column = by_name.find(line.runtime);
        written = results::write_repro(store->folder(), line, *test->second,
                                       column->second->runtime.info, chosen->requirements);
      }
    }
    if (written) written = store->add(line);
    if (!written) interrupts = std::max(1, interrupts.load());
    progress.record(line);
    records.push_back(std::move(line));
  };
  sink.control_failed = [&](const std::string& runtime, const std::string& why) {
    progress.note(fmt::format("{}: a control misbehaves: {}", runtime, why));
  };
  const auto result =
      results::execute(prepared.tests, *columns, expectations, done, *executor, interrupts, sink);
  progress.end();
  const bool interrupted = result.interrupted && written;
  const size_t not_run = [&] {
    const WritingFiles writing;
    std::vector<Record> lines;
    const size_t count = mark_not_run(prepared, *columns, records, interrupted, executor->attempts,
                                      [&](Record line) { lines.push_back(std::move(line)); });
    for (Record& line : lines) {
      if (written) written = store->add(line);
      records.push_back(std::move(line));
    }
    return count;
  }();
  std::error_code ec;
  fs::remove_all(executor->attempts.scratch, ec);

  const results::Run run{store->folder(), first_line, std::move(records)};
  const Tally tally = results::tally(run.records, facts.strictness, run.runtimes());
  facts.interrupted = interrupted;
  facts.budget_ended = result.budget_ended;
  facts.harness_failed = !written || !result.broken.empty();
  if (!written) fmt::print(stderr, "weft: {}\n", written.error().message);
  int code = results::exit_code(tally, facts);
  if (files.html.empty()) files.html = store->folder() + "/report";
  if (auto ok =
          write_reports(files, run, tally, code, not_run, chosen->requirements, chosen->tests);
      !ok) {
    fmt::print(stderr, "weft: {}\n", ok.error().message);
    if (code != 130) code = 3;
  }
  results::SummaryOptions how = summary_options(options, *columns, expectations, not_run);
  how.folder = store->folder();
  how.report = files.html.ends_with(".html") ? files.html : files.html + "/index.html";
  how.seed = executor->attempts.seed;
  fmt::print("{}", results::summary(tally, code, how));
  return code;
}

}  // namespace

int cmd_run(const std::vector<std::string>& args) {
  RunOptions options;
  if (auto code = options.parse(args)) return *code;
  take_signals();
  return run_suite(options, args);
}

}  // namespace weft::cli
