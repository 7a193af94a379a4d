// Replay never diverges: random programs under random schedules, and each run again from its token,
// with the same trace step by step and the same output. 100,000 runs with WEFT_FULL=1, else a
// twentieth.
#include <fmt/core.h>

#include <cstdlib>

#include "reference/embed/run_for_tests.h"
#include "reference/embed/trace.h"
#include "reference/embed/virtual_program.h"
#include "reference/schedule/random_numbers.h"

namespace weft::embed {
namespace {

using schedule::RandomNumbers;

// Each step is mixed into a number: formatting the lines would be most of the time.
struct Fingerprint final : schedule::Observer {
  void on_step(const schedule::Step& step) override {
    steps++;
    mix(static_cast<uint64_t>(step.kind));
    mix(step.time);
    mix(step.agent->number);
    mix(step.place.function);
    mix(step.place.offset);
    mix(step.result);
    mix(step.waits);
    if (step.kind != schedule::Step::Kind::kOperation) return;
    mix(static_cast<uint64_t>(step.operation.kind));
    mix(step.operation.address);
    mix(step.operation.operands[0]);
  }
  void mix(uint64_t value) { hash = (hash ^ value) * 0x100000001B3u + (hash >> 29); }
  uint64_t hash = 1, steps = 0;
};

std::string statement(RandomNumbers& numbers) {
  const uint32_t cell = 256 + 4 * numbers.below(4), other = 256 + 4 * numbers.below(4);
  const uint32_t value = numbers.below(3), kind = numbers.below(16);
  switch (kind) {
    case 0:
      return fmt::format("(i32.store (i32.const {}) (i32.const {}))", cell, value);
    case 1:
      return fmt::format("(i32.atomic.store (i32.const {}) (i32.const {}))", cell, value);
    case 2:
    case 3:
      return fmt::format("(call $see (i32.load (i32.const {})))", cell);
    case 4:
      return fmt::format("(call $see (i32.atomic.load16_u (i32.const {})))", cell);
    case 5:
      return fmt::format("(call $see (i32.atomic.rmw.add (i32.const {}) (i32.const {})))", cell,
                         value);
    case 6:
      return fmt::format(
          "(call $see (i32.atomic.rmw.cmpxchg (i32.const {}) (i32.const {}) (i32.const 1)))", cell,
          value);
    case 7:
    case 8: {
      const uint32_t nanoseconds = numbers.below(2000);
      return fmt::format(
          "(call $see (memory.atomic.wait32 (i32.const {}) (i32.const {}) (i64.const {})))", cell,
          value, nanoseconds);
    }
    case 9:
      return fmt::format("(call $see (memory.atomic.notify (i32.const {}) (i32.const {})))", cell,
                         value);
    case 10:
      return fmt::format("(call $see (memory.grow (i32.const {})))", value == 2 ? 0 : value);
    case 11:
      return fmt::format("(memory.copy (i32.const {}) (i32.const {}) (i32.const 6))", cell, other);
    case 12:
      return fmt::format("(call $sleep (i64.const {}))", value * 300);
    case 13:
      return "(drop (call $now (i32.const 1) (i64.const 0) (i32.const 300)))"
             "(call $see (i32.load (i32.const 300)))";
    case 14:
      return "(atomic.fence)";
    default:
      return fmt::format(
          "(if (i32.eq (i32.load (i32.const {})) (i32.const {})) (then (call $exit "
          "(i32.const {}))))",
          cell, value + 40, value);
  }
}

// Up to four threads; each mixes what it sees into a cell of its own, which main prints.
std::string program(RandomNumbers& numbers) {
  std::string text = R"((global $seen (mut i32) (i32.const 1))
    (func $see (param i32) (global.set $seen
      (i32.add (i32.mul (global.get $seen) (i32.const 31)) (local.get 0)))))";
  const uint32_t threads = 1 + numbers.below(3);
  for (uint32_t t = 0; t <= threads; t++) {
    text += fmt::format("(func $body{}", t);
    const uint32_t length = 2 + numbers.below(8);
    for (uint32_t i = 0; i < length; i++) text += statement(numbers);
    text += ")";
  }
  text += "(func (export \"wasi_thread_start\") (param $tid i32) (param $which i32)";
  for (uint32_t t = 1; t <= threads; t++) {
    text +=
        fmt::format("(if (i32.eq (local.get $which) (i32.const {})) (then (call $body{})))", t, t);
  }
  text += R"((i32.atomic.store offset=512 (i32.mul (local.get $which) (i32.const 4))
               (global.get $seen)) (call $announce))
    (func (export "_start"))";
  for (uint32_t t = 1; t <= threads; t++) {
    text += fmt::format("(drop (call $spawn (i32.const {})))", t);
  }
  text += "(call $body0)";
  if (numbers.below(4) != 0) text += fmt::format("(call $await (i32.const {}))", threads);
  text += "(call $print (global.get $seen))";
  for (uint32_t t = 1; t <= threads; t++) {
    text += fmt::format("(call $print (i32.load (i32.const {})))", 512 + 4 * t);
  }
  return with_prelude(text + ")");
}

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
    const std::string text = program(numbers);
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
