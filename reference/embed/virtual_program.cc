#include "reference/embed/virtual_program.h"

#include <time.h>

#include <algorithm>
#include <cstring>

namespace weft::embed {

// 2024-01-01T00:00:00Z at virtual time 0.
constexpr uint64_t kEpoch = 1'704'067'200'000'000'000u;

VirtualHost::VirtualHost(schedule::VirtualClock& clock, schedule::Scheduler& scheduler)
    : clock_(clock), scheduler_(scheduler) {
  timespec t;
  clock_gettime(CLOCK_REALTIME_COARSE, &t);
  started_ = static_cast<uint64_t>(t.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(t.tv_nsec);
}

uint64_t VirtualHost::file_time(uint64_t nanoseconds) const {
  return nanoseconds < started_ ? nanoseconds : kEpoch + schedule::VirtualClock::kStart;
}

std::optional<uint64_t> VirtualHost::now(wasi::Clock clock) {
  switch (clock) {
    case wasi::Clock::kRealtime:
      return kEpoch + clock_.now;
    case wasi::Clock::kMonotonic:
    case wasi::Clock::kProcessCpu:
    case wasi::Clock::kThreadCpu:
      return clock_.now;
  }
  return std::nullopt;
}

std::optional<uint64_t> VirtualHost::resolution(wasi::Clock clock) {
  if (!now(clock)) return std::nullopt;
  return schedule::VirtualClock::kStep;
}

bool VirtualHost::random(std::span<uint8_t> bytes) {
  for (size_t at = 0; at < bytes.size(); at += 8) {
    const uint64_t value = scheduler_.next_random();
    std::memcpy(bytes.data() + at, &value, std::min<size_t>(8, bytes.size() - at));
  }
  return true;
}

VirtualResult run_scheduled(std::shared_ptr<const module::Module> module, RunOptions options,
                            schedule::Scheduler& scheduler, schedule::VirtualOptions how) {
  VirtualResult done;
  schedule::VirtualClock clock;
  VirtualHost host(clock, scheduler);
  auto process = wasi::Process::make(std::move(options.process), host);
  if (!process) {
    done.result.kind = RunResult::Kind::kFailed;
    done.result.message = process.error().message;
    return done;
  }
  how.max_threads = options.program.max_threads;
  auto program = Program::make(module, **process, std::move(options.program));
  if (!program) {
    done.result = result_of(program.error());
    return done;
  }
  schedule::VirtualRun run(scheduler, clock, program->get(), how);
  run.add((*program)->main_agent());
  done.result = result_of(*module, run.run());
  done.token = run.choices().token();
  done.steps = run.steps();
  return done;
}

}  // namespace weft::embed
