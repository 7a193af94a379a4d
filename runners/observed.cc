#include "runners/observed.h"

#include <utility>

namespace weft::runners {
namespace {

End end_of(ProcessEnd end) {
  switch (end) {
    case ProcessEnd::kExit:
      return End::kExit;
    case ProcessEnd::kSignal:
      return End::kSignal;
    case ProcessEnd::kTimeout:
      return End::kTimeout;
    case ProcessEnd::kStopped:
      return End::kStopped;
    case ProcessEnd::kMemory:
    case ProcessEnd::kProcesses:
      return End::kOom;
  }
  return End::kHostError;
}

}  // namespace

void observe(ProcessResult&& result, Observation& seen) {
  seen.end = end_of(result.end);
  seen.code = result.code;
  seen.reason = std::move(result.reason);
  seen.out = std::move(result.out);
  seen.err = std::move(result.err);
  seen.out_truncated = result.out_truncated;
  seen.err_truncated = result.err_truncated;
  seen.seconds = result.seconds;
  seen.all_asleep = result.all_asleep;
}

void bind_case(const Case& one, ProcessSpec& spec, Observation& seen) {
  for (const suite::Directory& dir : one.dirs) seen.dirs.push_back(dir.host);
  spec.stdin_mode = one.stdin_mode;
  spec.stdin_text = one.stdin_text;
  spec.timeout = one.timeout;
  spec.placement = one.placement;
  spec.memory_limit = one.memory_limit;
  spec.process_limit = one.process_limit;
}

bool run_observed(const ProcessSpec& spec, Observation& seen) {
  seen.argv = spec.argv;
  seen.env = spec.env;
  auto result = run_process(spec);
  if (!result) {
    seen.reason = result.error().message;
    return false;
  }
  observe(std::move(*result), seen);
  return true;
}

}  // namespace weft::runners
