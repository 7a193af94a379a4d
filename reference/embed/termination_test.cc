// A trap, proc_exit or the return of _start ends every thread at once, whatever they do, with the
// right status (wasi-threads, "Design choice: termination"; WT-050 to WT-062).
#include <fmt/core.h>
#include <unistd.h>

#include "reference/embed/run_for_tests.h"

namespace weft::embed {
namespace {

struct Row {
  const char* end;     // how the group is ended
  bool by_main;        // by the main thread, else by a child
  const char* doing;   // what the others do meanwhile
  uint32_t exit_code;  // for "exit"
};

std::string body_of(const Row& row) {
  const std::string action =
      row.end == std::string("trap") ? "(unreachable)"
      : row.end == std::string("exit")
          ? fmt::format("(call $exit (i32.const {})) (unreachable)", row.exit_code)
          : "(return)";
  return fmt::format(
      R"(
  (func $spins (loop $again (br $again)))
  (func $spins_on_memory (loop $again (drop (i32.atomic.load (i32.const 8))) (br $again)))
  (func $waits (drop (memory.atomic.wait32 (i32.const 128) (i32.const 0) (i64.const -1))))
  (func $polls (call $sleep (i64.const 3600000000000)))
  (func $reads (i32.store (i32.const 200) (i32.const 300)) (i32.store (i32.const 204) (i32.const 8))
    (drop (call $fd_read (i32.const 0) (i32.const 200) (i32.const 1) (i32.const 208))))
  (func $calls (loop $again (drop (call $nothing (i32.const 1))) (br $again)))
  (func $nothing (param i32) (result i32) (local.get 0))
  (func (export "wasi_thread_start") (param $tid i32) (param $who i32)
    (if (local.get $who)
      (then (call $await (i32.const {others})) {child_action})
      (else (call $announce) (call ${doing}) (unreachable))))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (drop (call $spawn (i32.const 0)))
    {main}))",
      fmt::arg("others", row.by_main ? 2 : 3), fmt::arg("doing", row.doing),
      fmt::arg("child_action", row.by_main ? "(unreachable)" : action),
      fmt::arg("main", row.by_main ? "(call $await (i32.const 2)) " + action
                                   : fmt::format("(drop (call $spawn (i32.const 1))) (call "
                                                 "$announce) (call ${}) (unreachable)",
                                                 row.doing)));
}

class NativeTermination : public testing::TestWithParam<Row> {};

TEST_P(NativeTermination, EndsEverybodyWithTheRightStatus) {
  const Row& row = GetParam();
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  TestRun run;
  run.options.process.stdio[0] = ends[0];  // stays open and never delivers
  const auto module = load(with_prelude(body_of(row)));
  ASSERT_TRUE(module);
  for (int i = 0; i < 3; i++) {
    const RunResult result = run.run(module);
    if (row.end == std::string("trap")) {
      EXPECT_EQ(result.kind, RunResult::Kind::kTrap) << result.message;
      EXPECT_EQ(result.message, "unreachable");
      EXPECT_EQ(result.agent, row.by_main ? 0u : 3u);
    } else {
      EXPECT_EQ(result.kind, RunResult::Kind::kExit) << result.message;
      EXPECT_EQ(result.code, row.end == std::string("exit") ? row.exit_code : 0u);
    }
  }
  close(ends[0]);
  close(ends[1]);
}

std::vector<Row> rows() {
  std::vector<Row> all;
  for (const char* doing : {"spins", "spins_on_memory", "calls", "waits", "polls", "reads"}) {
    all.push_back({"trap", true, doing, 0});
    all.push_back({"trap", false, doing, 0});
    all.push_back({"exit", true, doing, 7});
    all.push_back({"exit", false, doing, 99});
    all.push_back({"exit", false, doing, 0});
    all.push_back({"return", true, doing, 0});
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(Matrix, NativeTermination, testing::ValuesIn(rows()),
                         [](const auto& info) {
                           return fmt::format(
                               "{}{}By{}While{}", info.param.end, info.param.exit_code,
                               info.param.by_main ? "Main" : "Child", info.index / 6);
                         });

TEST(NativeTerminationRaces, TheFirstStatusIsOneOfThoseGiven) {
  const auto module = load(with_prelude(R"(
  (func (export "wasi_thread_start") (param $tid i32) (param $code i32)
    (call $announce) (call $await (i32.const 3)) (call $exit (local.get $code)))
  (func (export "_start")
    (drop (call $spawn (i32.const 71))) (drop (call $spawn (i32.const 72)))
    (call $announce) (call $await (i32.const 3)) (unreachable)))"));
  ASSERT_TRUE(module);
  for (int i = 0; i < 100; i++) {
    TestRun run;
    const RunResult result = run.run(module);
    if (result.kind == RunResult::Kind::kExit) {
      EXPECT_TRUE(result.code == 71 || result.code == 72) << result.code;
    } else {
      EXPECT_EQ(result.kind, RunResult::Kind::kTrap);
    }
  }
}

TEST(NativeTermination, AThreadThatReturnsEndsOnlyItself) {
  TestRun run;
  const RunResult result = run.run(with_prelude(R"(
  (func (export "wasi_thread_start") (param i32 i32)
    (i32.atomic.store (i32.const 128) (i32.const 1))
    (drop (memory.atomic.notify (i32.const 128) (i32.const 1))))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (drop (memory.atomic.wait32 (i32.const 128) (i32.const 0) (i64.const -1)))
    ;; the program goes on, and its own wait times out, at an address that nobody notifies
    (call $print (memory.atomic.wait32 (i32.const 132) (i32.const 0) (i64.const 1000000)))
    (call $exit (i32.const 5))))"));
  EXPECT_EQ(result.kind, RunResult::Kind::kExit) << result.message;
  EXPECT_EQ(result.code, 5u);
  EXPECT_EQ(run.out(), "2\n");
}

TEST(NativeTermination, ExitCodesKeepTheir32Bits) {
  TestRun run;
  EXPECT_EQ(run.run(with_prelude(R"((func (export "_start") (call $exit (i32.const -2))))")).code,
            0xFFFFFFFEu);
}

TEST(NativeTermination, ATrapSaysWhereItHappened) {
  TestRun run;
  const RunResult result = run.run(with_prelude(R"(
  (func $culprit (export "culprit") (drop (i32.load (i32.const -4))))
  (func (export "_start") (call $culprit)))"));
  EXPECT_EQ(result.kind, RunResult::Kind::kTrap);
  EXPECT_EQ(result.message, "out of bounds memory access");
  EXPECT_EQ(result.function, "culprit");
  EXPECT_GT(result.offset, 0u);
}

TEST(NativeTermination, AThousandProgramsRunInOneProcess) {
  const auto module = load(with_prelude(R"(
  (func (export "wasi_thread_start") (param i32 i32)
    (drop (memory.atomic.wait32 (i32.const 128) (i32.const 0) (i64.const -1))))
  (func (export "_start") (drop (call $spawn (i32.const 0))) (call $exit (i32.const 3))))"));
  ASSERT_TRUE(module);
  for (int i = 0; i < 1000; i++) {
    TestRun run;
    ASSERT_EQ(run.run(module).code, 3u);
  }
}

}  // namespace
}  // namespace weft::embed
