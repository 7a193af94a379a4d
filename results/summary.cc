#include "results/summary.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <algorithm>

#include "results/evidence_sheet.h"
#include "results/repro.h"

namespace weft::results {
namespace {

constexpr size_t kMostSheets = 5;

const char* color_of(Verdict verdict) {
  switch (group_of(verdict)) {
    case Group::kFailed:
      return "\x1b[31m";
    case Group::kSkipped:
      return "\x1b[33m";
    case Group::kPassed:
      return verdict == Verdict::kPass ? "\x1b[32m" : "\x1b[36m";
  }
  return "";
}

std::string painted(const std::string& text, Verdict verdict, bool color) {
  return color ? color_of(verdict) + text + "\x1b[0m" : text;
}

// `12/14` (passed of run), with what failed or was skipped behind it.
std::string cell_text(const Cell& cell) {
  if (!cell.total()) return "-";
  std::string text = fmt::format("{}/{}", cell.passed, cell.total());
  if (cell.failed) text += fmt::format(" {}F", cell.failed);
  if (cell.skipped) text += fmt::format(" {}s", cell.skipped);
  if (cell.host) text += " (host)";
  return text;
}

class Table {
 public:
  void add(std::vector<std::string> cells, std::vector<Verdict> colors) {
    if (widths_.size() < cells.size()) widths_.resize(cells.size());
    for (size_t i = 0; i < cells.size(); ++i) widths_[i] = std::max(widths_[i], cells[i].size());
    rows_.push_back({std::move(cells), std::move(colors)});
  }
  std::string text(bool color) const {
    std::string out;
    for (const Row& row : rows_) {
      std::string line;
      for (size_t i = 0; i < row.cells.size(); ++i) {
        const std::string padded = fmt::format("{:<{}}", row.cells[i], widths_[i]);
        line += (i ? "  " : "") +
                (i < row.colors.size() ? painted(padded, row.colors[i], color && i) : padded);
      }
      line.erase(line.find_last_not_of(' ') + 1);
      out += line + "\n";
    }
    return out;
  }

 private:
  struct Row {
    std::vector<std::string> cells;
    std::vector<Verdict> colors;
  };
  std::vector<Row> rows_;
  std::vector<size_t> widths_;
};

std::string matrix(const Tally& tally, const SummaryOptions& options) {
  Table table;
  std::vector<std::string> head = {"area"};
  head.insert(head.end(), tally.runtimes.begin(), tally.runtimes.end());
  table.add(head, {});
  for (const std::string& area : tally.areas) {
    std::vector<std::string> cells = {area};
    std::vector<Verdict> colors = {Verdict::kPass};
    for (const std::string& runtime : tally.runtimes) {
      const auto cell = tally.by_area.find({area, runtime});
      cells.push_back(cell == tally.by_area.end() ? "-" : cell_text(cell->second));
      colors.push_back(cell == tally.by_area.end() ? Verdict::kSkipped : cell->second.worst);
    }
    table.add(cells, colors);
  }
  std::string out = table.text(options.color);
  // The rows in which some runtime did not simply pass: failures and expected failures.
  Table rows;
  bool any = false;
  for (const std::string& test : tally.tests) {
    std::vector<std::string> cells = {test};
    std::vector<Verdict> colors = {Verdict::kPass};
    bool worth = false;
    for (const std::string& runtime : tally.runtimes) {
      const auto found = tally.final.find({test, runtime});
      if (found == tally.final.end()) {
        cells.push_back("-");
        colors.push_back(Verdict::kSkipped);
        continue;
      }
      const Record& record = found->second;
      worth = worth || group_of(record.verdict) == Group::kFailed ||
              record.verdict == Verdict::kXfail || record.verdict == Verdict::kFlaky;
      cells.push_back(std::string(name_of(record.verdict)) + (record.host ? " (host)" : ""));
      colors.push_back(record.verdict);
    }
    if (!worth) continue;
    if (!any) rows.add({""}, {});
    any = true;
    rows.add(cells, colors);
  }
  return out + (any ? rows.text(options.color) : "");
}

// Expected failures first, as findings; then what failed, each with why.
std::string findings(const Tally& tally, const SummaryOptions& options) {
  std::string expected, failed, diverging;
  for (const auto& [key, record] : tally.final) {
    const std::string line = fmt::format(
        "{} {} on {}: {}{}\n",
        painted(std::string(name_of(record.verdict)), record.verdict, options.color), record.test,
        record.runtime, record.rule.empty() ? "" : record.rule + ": ", record.reason);
    if (record.verdict == Verdict::kXfail) expected += line;
    if (group_of(record.verdict) == Group::kFailed) failed += line;
    if (record.verdict == Verdict::kFlaky || record.verdict == Verdict::kDiverges) {
      diverging += line;
    }
  }
  std::string out;
  if (!expected.empty()) out += "\nfindings that are known (expected failures):\n" + expected;
  if (!diverging.empty()) out += "\nallowed, but worth a look:\n" + diverging;
  if (!failed.empty()) out += "\nfailures:\n" + failed;
  // A page of each, in short: of what the specification forbids, as many as one can read.
  size_t sheets = 0;
  for (const auto& [key, record] : tally.final) {
    if (record.verdict != Verdict::kFail || record.argv.empty() || sheets == kMostSheets) continue;
    ++sheets;
    out += "\n" + evidence_lines(record, options.folder.empty()
                                             ? ""
                                             : options.folder + "/repro/" + repro_name(record));
  }
  return out;
}

}  // namespace

std::string machine_isa() {
  utsname name{};
  ::uname(&name);
  return name.machine;
}

std::string caveat(const std::string& isa) {
  return fmt::format(
      "A failure is evidence to be examined, with its rule and its module; passing proves no "
      "absence of errors. This machine is {}{}.",
      isa, isa == "x86_64" ? ", which never shows what AArch64 may" : "");
}

std::string repro_line(const Record& record, const std::string& suite) {
  return fmt::format("weft run {}{} --filter {} --seed {:#x} --repeat 20", record.runtime,
                     suite.empty() ? "" : " --suite " + suite, record.test, record.seed);
}

std::string counts_line(const Tally& tally) {
  return fmt::format("{} passed, {} failed, {} skipped", tally.passed, tally.failed, tally.skipped);
}

std::string summary(const Tally& tally, int exit_code, const SummaryOptions& options) {
  std::string out;
  if (!options.quiet) {
    if (!tally.final.empty()) out += matrix(tally, options) + findings(tally, options) + "\n";
    std::string counts;
    for (int i = kVerdicts - 1; i >= 0; --i) {
      if (!tally.counts[i]) continue;
      counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", tally.counts[i],
                            name_of(static_cast<Verdict>(i)));
    }
    if (!counts.empty()) out += counts + "\n";
    if (options.not_run) out += fmt::format("{} not run\n", options.not_run);
    for (const std::string& complaint : options.complaints) {
      out += "expectation: " + complaint + "\n";
    }
    out += caveat(machine_isa()) + "\n";
    if (!options.folder.empty()) out += "results: " + options.folder + "/results.jsonl\n";
    if (!options.report.empty()) out += "report: " + options.report + "\n";
  }
  out += fmt::format("exit code {}: {}\n", exit_code, meaning_of(exit_code));
  if (!options.quiet) {
    for (const auto& [key, record] : tally.final) {
      if (group_of(record.verdict) != Group::kFailed) continue;
      out += "repro: " + (record.repro.empty() ? repro_line(record, options.suite) : record.repro) +
             "\n";
    }
  }
  return out + counts_line(tally) + "\n";
}

}  // namespace weft::results
