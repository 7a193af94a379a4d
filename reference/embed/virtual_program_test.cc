#include "reference/embed/virtual_program.h"

#include <fmt/core.h>

#include <set>

#include "reference/embed/explore.h"
#include "reference/embed/litmus_run.h"
#include "reference/embed/run_for_tests.h"
#include "reference/embed/trace.h"

namespace weft::embed {
namespace {

struct Lines final : schedule::Observer {
  void on_step(const schedule::Step& step) override { text += trace_line(step) + "\n"; }
  std::string text;
};

struct Seen {
  RunResult result;
  std::string out, trace, token;
};

Seen run_with(const std::shared_ptr<const module::Module>& module, const std::string& schedule,
              ThreadingModel threading = ThreadingModel::kInstancePerThread) {
  auto scheduler = schedule::make_scheduler(schedule);
  EXPECT_TRUE(scheduler) << schedule;
  (*scheduler)->new_execution();
  RunOptions options;
  options.program.threading = threading;
  options.process.args = {"test"};
  for (auto& buffer : options.process.buffers) buffer = std::make_shared<wasi::Buffer>();
  const auto out = options.process.buffers[1];
  Lines lines;
  schedule::VirtualOptions how;
  how.observer = &lines;
  how.max_steps = 100'000;
  VirtualResult done = run_scheduled(module, std::move(options), **scheduler, how);
  EXPECT_FALSE((*scheduler)->diverged());
  return {std::move(done.result), out->output, std::move(lines.text), done.token};
}

// Three threads add to a cell without and with atomics, print what they see, draw randomness.
constexpr const char* kRacy = R"(
  (func (export "wasi_thread_start") (param $tid i32) (param $arg i32) (local $i i32)
    (loop $next
      (i32.store (i32.const 256) (i32.add (i32.load (i32.const 256)) (i32.const 1)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 5))))
    (call $announce)
    (drop (memory.atomic.notify (i32.const 64) (i32.const 1))))
  (func (export "_start") (local $n i32)
    (drop (call $spawn (i32.const 1))) (drop (call $spawn (i32.const 2)))
    (drop (call $spawn (i32.const 3)))
    (loop $again
      (local.set $n (i32.atomic.load (i32.const 64)))
      (if (i32.lt_u (local.get $n) (i32.const 3))
        (then (drop (memory.atomic.wait32 (i32.const 64) (local.get $n) (i64.const 5000)))
              (br $again))))
    (call $print (i32.load (i32.const 256))))
)";

TEST(VirtualProgram, TheSameScheduleGivesTheSameBytes) {
  const auto module = load(with_prelude(kRacy));
  ASSERT_TRUE(module);
  std::set<std::string> outs;
  for (const char* schedule : {"round-robin", "random:1", "random:2", "random:3", "pct:2:1",
                               "pct:3:2", "pct:3:3", "random:4", "random:5"}) {
    const Seen one = run_with(module, schedule), two = run_with(module, schedule);
    EXPECT_EQ(one.result.kind, RunResult::Kind::kExit) << one.result.message;
    EXPECT_EQ(one.trace, two.trace);
    EXPECT_EQ(one.out, two.out);
    const Seen replayed = run_with(module, "replay:" + one.token);
    EXPECT_EQ(replayed.trace, one.trace) << schedule;
    EXPECT_EQ(replayed.out, one.out);
    EXPECT_EQ(replayed.token, one.token);
    outs.insert(one.out);
  }
  EXPECT_GT(outs.size(), 1u) << "updates get lost under some schedule";
}

// Each thread waits for the other by spinning: whoever stays with one of them never comes to an
// end. Tried with: 0 instead of kNobody in Replay::next_thread (hangs); no comparison of program().
TEST(VirtualProgram, ATokenOfAnotherProgramIsRefusedInsteadOfRunOn) {
  const auto racy = load(with_prelude(kRacy));
  const auto spins = load(with_prelude(R"(
  (func (export "wasi_thread_start") (param i32 i32) (call $announce))
  (func (export "_start") (drop (call $spawn (i32.const 1))) (call $await (i32.const 1))))"));
  ASSERT_TRUE(racy && spins);
  const std::string token = run_with(racy, "random:1").token;
  auto reader = schedule::TokenReader::make(token);
  ASSERT_TRUE(reader);
  schedule::Choices short_one;
  short_one.program = program_mark(*spins);
  for (const std::string& text : {token, short_one.token()}) {
    auto replay = schedule::make_scheduler("replay:" + text);
    ASSERT_TRUE(replay);
    (*replay)->new_execution();
    const VirtualResult done = run_scheduled(spins, {}, **replay);
    EXPECT_EQ(done.result.kind, RunResult::Kind::kFailed) << text;
    EXPECT_EQ(done.result.message, kTokenDoesNotFit);
    EXPECT_EQ(done.steps, text == token ? 0 : done.steps) << "known before the first step";
  }
}

// Tried with: Replay::most_steps as its default (goes on for ever: the main thread spins alone).
TEST(VirtualProgram, ARunThatItsLimitEndedIsRepeatedToItsLastStep) {
  const auto module = load(with_prelude(R"(
  (func (export "wasi_thread_start") (param i32 i32) (call $announce))
  (func (export "_start") (drop (call $spawn (i32.const 1))) (call $await (i32.const 2))))"));
  ASSERT_TRUE(module);
  ExploreOptions options;
  options.executions = 1;
  options.how.max_steps = 500;
  const auto random = schedule::make_random(3);
  const auto outcomes = explore_program(module, options, *random);
  ASSERT_TRUE(outcomes) << outcomes.error().message;
  ASSERT_EQ(outcomes->sorted()[0].text, "limit");
  auto replay = schedule::make_scheduler("replay:" + outcomes->sorted()[0].token);
  ASSERT_TRUE(replay);
  (*replay)->new_execution();
  const VirtualResult done = run_scheduled(module, {}, **replay);
  EXPECT_EQ(done.result.kind, RunResult::Kind::kLimit);
  EXPECT_EQ(done.steps, 500u);
  EXPECT_FALSE((*replay)->diverged());
}

TEST(VirtualProgram, AnHourOfSleepPassesAtOnceAndInOrder) {
  const auto module = load(with_prelude(R"(
  (func (export "wasi_thread_start") (param $tid i32) (param $hours i32)
    (call $sleep (i64.mul (i64.extend_i32_u (local.get $hours)) (i64.const 3600000000000)))
    (call $print (local.get $hours))
    (call $announce))
  (func (export "_start")
    (drop (call $spawn (i32.const 3))) (drop (call $spawn (i32.const 1)))
    (drop (call $spawn (i32.const 2)))
    (drop (memory.atomic.wait32 (i32.const 128) (i32.const 0) (i64.const 36000000000000)))
    (call $print (i32.const 10))))"));
  ASSERT_TRUE(module);
  for (const char* schedule : {"round-robin", "random:7", "pct:3:7"}) {
    const Seen seen = run_with(module, schedule);
    EXPECT_EQ(seen.result.kind, RunResult::Kind::kExit) << seen.result.message;
    EXPECT_EQ(seen.out, "1\n2\n3\n10\n") << schedule;
  }
}

// Tried with: only the last notify kept.
TEST(VirtualProgram, ADeadlockSaysWhoWaitsWhereAndWhichNotifiesCameTooEarly) {
  const auto module = load(with_prelude(R"(
  (memory $other 1 1 shared)
  (func (export "wasi_thread_start") (param i32 i32)
    (drop (memory.atomic.notify (i32.const 128) (i32.const 1)))
    (drop (memory.atomic.notify (i32.const 128) (i32.const 2)))
    (i32.atomic.store (i32.const 132) (i32.const 1)))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (loop $until_it_is_too_late (br_if $until_it_is_too_late
      (i32.eqz (i32.atomic.load (i32.const 132)))))
    (drop (memory.atomic.wait32 (i32.const 128) (i32.const 0) (i64.const -1)))))"));
  ASSERT_TRUE(module);
  const Seen seen = run_with(module, "random:1");
  EXPECT_EQ(seen.result.kind, RunResult::Kind::kDeadlock);
  ASSERT_EQ(seen.result.report.size(), 1u);
  const std::string& report = seen.result.report[0];
  EXPECT_NE(report.find("thread 0 waits at address 128 of memory 0 for a notify since step "),
            std::string::npos)
      << report;
  // The steps of both notifies, as the trace has them.
  std::string expected = "; 2 notifies there woke nobody:";
  for (size_t at = 0, n = 0; (at = seen.trace.find("\"op\":\"notify\"", at)) != std::string::npos;
       at++) {
    const size_t line = seen.trace.rfind('\n', at) + 1;
    const size_t step = seen.trace.find("\"step\":", line) + 7;
    expected += fmt::format("{} by thread 1 at step {}", n++ == 0 ? "" : ",",
                            seen.trace.substr(step, seen.trace.find(',', step) - step));
  }
  EXPECT_NE(report.find(expected), std::string::npos) << report << "\n" << expected;
}

TEST(VirtualProgram, RandomnessComesFromTheSeed) {
  const auto module = load(R"((module
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func (export "_start") (drop (call $random (i32.const 0) (i32.const 4)))
    (call $exit (i32.load (i32.const 0))))))");
  ASSERT_TRUE(module);
  const Seen a = run_with(module, "random:1");
  EXPECT_EQ(a.result.code, run_with(module, "random:1").result.code);
  EXPECT_NE(a.result.code, run_with(module, "random:2").result.code);
  EXPECT_EQ(a.result.code, run_with(module, "replay:" + a.token).result.code);
}

TEST(VirtualProgram, TrapsAndExitsEndTheGroupFromAnyThread) {
  const auto trap = load(with_prelude(R"(
  (func (export "wasi_thread_start") (param i32 i32) (unreachable))
  (func (export "_start") (drop (call $spawn (i32.const 0)))
    (loop $for_ever (drop (i32.atomic.load (i32.const 0))) (br $for_ever))))"));
  const auto exit = load(with_prelude(R"(
  (func (export "wasi_thread_start") (param i32 i32) (call $exit (i32.const 9)))
  (func (export "_start") (drop (call $spawn (i32.const 0)))
    (drop (memory.atomic.wait32 (i32.const 128) (i32.const 0) (i64.const -1)))))"));
  ASSERT_TRUE(trap && exit);
  for (const char* schedule : {"round-robin", "random:3", "pct:1:1", "pct:1:2", "pct:1:3"}) {
    const Seen trapped = run_with(trap, schedule);
    EXPECT_EQ(trapped.result.kind, RunResult::Kind::kTrap) << schedule;
    EXPECT_EQ(trapped.result.agent, 1u);
    EXPECT_EQ(run_with(exit, schedule).result.code, 9u) << schedule;
  }
}

// Neither thread ever looks at memory or the host: only the limit of work can part them.
TEST(VirtualProgram, AThreadThatSpinsWithoutLookingStandsBack) {
  const auto module = load(with_prelude(R"(
  (func (export "wasi_thread_start") (param i32 i32) (loop $for_ever (br $for_ever)))
  (func (export "_start") (drop (call $spawn (i32.const 0)))
    (call $sleep (i64.const 1000)) (call $exit (i32.const 4))))"));
  ASSERT_TRUE(module);
  const auto scheduler = schedule::make_random(1);
  scheduler->new_execution();
  EXPECT_EQ(run_scheduled(module, {}, *scheduler).result.code, 4u);
}

TEST(VirtualProgram, DepthFirstTriesExpiryAndRefusedGrowth) {
  const auto module = load(with_prelude(R"(
  (func (export "wasi_thread_start") (param i32 i32))
  (func (export "_start") (local $w i32)
    (local.set $w (memory.atomic.wait32 (i32.const 128) (i32.const 0) (i64.const 1000)))
    (call $exit (i32.add (i32.mul (local.get $w) (i32.const 10))
                         (i32.eq (memory.grow (i32.const 1)) (i32.const -1))))))"));
  ASSERT_TRUE(module);
  schedule::DfsState state;
  const auto scheduler = schedule::make_dfs(state);
  const auto outcomes = explore_program(module, {}, *scheduler);
  ASSERT_TRUE(outcomes) << outcomes.error().message;
  std::set<std::string> seen;
  for (const Outcome& outcome : outcomes->sorted()) seen.insert(outcome.text);
  EXPECT_EQ(seen, (std::set<std::string>{"exit=20", "exit=21"}));
}

TEST(VirtualProgram, DepthFirstFindsTheOneBadInterleaving) {
  // Two unsynchronised increments: 1 only when both load before either stores.
  const auto module = load(with_prelude(R"(
  (func (export "wasi_thread_start") (param i32 i32)
    (i32.store (i32.const 256) (i32.add (i32.load (i32.const 256)) (i32.const 1)))
    (i32.atomic.store (i32.const 128) (i32.const 1))
    (drop (memory.atomic.notify (i32.const 128) (i32.const 1))))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (i32.store (i32.const 256) (i32.add (i32.load (i32.const 256)) (i32.const 1)))
    (drop (memory.atomic.wait32 (i32.const 128) (i32.const 0) (i64.const -1)))
    (call $exit (i32.load (i32.const 256)))))"));
  ASSERT_TRUE(module);
  schedule::DfsState state;
  const auto scheduler = schedule::make_dfs(state);
  ExploreOptions options;
  options.executions = 100'000;
  const auto outcomes = explore_program(module, options, *scheduler);
  ASSERT_TRUE(outcomes) << outcomes.error().message;
  EXPECT_TRUE(state.finished);
  std::set<std::string> seen;
  for (const Outcome& outcome : outcomes->sorted()) {
    seen.insert(outcome.text);
    const Seen again = run_with(module, "replay:" + outcome.token);
    EXPECT_EQ(outcome_text(again.result, again.out), outcome.text) << outcome.token;
  }
  EXPECT_EQ(seen, (std::set<std::string>{"exit=1", "exit=2"}));
}

TEST(LitmusRun, StoreBufferingHasItsThreeOutcomesInSixSchedules) {
  const auto module = load(R"((module
  (import "env" "memory" (memory 1 1 shared))
  (func (export "thread0") (param i32) (result i32)
    (i32.atomic.store (local.get 0) (i32.const 1))
    (i32.atomic.load offset=64 (local.get 0)))
  (func (export "thread1") (param i32) (result i32)
    (i32.atomic.store offset=64 (local.get 0) (i32.const 1))
    (i32.atomic.load (local.get 0)))))");
  ASSERT_TRUE(module);
  LitmusShape shape;
  shape.registers = {{"r0"}, {"r1"}};
  shape.inits = {{"x", 0, 4, 0}, {"y", 64, 4, 0}};
  shape.observes = {{"x", 0, 4, 0}};
  schedule::DfsState state;
  const auto scheduler = schedule::make_dfs(state);
  auto run = LitmusRun::make(module, shape, *scheduler);
  ASSERT_TRUE(run) << run.error().message;
  while ((*run)->next()) {
  }
  EXPECT_EQ((*run)->outcomes().total(), 6u);
  std::vector<std::string> texts;
  for (const Outcome& outcome : (*run)->outcomes().sorted()) texts.push_back(outcome.text);
  EXPECT_EQ(texts, (std::vector<std::string>{"0:r0=0 1:r1=1 [x]=1", "0:r0=1 1:r1=0 [x]=1",
                                             "0:r0=1 1:r1=1 [x]=1"}));
}

TEST(LitmusRun, MemoryIsAsItWasBeforeEachExecution) {
  // Stores, fill, a copy, grow: the second execution must see what the first one saw.
  const auto module = load(R"((module
  (import "env" "memory" (memory 1 3 shared))
  (func (export "thread0") (param i32) (result i32 i32 i32)
    (local $old i32) (local $size i32)
    (local.set $old (i32.load (i32.const 100)))
    (local.set $size (memory.size))
    (memory.fill (i32.const 96) (i32.const 7) (i32.const 13))
    (memory.copy (i32.const 200) (i32.const 96) (i32.const 8))
    (drop (i64.atomic.rmw.add (i32.const 208) (i64.const 5)))
    (drop (memory.grow (i32.const 1)))
    (local.get $old) (local.get $size)
    (i32.add (i32.load (i32.const 208)) (i32.load8_u (i32.const 207))))))");
  ASSERT_TRUE(module);
  LitmusShape shape;
  shape.registers = {{"old", "size", "sum"}};
  const auto scheduler = schedule::make_random(1);
  auto run = LitmusRun::make(module, shape, *scheduler);
  ASSERT_TRUE(run) << run.error().message;
  for (int i = 0; i < 100; i++) ASSERT_TRUE((*run)->next());
  ASSERT_EQ((*run)->outcomes().size(), 1u);
  EXPECT_EQ((*run)->outcomes().sorted()[0].text, "0:old=0 0:size=1 0:sum=12");
}

TEST(LitmusRun, WaitersAndTrapsAreOutcomes) {
  const auto module = load(R"((module
  (import "env" "memory" (memory 1 1 shared))
  (func (export "thread0") (param i32) (result i32)
    (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
  (func (export "thread1") (param i32) (result i32)
    (memory.atomic.notify (i32.const 0) (i32.const 1)))
  (func (export "thread2") (param i32) (result i32)
    (i32.atomic.load (i32.const 1)))))");
  ASSERT_TRUE(module);
  LitmusShape shape;
  shape.registers = {{"a"}, {"b"}, {"c"}};
  schedule::DfsState state;
  const auto scheduler = schedule::make_dfs(state);
  auto run = LitmusRun::make(module, shape, *scheduler);
  ASSERT_TRUE(run) << run.error().message;
  while ((*run)->next()) {
  }
  std::vector<std::string> texts;
  for (const Outcome& outcome : (*run)->outcomes().sorted()) texts.push_back(outcome.text);
  EXPECT_EQ(texts, (std::vector<std::string>{"0:a=0 1:b=1 2:trap", "1:b=0 0:waiting 2:trap"}));
}

}  // namespace
}  // namespace weft::embed
