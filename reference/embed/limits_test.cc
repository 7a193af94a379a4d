// What is larger than weft takes ends in a trap, in a failed grow or in a refusal that says why.
#include <gtest/gtest.h>

#include "reference/embed/run_for_tests.h"
#include "reference/embed/virtual_program.h"

namespace weft::embed {
namespace {

std::string ending_of(const RunResult& result) {
  switch (result.kind) {
    case RunResult::Kind::kExit:
      return "exit " + std::to_string(result.code);
    case RunResult::Kind::kTrap:
      return "trap: " + result.message;
    case RunResult::Kind::kReject:
      return result.stage + ": " + result.message;
    default:
      return "another end: " + result.message;
  }
}

// Faults: Table::create or Memory::create does not look at the largest size; Table::grow does not
// look at the capacity; Memory::grow adds without looking for a carry; call or call_indirect does
// not compare with the stack's end (a crash).
TEST(Limits, SizesEndInARefusalOrAFailedGrow) {
  const struct {
    const char* module;
    const char* ending;
  } rows[] = {
      {"(module (table 0xffffffff funcref) (func (export \"_start\")))",
       "link: table of 4294967295 elements: at most 10000000 can be had"},
      {"(module (table 1 0xffffffff funcref) (func (export \"_start\")"
       "  (if (i32.ne (table.grow (ref.null func) (i32.const -1)) (i32.const -1)) (then "
       "unreachable))"
       "  (if (i32.ne (table.grow (ref.null func) (i32.const 0x3fffffff)) (i32.const -1))"
       "    (then unreachable))))",
       "exit 0"},
      {"(module (memory 65536 65536 shared) (func (export \"_start\")"
       "  (i32.atomic.store (i32.const -4) (i32.const 1))"
       "  (if (i32.ne (memory.grow (i32.const 1)) (i32.const -1)) (then unreachable))"
       "  (if (i32.ne (memory.grow (i32.const -1)) (i32.const -1)) (then unreachable))))",
       "exit 0"},
      {"(module (memory i64 0x1_0000_0000_0000) (func (export \"_start\")))",
       "link: memory of 281474976710656 pages: at most 262144 pages can be had"},
      {"(module (memory i64 1) (func (export \"_start\")"
       "  (if (i64.ne (memory.grow (i64.const -1)) (i64.const -1)) (then unreachable))"
       "  (if (i64.ne (memory.grow (i64.const 0x1_0000_0000_0000)) (i64.const -1))"
       "    (then unreachable))))",
       "exit 0"},
      {"(module (memory 1) (data (i32.const -1) \"a\") (func (export \"_start\")))",
       "trap: out of bounds memory access"},
      {"(module (func $f (export \"_start\") (call $f)))", "trap: call stack exhausted"},
      {"(module (table funcref (elem $f)) (func $f (export \"_start\")"
       "  (call_indirect (i32.const 0))))",
       "trap: call stack exhausted"},
      {"(module (func $f (result i32) (i32.add (i32.const 1) (call $f)))"
       "  (func (export \"_start\") (drop (call $f))))",
       "trap: call stack exhausted"},
  };
  for (const auto& row : rows) {
    const std::string ending = ending_of(TestRun().run(row.module));
    EXPECT_EQ(ending.substr(0, std::string(row.ending).size()), row.ending) << row.module;
  }
}

// 64 threads that are all at once `depth` calls deep, through a table.
std::string deep_threads(const std::string& depth) {
  return with_prelude(R"(
  (type $f (func (param i32) (result i32)))
  (table funcref (elem $deep $deep))
  (func $deep (type $f)
    (if (result i32) (i32.eqz (local.get 0))
      (then
        (if (i32.eq (i32.atomic.rmw.add (i32.const 264) (i32.const 1)) (i32.const 63))
          (then
            (i32.atomic.store (i32.const 268) (i32.const 1))
            (drop (memory.atomic.notify (i32.const 268) (i32.const -1))))
          (else (drop (memory.atomic.wait32 (i32.const 268) (i32.const 0) (i64.const -1)))))
        (i32.const 0))
      (else (i32.add (i32.const 1)
        (call_indirect (type $f) (i32.sub (local.get 0) (i32.const 1))
                                 (i32.and (local.get 0) (i32.const 1)))))))
  (func (export "wasi_thread_start") (param i32 i32)
    (drop (i32.atomic.rmw.add (i32.const 256) (call $deep (i32.const )" +
                      depth + R"())))
    (drop (i32.atomic.rmw.add (i32.const 260) (i32.const 1)))
    (drop (memory.atomic.notify (i32.const 260) (i32.const 1))))
  (func (export "_start") (local $i i32) (local $n i32)
    (loop $again
      (drop (call $spawn (i32.const 0)))
      (br_if $again
        (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 64))))
    (loop $join
      (local.set $n (i32.atomic.load (i32.const 260)))
      (if (i32.lt_u (local.get $n) (i32.const 64))
        (then (drop (memory.atomic.wait32 (i32.const 260) (local.get $n) (i64.const -1)))
              (br $join))))
    (call $print (i32.load (i32.const 256)))))");
}

// Fault of both: the stack of a thread holds 1,000 slots. Of the first too: call_indirect does not
// compare with the stack's end (a crash).
TEST(Limits, DeepRecursionIn64ThreadsAtOnce) {
  TestRun deep;
  EXPECT_EQ(ending_of(deep.run(deep_threads("5000"))), "exit 0");
  EXPECT_EQ(deep.out(), "320000\n");
  const std::string ending = ending_of(TestRun().run(deep_threads("100000000")));
  EXPECT_TRUE(ending.starts_with("trap: call stack exhausted")) << ending;
}

TEST(Limits, DeepRecursionIn64ThreadsUnderASchedule) {
  for (const auto& [depth, expected] :
       {std::pair{"5000", "exit 0"}, std::pair{"100000000", "trap: call stack exhausted"}}) {
    TestRun run;
    run.options.process.buffers[1] = run.streams[1];
    auto scheduler = schedule::make_random(7);
    scheduler->new_execution();
    const auto result = run_scheduled(load(deep_threads(depth)), run.options, *scheduler);
    EXPECT_TRUE(ending_of(result.result).starts_with(expected)) << ending_of(result.result);
  }
}

}  // namespace
}  // namespace weft::embed
