#include "results/verdict.h"

namespace weft::results {

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kHarnessError:
      return "HARNESS_ERROR";
    case Verdict::kCrash:
      return "CRASH";
    case Verdict::kOom:
      return "OOM";
    case Verdict::kTimeout:
      return "TIMEOUT";
    case Verdict::kFail:
      return "FAIL";
    case Verdict::kXpass:
      return "XPASS";
    case Verdict::kFlaky:
      return "FLAKY";
    case Verdict::kXfail:
      return "XFAIL";
    case Verdict::kDiverges:
      return "DIVERGES";
    case Verdict::kInsufficient:
      return "INSUFFICIENT";
    case Verdict::kUnsupported:
      return "UNSUPPORTED";
    case Verdict::kSkipped:
      return "SKIPPED";
    case Verdict::kRecorded:
      return "RECORDED";
    case Verdict::kInteresting:
      return "INTERESTING";
    case Verdict::kPass:
      return "PASS";
  }
  return "?";
}

}  // namespace weft::results
