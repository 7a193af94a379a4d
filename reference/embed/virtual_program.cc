#include "reference/embed/virtual_program.h"

#include <time.h>

#include <algorithm>
#include <cstring>

namespace weft::embed {

// 2024-01-01T00:00:00Z at virtual time 0.
constexpr uint64_t kEpoch = 1'704'067'200'000'000'000u;

VirtualHost::VirtualHost(schedule::VirtualClock& clock, schedule::Scheduler& scheduler)
    : clock_(clock), scheduler_(scheduler) {
  begin();
}

void VirtualHost::begin() {
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
  auto program = VirtualProgram::make(std::move(module), std::move(options), scheduler, how);
  if (!program) {
    done.result = program.error();
    return done;
  }
  done.result = (*program)->run();
  done.token = (*program)->last().choices().token();
  done.steps = (*program)->last().steps();
  return done;
}

tl::expected<std::unique_ptr<VirtualProgram>, RunResult> VirtualProgram::make(
    std::shared_ptr<const module::Module> module, RunOptions options,
    schedule::Scheduler& scheduler, schedule::VirtualOptions how) {
  std::unique_ptr<VirtualProgram> program(
      new VirtualProgram(std::move(module), std::move(options), scheduler, how));
  if (!how.spare) program->how_.spare = &program->spare_;
  program->how_.shared_instance =
      program->options_.program.threading == ThreadingModel::kSharedInstance;
  program->how_.program = program_mark(*program->module_);
  program->how_.max_threads = program->options_.program.max_threads;
  if (auto refused = program->build()) return tl::unexpected(*std::move(refused));
  return program;
}

// Process, program, main agent: what an execution starts from.
std::optional<RunResult> VirtualProgram::build() {
  run_.reset();
  undo_.reset();
  program_.reset();
  process_.reset();
  auto process = wasi::Process::make(options_.process, host_);
  if (!process) {
    RunResult failed;
    failed.kind = RunResult::Kind::kFailed;
    failed.message = process.error().message;
    return failed;
  }
  process_ = *std::move(process);
  auto program = Program::make(module_, *process_, options_.program);
  if (!program) return result_of(program.error());
  program_ = *std::move(program);
  return std::nullopt;
}

std::optional<RunResult> VirtualProgram::rewind() {
  clock_ = schedule::VirtualClock{};
  host_.begin();
  if (first_) {
    first_ = false;
  } else if (keeps_) {
    undo_->restore();
    run_->rewind();
    program_->rewind();
    if (auto reset = process_->reset(); !reset) {
      RunResult failed;
      failed.kind = RunResult::Kind::kFailed;
      failed.message = reset.error().message;
      return failed;
    }
    return std::nullopt;
  } else {
    for (const auto& buffer : options_.process.buffers) {
      if (buffer) buffer->rewind();
    }
    if (auto refused = build()) return refused;
  }
  auto how = how_;
  keeps_ = program_->keep_instances();
  if (keeps_) {
    undo_ = std::make_unique<schedule::UndoLog>();
    machine::Instance& instance = program_->main_instance();
    for (uint32_t i = 0; i < instance.memory_count(); i++) undo_->add(instance.memory(i));
    how.undo = undo_.get();
  }
  run_ = std::make_unique<schedule::VirtualRun>(scheduler_, clock_, program_.get(), how);
  run_->add(program_->main_agent());
  return std::nullopt;
}

RunResult VirtualProgram::run() {
  if (auto refused = rewind()) return *std::move(refused);
  return result_of(*module_, run_->run());
}

}  // namespace weft::embed
