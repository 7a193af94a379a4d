// Control, calls, locals and operands, under all policies.
#include "reference/machine/testing.h"

namespace weft::machine {
namespace {

using testing::call_in_all;

TEST(Control, RecursionWithFusedBranches) {
  const char* wat = R"((module (func $fib (export "fib") (param i32) (result i32)
    (if (result i32) (i32.lt_s (local.get 0) (i32.const 2)) (then (local.get 0))
      (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1)))
                     (call $fib (i32.sub (local.get 0) (i32.const 2)))))))))";
  EXPECT_EQ(call_in_all(wat, "fib", {Value::i32(20)}), "i32:6765");
}

TEST(Control, LoopsWithSeveralLocals) {
  const char* wat =
      R"((module (func (export "sum") (param $n i64) (result i64) (local $i i64) (local $s i64)
    (loop $top
      (local.set $s (i64.add (local.get $s) (local.get $i)))
      (local.set $i (i64.add (local.get $i) (i64.const 1)))
      (br_if $top (i64.le_u (local.get $i) (local.get $n))))
    (local.get $s))))";
  EXPECT_EQ(call_in_all(wat, "sum", {Value::i64(100)}), "i64:5050");
}

// A local read before it is written keeps the value that it had when it was read.
TEST(Control, OperandsKeepOldValuesOfLocals) {
  const char* wat = R"((module
    (func (export "f") (param i32) (result i32)
      (local.get 0) (local.set 0 (i32.const 100)) (local.get 0) i32.sub)
    (func (export "g") (param i32) (result i32)
      (local.get 0) (local.tee 0 (i32.add (local.get 0) (i32.const 1))) i32.mul)
    (func (export "h") (param i32) (result i32)
      (local.get 0)
      (block (loop (local.set 0 (i32.add (local.get 0) (i32.const 1)))
        (br_if 0 (i32.lt_u (local.get 0) (i32.const 50)))))
      (local.get 0) i32.sub)))";
  EXPECT_EQ(call_in_all(wat, "f", {Value::i32(7)}), "i32:-93");
  EXPECT_EQ(call_in_all(wat, "g", {Value::i32(7)}), "i32:56");
  EXPECT_EQ(call_in_all(wat, "h", {Value::i32(7)}), "i32:-43");
}

TEST(Control, BranchesCarryValuesOverWhatLiesBelow) {
  const char* wat = R"((module
    (func (export "f") (param i32) (result i32)
      (i32.const 1000)
      (block (result i32)
        (i32.const 5) (i32.const 6) (local.get 0)
        (br_if 0 (i32.const 7) (local.get 0))
        drop drop drop drop (i32.const 9))
      i32.add)
    (func (export "t") (param i32) (result i32)
      (block $c (block $b (block $a (br_table $a $b $c (local.get 0))) (return (i32.const 10)))
        (return (i32.const 20)))
      (i32.const 30))
    (func (export "v") (param i32) (result i32)
      (block $b (result i32) (i32.const 3)
        (block $a (result i32) (i32.const 4) (i32.const 11) (local.get 0) (br_table $a $b 2)) i32.add))))";
  EXPECT_EQ(call_in_all(wat, "f", {Value::i32(0)}), "i32:1009");
  EXPECT_EQ(call_in_all(wat, "f", {Value::i32(1)}), "i32:1007");
  EXPECT_EQ(call_in_all(wat, "t", {Value::i32(0)}), "i32:10");
  EXPECT_EQ(call_in_all(wat, "t", {Value::i32(1)}), "i32:20");
  EXPECT_EQ(call_in_all(wat, "t", {Value::i32(0xFFFFFFFF)}), "i32:30");
  EXPECT_EQ(call_in_all(wat, "v", {Value::i32(0)}), "i32:14");
  EXPECT_EQ(call_in_all(wat, "v", {Value::i32(1)}), "i32:11");
  EXPECT_EQ(call_in_all(wat, "v", {Value::i32(2)}), "i32:11");
}

TEST(Control, MultiValue) {
  const char* wat = R"((module
    (func $swap (param i32 i64) (result i64 i32) (local.get 1) (local.get 0))
    (func (export "f") (result i64 i32) (call $swap (i32.const 1) (i64.const 2)))
    (func (export "loop") (param i32) (result i32 i32)
      (i32.const 0) (local.get 0)
      (loop (param i32 i32) (result i32 i32)
        (local.set 0) (i32.add (i32.const 2))
        (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))
        (br_if 0 (local.get 0))))))";
  EXPECT_EQ(call_in_all(wat, "f"), "i64:2 i32:1");
  EXPECT_EQ(call_in_all(wat, "loop", {Value::i32(5)}), "i32:10 i32:0");
}

TEST(Control, IndirectCallsTrapByTheRules) {
  const char* wat = R"((module (type $u (func (result i32))) (type $v (func (result i64)))
    (table 4 funcref) (elem (i32.const 0) $a $b)
    (func $a (result i32) (i32.const 11)) (func $b (result i64) (i64.const 12))
    (func (export "f") (param i32) (result i32) (call_indirect (type $u) (local.get 0)))))";
  EXPECT_EQ(call_in_all(wat, "f", {Value::i32(0)}), "i32:11");
  EXPECT_EQ(call_in_all(wat, "f", {Value::i32(1)}), "trap: indirect call type mismatch");
  EXPECT_EQ(call_in_all(wat, "f", {Value::i32(2)}), "trap: uninitialized element");
  EXPECT_EQ(call_in_all(wat, "f", {Value::i32(4)}), "trap: undefined element");
  EXPECT_EQ(call_in_all(wat, "f", {Value::i32(0xFFFFFFFF)}), "trap: undefined element");
}

TEST(Control, EndlessRecursionTraps) {
  const char* wat = R"((module (func $f (export "f") (call $f))
    (func $g (export "g") (param i64 i64) (result i64) (i64.add (call $g (local.get 1) (local.get 0)) (i64.const 1)))))";
  EXPECT_EQ(call_in_all(wat, "f"), "trap: call stack exhausted");
  EXPECT_EQ(call_in_all(wat, "g", {Value::i64(1), Value::i64(2)}), "trap: call stack exhausted");
}

TEST(Control, TrapsSayWhere) {
  auto instance = testing::instantiate(
      "(module (func) (func $g nop unreachable) (func (export \"f\") call $g))");
  Thread thread;
  thread.start(*instance->exported_function("f"), {});
  ASSERT_EQ(thread.run(Until::kBlocked), Stop::kTrapped);
  EXPECT_EQ(thread.trap().function, 1u);
  EXPECT_EQ(instance->module().binary[thread.trap().offset], 0x00);
  EXPECT_EQ(instance->module().binary[thread.trap().offset - 1], 0x01);
  const auto places = thread.backtrace();
  ASSERT_EQ(places.size(), 2u);
  EXPECT_EQ(places[1].function, 2u);
  EXPECT_EQ(instance->module().binary[places[1].offset], 0x10);
}

TEST(Control, StopWordEndsAnEndlessLoopAndTheThreadCanGoOn) {
  auto instance = testing::instantiate(
      "(module (func (export \"f\") (param i32) (result i32) (loop (br_if 0 (i32.eqz (local.get "
      "0)))) "
      "(i32.const 3)))");
  std::atomic<uint32_t> stop{1};
  Thread thread(&stop);
  const Value zero[] = {Value::i32(0)};
  thread.start(*instance->exported_function("f"), zero);
  EXPECT_EQ(thread.run(Until::kBlocked), Stop::kStopped);
  EXPECT_EQ(thread.run(Until::kVisible), Stop::kStopped);
}

// Tried with: a run() that does not begin its count anew.
TEST(Control, ALongComputationIsStoppedByACountOfItsBranches) {
  auto instance = testing::instantiate(R"((module
    (func (export "f") (param i32) (result i32) (local i32)
      (loop $next
        (local.set 1 (i32.add (local.get 1) (local.get 0)))
        (br_if $next (i32.ne (i32.const 0) (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
      (local.get 1))))");
  const Value hundred[] = {Value::i32(100)};
  Thread thread;
  thread.stop_after(30);
  thread.start(*instance->exported_function("f"), hundred);
  for (int stops = 0; stops < 3; stops++) EXPECT_EQ(thread.run(Until::kVisible), Stop::kStopped);
  ASSERT_EQ(thread.run(Until::kVisible), Stop::kFinished) << "the last ten of a hundred";
  EXPECT_EQ(thread.results()[0].as_i32(), 5050u);
  thread.start(*instance->exported_function("f"), hundred);
  EXPECT_EQ(thread.run(Until::kBlocked), Stop::kFinished) << "natively nobody counts";
}

}  // namespace
}  // namespace weft::machine
