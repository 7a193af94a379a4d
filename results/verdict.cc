#include "results/verdict.h"

namespace weft::results {
namespace {

struct Row {
  std::string_view name;
  char letter;
  Group group;
};

constexpr Row kRows[] = {
#define VERDICT(name, text, letter, group) {text, letter, Group::k##group},
#include "results/verdict.def"
#undef VERDICT
};

const Row& row(Verdict verdict) { return kRows[static_cast<int>(verdict)]; }

}  // namespace

std::string_view name_of(Verdict verdict) { return row(verdict).name; }

std::optional<Verdict> verdict_of(std::string_view name) {
  for (int i = 0; i < kVerdicts; ++i) {
    if (kRows[i].name == name) return static_cast<Verdict>(i);
  }
  return std::nullopt;
}

char letter_of(Verdict verdict) { return row(verdict).letter; }

Group group_of(Verdict verdict, const Strictness& strictness) {
  if (verdict == Verdict::kDiverges && strictness.strict) return Group::kFailed;
  if (verdict == Verdict::kFlaky && strictness.flaky_fails) return Group::kFailed;
  return row(verdict).group;
}

}  // namespace weft::results
