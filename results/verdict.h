// Verdicts: their names, what each does to a run, and which of several is the worst
// (docs/verdicts.md). Data: verdict.def. Knows no tests and no runtimes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weft::results {

// In the order of severity that a requirement's verdict takes from its tests: the first is worst.
enum class Verdict {
#define VERDICT(name, text, letter, group) k##name,
#include "results/verdict.def"
#undef VERDICT
};

enum class Group { kPassed, kFailed, kSkipped };

inline constexpr int kVerdicts = static_cast<int>(Verdict::kPass) + 1;

std::string_view name_of(Verdict verdict);
std::optional<Verdict> verdict_of(std::string_view name);

// One letter for a cell of a matrix, so that colour is never the only sign.
char letter_of(Verdict verdict);

// Flags that move verdicts from one group to another.
struct Strictness {
  bool strict = false;           // DIVERGES fails
  bool strict_evidence = false;  // INSUFFICIENT makes the run incomplete (exit code 5)
  bool flaky_fails = false;      // FLAKY fails
};

Group group_of(Verdict verdict, const Strictness& strictness = {});

inline Verdict worse(Verdict a, Verdict b) { return a < b ? a : b; }

}  // namespace weft::results
