// wasi-threads: instances, identifiers, failures (WT-016 to WT-047), both threading models.
#include "reference/embed/threads.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <thread>

#include "reference/base/sanitizers_for_tests.h"
#include "reference/embed/run_for_tests.h"

namespace weft::embed {
namespace {

TEST(ThreadIds, StayInTheirRangeAndAreUniqueAmongTheLiving) {
  ThreadIds ids(3, ThreadIds::kEnd - 1);
  const auto a = ids.take(), b = ids.take(), c = ids.take();
  EXPECT_EQ(a, ThreadIds::kEnd - 1);
  EXPECT_EQ(b, 1u) << "behind the last number comes the first";
  EXPECT_EQ(c, 2u);
  EXPECT_FALSE(ids.take());
  ids.release(*b);
  EXPECT_EQ(ids.take(), 3u);
  ThreadIds wrapping(10, ThreadIds::kEnd - 1);
  EXPECT_TRUE(wrapping.take());
  EXPECT_EQ(wrapping.take(), 1u);
  EXPECT_EQ(wrapping.living(), 2u);
}

// Each of `cycles` threads is waited for before the next one is made.
std::string spawn_and_exit(int cycles) {
  return with_prelude(R"(
  (func (export "wasi_thread_start") (param $tid i32) (param $i i32)
    (i32.atomic.store (i32.const 128) (local.get $i))
    (drop (memory.atomic.notify (i32.const 128) (i32.const 1))))
  (func (export "_start") (local $i i32) (local $tid i32)
    (loop $next
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (local.set $tid (call $spawn (local.get $i)))
      (if (i32.ge_u (local.get $tid) (i32.const 0x20000000)) (then (unreachable)))
      (loop $again
        (drop (memory.atomic.wait32 (i32.const 128)
          (i32.sub (local.get $i) (i32.const 1)) (i64.const -1)))
        (br_if $again (i32.ne (i32.atomic.load (i32.const 128)) (local.get $i))))
      (br_if $next (i32.lt_u (local.get $i) (i32.const )" +
                      std::to_string(cycles) + R"()))))
)");
}

size_t resident_pages() {
  std::ifstream statm("/proc/self/statm");
  size_t size = 0, resident = 0;
  statm >> size >> resident;
  return resident;
}

TEST(NativeThreads, ManySpawnsAndExitsLeaveNothingBehind) {
  const auto warm = load(spawn_and_exit(500));
  const auto many = load(spawn_and_exit(kSanitized ? 1000 : 10'000));
  ASSERT_TRUE(warm && many);
  TestRun run;
  ASSERT_EQ(run.run(warm).kind, RunResult::Kind::kExit);
  const size_t before = resident_pages();
  const RunResult result = run.run(many);
  ASSERT_EQ(result.kind, RunResult::Kind::kExit) << result.message;
  if (!kSanitized) {
    // One kilobyte a thread that stays would already be 2,500 pages.
    EXPECT_LT(resident_pages(), before + 1000);
  }
}

TEST(NativeThreads, LivingThreadsHaveDifferentIdsThatTheySeeThemselves) {
  TestRun run;
  // Thread i stores its tid in cell i; all live until the last one is there.
  const RunResult result = run.run(with_prelude(R"(
  (func (export "wasi_thread_start") (param $tid i32) (param $i i32)
    (i32.atomic.store (i32.add (i32.const 2048) (i32.mul (local.get $i) (i32.const 4)))
                      (local.get $tid))
    (call $announce)
    (drop (memory.atomic.wait32 (i32.const 128) (i32.const 0) (i64.const -1))))
  (func (export "_start") (local $i i32) (local $j i32)
    (loop $next
      (i32.store (i32.add (i32.const 4096) (i32.mul (local.get $i) (i32.const 4)))
                 (call $spawn (local.get $i)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 50))))
    (call $await (i32.const 50))
    (local.set $i (i32.const 0))
    (loop $each
      (if (i32.ne (i32.load (i32.add (i32.const 4096) (i32.mul (local.get $i) (i32.const 4))))
                  (i32.load (i32.add (i32.const 2048) (i32.mul (local.get $i) (i32.const 4)))))
        (then (unreachable)))
      (local.set $j (i32.const 0))
      (loop $other
        (if (i32.and (i32.ne (local.get $i) (local.get $j))
          (i32.eq (i32.load (i32.add (i32.const 4096) (i32.mul (local.get $i) (i32.const 4))))
                  (i32.load (i32.add (i32.const 4096) (i32.mul (local.get $j) (i32.const 4))))))
          (then (unreachable)))
        (local.set $j (i32.add (local.get $j) (i32.const 1)))
        (br_if $other (i32.lt_u (local.get $j) (i32.const 50))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $each (i32.lt_u (local.get $i) (i32.const 50)))))
)"));
  EXPECT_EQ(result.kind, RunResult::Kind::kExit) << result.message;
}

TEST(NativeThreads, StartArgumentsArriveUnchanged) {
  for (const char* argument : {"0", "-1", "0x80000000", "0x7FFFFFFF", "0xFFFFFFF0"}) {
    TestRun run;
    const RunResult result =
        run.run(with_prelude(std::string(R"(
    (func (export "wasi_thread_start") (param $tid i32) (param $arg i32)
      (call $exit (i32.add (i32.const 10) (i32.eq (local.get $arg) (i32.const )") +
                             argument + R"()))))
    (func (export "_start") (drop (call $spawn (i32.const )" +
                             argument + R"())) (call $await (i32.const 1))))"));
    EXPECT_EQ(result.code, 11u) << argument;
  }
}

// A global, a table and a dropped segment: set by the main thread, looked at by the child. The
// child's exit code says what it saw: 1 the global, 2 the table, 4 the segment, as the main thread
// left them.
std::string what_is_shared() {
  return with_prelude(R"(
  (global $g (mut i32) (i32.const 1))
  (table 1 funcref)
  (elem (i32.const 0) $one)
  (elem $passive funcref (ref.func $two))
  (func $one (result i32) (i32.const 0))
  (func $two (result i32) (i32.const 2))
  (func (export "wasi_thread_start") (param i32 i32)
    (call $exit (i32.add (i32.const 100) (i32.add (i32.sub (global.get $g) (i32.const 1))
      (call_indirect (result i32) (i32.const 0))))))
  (func (export "_start")
    (global.set $g (i32.const 2))
    (table.init $passive (i32.const 0) (i32.const 0) (i32.const 1))
    (drop (call $spawn (i32.const 0)))
    (call $await (i32.const 1))))");
}

TEST(NativeThreadsModels, AnInstanceAThreadSharesNeitherGlobalsNorTables) {
  TestRun run;
  EXPECT_EQ(run.run(what_is_shared()).code, 100u);
}

TEST(NativeThreadsModels, ASharedInstanceSharesBoth) {
  TestRun run;
  run.options.program.threading = ThreadingModel::kSharedInstance;
  EXPECT_EQ(run.run(what_is_shared()).code, 103u);
}

TEST(NativeThreadsModels, StartFunctionAndSegmentsRunOncePerInstance) {
  const auto module = load(R"((module
  (import "env" "memory" (memory 1 1 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (export "memory" (memory 0))
  (data (i32.const 200) "A")
  (start $start)
  (func $start (drop (i32.atomic.rmw.add (i32.const 64) (i32.const 1))))
  (func (export "wasi_thread_start") (param i32 i32)
    (call $exit (i32.add (i32.mul (i32.const 100) (i32.atomic.load8_u (i32.const 200)))
                         (i32.atomic.load (i32.const 64)))))
  (func (export "_start")
    (i32.atomic.store8 (i32.const 200) (i32.const 1))
    (drop (call $spawn (i32.const 0)))
    (loop $for_ever (br $for_ever)))))");
  ASSERT_TRUE(module);
  TestRun run;
  EXPECT_EQ(run.run(module).code, 6502u) << "the byte is 65 again, two starts";
  run.options.program.threading = ThreadingModel::kSharedInstance;
  EXPECT_EQ(run.run(module).code, 101u) << "the byte is 1, one start";
}

// `decls` may lack or misdeclare the entry; the program prints 1 when the spawn was refused.
std::string refused_spawn(std::string_view decls) {
  return with_prelude(std::string(decls) + R"(
  (func (export "_start")
    (call $print (i32.lt_s (call $try_spawn (i32.const 0)) (i32.const 0)))))");
}

TEST(NativeSpawnFailure, AMissingOrMistypedEntryIsANegativeResult) {
  for (const char* decls : {"", R"((func (export "wasi_thread_start") (param i32)))",
                            R"((func (export "wasi_thread_start") (param i32 i64)))",
                            R"((func (export "wasi_thread_start") (param i32 i32) (result i32)
                               (i32.const 0)))",
                            R"((global (export "wasi_thread_start") i32 (i32.const 0)))"}) {
    TestRun run;
    const RunResult result = run.run(refused_spawn(decls));
    EXPECT_EQ(result.kind, RunResult::Kind::kExit) << decls << result.message;
    EXPECT_EQ(run.out(), "1\n") << decls;
  }
}

// The start function traps in every instance but the first.
TEST(NativeSpawnFailure, ATrappingStartFunctionIsANegativeResultAndNothingElse) {
  TestRun run;
  const RunResult result = run.run(with_prelude(R"(
  (start $start)
  (func $start
    (if (i32.atomic.rmw.add (i32.const 256) (i32.const 1)) (then (unreachable))))
  (func (export "wasi_thread_start") (param i32 i32) (unreachable))
  (func (export "_start")
    (call $print (i32.lt_s (call $try_spawn (i32.const 0)) (i32.const 0)))
    (call $print (i32.lt_s (call $try_spawn (i32.const 0)) (i32.const 0)))
    (call $print (i32.atomic.load (i32.const 256)))))"));
  EXPECT_EQ(result.kind, RunResult::Kind::kExit) << result.message;
  EXPECT_EQ(run.out(), "1\n1\n3\n");
}

TEST(NativeSpawnFailure, TheTrapOfAGrandchildsStartFunctionIsItsSpawnersToSee) {
  TestRun run;
  const RunResult result = run.run(with_prelude(R"(
  (start $start)
  (func $start
    (if (i32.gt_u (i32.atomic.rmw.add (i32.const 256) (i32.const 1)) (i32.const 1))
      (then (drop (i32.load (i32.const -1))))))
  (func (export "wasi_thread_start") (param i32 i32)
    (call $print (i32.lt_s (call $try_spawn (i32.const 0)) (i32.const 0)))
    (call $exit (i32.const 4)))
  (func (export "_start")
    (drop (call $spawn (i32.const 0))) (call $await (i32.const 1))))"));
  EXPECT_EQ(result.code, 4u) << result.message;
  EXPECT_EQ(run.out(), "1\n");
}

TEST(NativeSpawnFailure, BeyondTheLimitSpawnsFailUntilAThreadHasEnded) {
  TestRun run;
  run.options.program.max_threads = 4;
  const RunResult result = run.run(with_prelude(R"(
  (func (export "wasi_thread_start") (param i32 i32)
    (drop (memory.atomic.wait32 (i32.const 128) (i32.const 0) (i64.const -1))))
  (func (export "_start") (local $made i32)
    (loop $next
      (if (i32.gt_s (call $try_spawn (i32.const 0)) (i32.const 0))
        (then (local.set $made (i32.add (local.get $made) (i32.const 1))) (br $next))))
    (call $print (local.get $made))
    (i32.atomic.store (i32.const 128) (i32.const 1))
    (drop (memory.atomic.notify (i32.const 128) (i32.const -1)))
    (loop $again
      (br_if $again (i32.lt_s (call $try_spawn (i32.const 0)) (i32.const 0))))
    (call $exit (i32.const 6))))"));
  EXPECT_EQ(result.code, 6u) << result.message;
  EXPECT_EQ(run.out(), "3\n");
}

TEST(NativeSpawn, AStartFunctionMayWaitSleepAndSpawn) {
  TestRun run;
  const RunResult result = run.run(with_prelude(R"(
  (start $start)
  (func $start
    ;; the second instance spawns a third from its start function
    (drop (memory.atomic.wait32 (i32.const 512) (i32.const 0) (i64.const 1000)))
    (call $sleep (i64.const 1000))
    (if (i32.eq (i32.atomic.rmw.add (i32.const 256) (i32.const 1)) (i32.const 1))
      (then (drop (call $spawn (i32.const 1))))))
  (func (export "wasi_thread_start") (param i32 i32) (call $announce))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (call $await (i32.const 2))
    (call $exit (i32.add (i32.const 20) (i32.atomic.load (i32.const 256))))))"));
  EXPECT_EQ(result.code, 23u) << result.message;
}

TEST(NativeSpawn, EightThreadsSpawnAtTheSameTime) {
  TestRun run;
  const RunResult result = run.run(with_prelude(R"(
  (func (export "wasi_thread_start") (param $tid i32) (param $arg i32) (local $i i32)
    (if (local.get $arg)
      (then
        (loop $next
          (drop (call $spawn (i32.const 0)))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br_if $next (i32.lt_u (local.get $i) (i32.const 20))))))
    (call $announce))
  (func (export "_start") (local $i i32)
    (loop $next
      (drop (call $spawn (i32.const 1)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 8))))
    (call $await (i32.const 168))))"));
  EXPECT_EQ(result.kind, RunResult::Kind::kExit) << result.message;
}

TEST(NativeThreads, WaitersAreWokenInTurnAndTimeoutsAreNeverEarly) {
  TestRun run;
  const RunResult result = run.run(with_prelude(R"(
  (func (export "_start") (local $before i64)
    (call $print (memory.atomic.wait32 (i32.const 128) (i32.const 0) (i64.const 0)))
    (call $print (memory.atomic.wait32 (i32.const 128) (i32.const 1) (i64.const -1)))
    (drop (call $now (i32.const 1) (i64.const 0) (i32.const 256)))
    (local.set $before (i64.load (i32.const 256)))
    (call $print (memory.atomic.wait64 (i32.const 128) (i64.const 0) (i64.const 15000000)))
    (drop (call $now (i32.const 1) (i64.const 0) (i32.const 256)))
    (if (i64.lt_u (i64.sub (i64.load (i32.const 256)) (local.get $before)) (i64.const 15000000))
      (then (unreachable)))))"));
  EXPECT_EQ(result.kind, RunResult::Kind::kExit) << result.message;
  EXPECT_EQ(run.out(), "2\n1\n2\n");
}

TEST(NativeThreads, TheExtremesOfATimeoutWaitForANotify) {
  for (const char* timeout : {"-1", "0x8000000000000000", "0x7FFFFFFFFFFFFFFF"}) {
    TestRun run;
    const RunResult result = run.run(with_prelude(std::string(R"(
    (func (export "wasi_thread_start") (param i32 i32)
      (call $print (memory.atomic.wait32 (i32.const 128) (i32.const 0) (i64.const )") +
                                                  timeout + R"()))
      (call $exit (i32.const 9)))
    (func (export "_start")
      (drop (call $spawn (i32.const 0)))
      (loop $again
        (br_if $again (i32.eqz (memory.atomic.notify (i32.const 128) (i32.const 1)))))
      (call $await (i32.const 1))))"));
    EXPECT_EQ(result.code, 9u) << timeout << result.message;
    EXPECT_EQ(run.out(), "0\n");
  }
}

TEST(NativeThreads, TwoProgramsRunAtTheSameTime) {
  const auto module = load(spawn_and_exit(100));
  ASSERT_TRUE(module);
  std::thread other([&] {
    TestRun run;
    EXPECT_EQ(run.run(module).kind, RunResult::Kind::kExit);
  });
  TestRun run;
  EXPECT_EQ(run.run(module).kind, RunResult::Kind::kExit);
  other.join();
}

TEST(ProgramLink, WhatCannotBeLinkedIsRefusedBeforeAnythingRuns) {
  const struct {
    const char* wat;
    const char* message;
  } kRows[] = {
      {R"((module (import "env" "f" (func)) (func (export "_start"))))", "unknown import"},
      {R"((module (import "wasi_snapshot_preview1" "fd_frob" (func (param i32) (result i32)))
          (func (export "_start"))))",
       "unknown import"},
      {R"((module (import "wasi" "thread-spawn" (func (param i64) (result i32)))
          (func (export "_start"))))",
       "incompatible import type"},
      {R"((module (import "env" "memory" (memory 1)) (func (export "_start"))))", "unknown import"},
      {R"((module (import "env" "g" (global (mut i32))) (func (export "_start"))))",
       "unknown import"},
      {R"((module (func (export "main"))))", "_start"},
      {R"((module (func (export "_start") (param i32))))", "_start"},
  };
  for (const auto& row : kRows) {
    TestRun run;
    const RunResult result = run.run(row.wat);
    EXPECT_EQ(result.kind, RunResult::Kind::kReject) << row.wat;
    EXPECT_EQ(result.stage, "link");
    EXPECT_NE(result.message.find(row.message), std::string::npos) << result.message;
  }
}

TEST(ProgramLink, TheSharedMemoryMayHaveAnyName) {
  TestRun run;
  EXPECT_EQ(
      run.run(R"((module (import "foo" "bar" (memory 0 0 shared)) (func (export "_start"))))").kind,
      RunResult::Kind::kExit);
}

}  // namespace
}  // namespace weft::embed
