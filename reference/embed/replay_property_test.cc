// Replay never diverges: random programs under random schedules, and each run again from its token,
// with the same trace step by step and the same output. 100,000 runs with WEFT_FULL=1, else a
// twentieth.
#include <cstdlib>

#include "reference/embed/random_programs_for_tests.h"
#include "reference/embed/trace.h"
#include "reference/embed/virtual_program.h"

namespace weft::embed {
namespace {

struct Ran {
  uint64_t hash, steps;
  std::string out, token;
  RunResult result;
};

Ran run(const std::shared_ptr<const module::Module>& module, schedule::Scheduler& scheduler) {
  RunOptions options;
  for (auto& buffer : options.process.buffers) buffer = std::make_shared<wasi::Buffer>();
  const auto out = options.process.buffers[1];
  Fingerprint fingerprint;
  schedule::VirtualOptions how;
  how.observer = &fingerprint;
  how.max_steps = 20'000;
  VirtualResult done = run_scheduled(module, std::move(options), scheduler, how);
  return {fingerprint.hash, fingerprint.steps, out->output, done.token, std::move(done.result)};
}

TEST(ReplayProperty, EveryRunIsRepeatedByItsToken) {
  const bool full = std::getenv("WEFT_FULL") != nullptr;
  const int programs = full ? 1000 : 50, runs = 50;  // each under random and under PCT
  RandomNumbers numbers(20'240'101);
  uint64_t steps = 0, count = 0;
  for (int p = 0; p < programs; p++) {
    const std::string text = random_program(numbers);
    const auto module = load(text);
    ASSERT_TRUE(module) << text;
    const auto random = schedule::make_random(numbers.next());
    const auto pct = schedule::make_pct(3, numbers.next());
    for (int r = 0; r < 2 * runs; r++) {
      schedule::Scheduler& scheduler = r % 2 == 0 ? *random : *pct;
      scheduler.new_execution();
      const Ran first = run(module, scheduler);
      auto replay = schedule::make_scheduler("replay:" + first.token);
      ASSERT_TRUE(replay) << first.token;
      (*replay)->new_execution();
      const Ran second = run(module, **replay);
      ASSERT_FALSE((*replay)->diverged()) << first.token << "\n" << text;
      ASSERT_EQ(second.hash, first.hash) << first.token << "\n" << text;
      ASSERT_EQ(second.steps, first.steps);
      ASSERT_EQ(second.out, first.out);
      ASSERT_EQ(second.token, first.token);
      ASSERT_EQ(second.result.kind, first.result.kind);
      ASSERT_EQ(second.result.code, first.result.code);
      steps += first.steps;
      count++;
    }
  }
  RecordProperty("runs", static_cast<int>(count));
  EXPECT_GT(steps, count * 5) << "the programs do something";
}

}  // namespace
}  // namespace weft::embed
