#include "results/legacy.h"

#include <algorithm>

namespace weft::results {
namespace {

// Rows of status A on segments, start function and failures of spawn; the return from `_start`
// (AMB-026); the conventions of hosts (status C).
constexpr std::string_view kRows[] = {"WT-005", "WT-014",  "WT-015", "WT-025",
                                      "WT-053", "AMB-026", "WT-051", "P1-033"};

}  // namespace

void downgrade_for_legacy(Record& record) {
  if (record.verdict != Verdict::kFail && record.verdict != Verdict::kTimeout) return;
  const std::string row = record.rule.substr(0, record.rule.find('/'));
  if (std::find(std::begin(kRows), std::end(kRows), row) == std::end(kRows)) return;
  record.reason = fmt::format("{}: {} (profile wasi-threads-legacy: {} is no failure)",
                              name_of(record.verdict), record.reason, row);
  record.verdict = Verdict::kDiverges;
  record.severity = "low";
}

}  // namespace weft::results
