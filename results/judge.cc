#include "results/judge.h"

namespace weft::results {

using runners::End;

Judgement judge(const suite::Test& test, const runners::RuntimeInfo&,
                const runners::Observation& seen) {
  const std::string rule = test.header.requirements.front();
  if (seen.end == End::kHostError) return {Verdict::kHarnessError, "", seen.reason};
  if (seen.end == End::kTimeout) return {Verdict::kTimeout, rule, "did not end in time"};
  if (seen.end == End::kOom) return {Verdict::kOom, rule, seen.reason};
  if (seen.end == End::kSignal) {
    return {Verdict::kCrash, rule, "the runtime died of signal " + std::to_string(seen.code)};
  }
  if (seen.end == End::kExit && seen.code == 90) return {Verdict::kSkipped, "", "no thread"};
  const auto& expect = test.header.expect;
  if (expect.contains("exit") && (seen.end != End::kExit || seen.code != expect["exit"])) {
    return {Verdict::kFail, rule, "exit code"};
  }
  if (expect.contains("stdout") && seen.out != expect["stdout"]) {
    return {Verdict::kFail, rule, "standard output"};
  }
  return {Verdict::kPass, rule, ""};
}

}  // namespace weft::results
