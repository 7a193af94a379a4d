#include "results/tally.h"

#include <algorithm>
#include <set>

namespace weft::results {
namespace {

void count(Cell& cell, Verdict verdict, bool host, const Strictness& strictness) {
  switch (group_of(verdict, strictness)) {
    case Group::kPassed:
      ++cell.passed;
      break;
    case Group::kFailed:
      ++cell.failed;
      break;
    case Group::kSkipped:
      ++cell.skipped;
      break;
  }
  cell.worst = worse(cell.worst, verdict);
  cell.host = cell.host && host;
}

// What a test says of one of its requirements. A failure that names its rows concerns only those;
// the checks of the other rows ran to their end.
Verdict verdict_for(const Record& record, const std::string& requirement) {
  const bool names_rows = !record.blamed.empty() &&
                          (record.verdict == Verdict::kFail || record.verdict == Verdict::kXfail);
  if (!names_rows) return record.verdict;
  const bool named =
      std::find(record.blamed.begin(), record.blamed.end(), requirement) != record.blamed.end();
  return named ? record.verdict : Verdict::kPass;
}

}  // namespace

std::string area_of(const std::string& test) { return test.substr(0, test.find('/')); }

Tally tally(const std::vector<Record>& records, const Strictness& strictness,
            const std::vector<std::string>& order) {
  Tally out;
  std::set<std::string> tests, areas, seen, ran;
  for (const Record& record : records) ran.insert(record.runtime);
  for (const std::string& runtime : order) {
    if (ran.count(runtime) && seen.insert(runtime).second) out.runtimes.push_back(runtime);
  }
  for (const Record& record : records) {
    if (seen.insert(record.runtime).second) out.runtimes.push_back(record.runtime);
    tests.insert(record.test);
    areas.insert(area_of(record.test));
    if (record.final) out.final[{record.test, record.runtime}] = record;
  }
  out.tests.assign(tests.begin(), tests.end());
  out.areas.assign(areas.begin(), areas.end());
  for (const auto& [key, record] : out.final) {
    count(out.by_area[{area_of(record.test), record.runtime}], record.verdict, record.host,
          strictness);
    for (const std::string& requirement : record.requirements) {
      count(out.by_requirement[{requirement, record.runtime}], verdict_for(record, requirement),
            record.host, strictness);
    }
    out.not_run += record.not_run;
    ++out.counts[static_cast<int>(record.verdict)];
    switch (group_of(record.verdict, strictness)) {
      case Group::kPassed:
        ++out.passed;
        break;
      case Group::kFailed:
        ++out.failed;
        break;
      case Group::kSkipped:
        ++out.skipped;
        break;
    }
  }
  return out;
}

int exit_code(const Tally& tally, const RunFacts& facts) {
  auto count = [&](Verdict verdict) { return tally.counts[static_cast<int>(verdict)]; };
  if (facts.interrupted) return 130;
  if (facts.bad_input) return 2;
  if (facts.nothing_selected) return 4;
  if (facts.harness_failed || facts.required_missing || count(Verdict::kHarnessError)) return 3;
  if (tally.failed) return 1;
  if (facts.budget_ended) return 5;
  if (facts.strictness.strict_evidence && count(Verdict::kInsufficient)) return 5;
  const int skipped = count(Verdict::kSkipped) + count(Verdict::kUnsupported);
  if (skipped == tally.passed + tally.failed + tally.skipped) return 77;
  return 0;
}

std::string meaning_of(int code) {
  switch (code) {
    case 0:
      return "every selected test has an accepted verdict";
    case 1:
      return "a failure, a regression or an unexpected pass";
    case 2:
      return "wrong usage or bad input";
    case 3:
      return "the harness or an adapter failed, or a required runtime is missing";
    case 4:
      return "no test selected";
    case 5:
      return "incomplete: the budget ended, or the evidence is insufficient";
    case 77:
      return "everything was skipped";
    case 130:
      return "interrupted; what is there is reported";
    default:
      return "unknown";
  }
}

}  // namespace weft::results
