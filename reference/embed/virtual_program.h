// A program under a deterministic scheduler: the same module, arguments and choices give the same
// bytes of output. Knows no command line.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "reference/embed/run.h"
#include "reference/schedule/virtual_run.h"

namespace weft::embed {

// Time from the virtual clock, randomness from the scheduler.
class VirtualHost final : public wasi::Host {
 public:
  VirtualHost(schedule::VirtualClock& clock, schedule::Scheduler& scheduler);
  std::optional<uint64_t> now(wasi::Clock clock) override;
  std::optional<uint64_t> resolution(wasi::Clock clock) override;
  bool random(std::span<uint8_t> bytes) override;
  bool deterministic() const override { return true; }
  // Times from before the run are what they are; those that the run itself made are one constant.
  uint64_t file_time(uint64_t nanoseconds) const override;

 private:
  schedule::VirtualClock& clock_;
  schedule::Scheduler& scheduler_;
  uint64_t started_ = 0;  // by the clock that file systems use
};

struct VirtualResult {
  RunResult result;
  std::string token;  // repeats this run: replay:TOKEN
  uint64_t steps = 0;
};

// One execution; the caller has asked scheduler.new_execution(). Instantiates anew each time.
// `options.process` is used up. `observer` is told the module's process is new; may be null.
VirtualResult run_scheduled(std::shared_ptr<const module::Module> module, RunOptions options,
                            schedule::Scheduler& scheduler, schedule::VirtualOptions how = {});

}  // namespace weft::embed
