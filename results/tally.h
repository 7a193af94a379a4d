// What the records of a run come to: the matrix of areas and tests against runtimes, the verdict of
// each requirement, counts, the exit code. Computed in one pass over records. Prints nothing.
// Prints nothing.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "results/record.h"
#include "results/verdict.h"

namespace weft::results {

// Why a run ended as it did, beside its verdicts.
struct RunFacts {
  bool interrupted = false, bad_input = false, nothing_selected = false;
  bool required_missing = false, budget_ended = false, harness_failed = false;
  Strictness strictness;
};

struct Cell {
  int passed = 0, failed = 0, skipped = 0;
  Verdict worst = Verdict::kPass;
  bool host = true;  // everything in it is weft's own
  int total() const { return passed + failed + skipped; }
};

struct Tally {
  std::vector<std::string> runtimes;  // in the order of their first record
  std::vector<std::string> tests;     // sorted
  std::vector<std::string> areas;     // first parts of test ids, sorted
  std::map<std::pair<std::string, std::string>, Record> final;         // (test, runtime)
  std::map<std::pair<std::string, std::string>, Cell> by_area;         // (area, runtime)
  std::map<std::pair<std::string, std::string>, Cell> by_requirement;  // (requirement, runtime)
  std::array<int, kVerdicts> counts{};
  int passed = 0, failed = 0, skipped = 0;
  size_t not_run = 0;  // of the skipped ones
};

// The area of a test: its id up to the first slash.
std::string area_of(const std::string& test);

// Of several final records of one case (a resumed run) the last counts. Runtimes that `order` names
// come in that order, others behind them.
Tally tally(const std::vector<Record>& records, const Strictness& strictness,
            const std::vector<std::string>& order = {});

// The exit code of a run (docs/exit-codes.md): the first that applies of 130, 2, 4, 3, 1, 5, 77, 0.
int exit_code(const Tally& tally, const RunFacts& facts);
std::string meaning_of(int exit_code);

}  // namespace weft::results
