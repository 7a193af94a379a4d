// Verdicts: their names, what each does to a run, and which of several is the worst.
// (docs/verdicts.md)
#pragma once

#include <string>
#include <string_view>

namespace weft::results {

// In the order of severity that a requirement's verdict takes from its tests: the first is worst.
enum class Verdict {
  kHarnessError,
  kCrash,
  kOom,
  kTimeout,
  kFail,
  kXpass,
  kFlaky,
  kXfail,
  kDiverges,
  kInsufficient,
  kUnsupported,
  kSkipped,
  kRecorded,
  kInteresting,
  kPass,
};

std::string_view name_of(Verdict verdict);

}  // namespace weft::results
