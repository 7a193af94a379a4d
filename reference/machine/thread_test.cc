// A thread as its scheduler sees it: visible operations, host calls, waits; what survives them.
#include "reference/machine/thread.h"

#include <fmt/format.h>

#include <thread>

#include "reference/machine/testing.h"

namespace weft::machine {
namespace {

using testing::instantiate;
using testing::outcome_of;

std::string describe(const VisibleOp& op) {
  return fmt::format("{}{}{} @{}+{} [{},{}] {}", name_of(op.kind),
                     op.kind == VisibleKind::kRmw ? std::string(".") + name_of(op.rmw) : "",
                     op.mode == AccessMode::kSeqCst ? " sc" : "", op.address, op.width,
                     op.operands[0], static_cast<int64_t>(op.operands[1]),
                     op.host ? op.host->name : "");
}

TEST(Thread, StopsBeforeEveryVisibleOperationAndDescribesIt) {
  Imports imports;
  imports.define("h", "host",
                 host_function({"h", "host", {{module::ValType::kI32}, {}}, 7, nullptr}));
  auto instance = instantiate(R"((module (import "h" "host" (func $host (param i32)))
    (memory 1 3 shared) (data $d "xyz") (table 1 funcref) (elem (i32.const 0) $host) (type $t (func (param i32)))
    (func (export "f") (param i32)
      (i32.store offset=4 (local.get 0) (i32.const -1))
      (drop (i64.load16_u (local.get 0)))
      (i64.atomic.store8 offset=1 (local.get 0) (i64.const 0x1FF))
      (drop (i32.atomic.rmw16.sub_u (i32.const 20) (i32.const 0x30001)))
      (drop (i32.atomic.rmw.cmpxchg (i32.const 24) (i32.const 5) (i32.const 6)))
      atomic.fence
      (drop (memory.atomic.wait32 (i32.const 32) (i32.const 3) (i64.const -5)))
      (drop (memory.atomic.notify (i32.const 32) (i32.const -1)))
      (drop (memory.grow (i32.const 1))) (drop (memory.size))
      (memory.fill (i32.const 1) (i32.const 0x105) (i32.const 2))
      (memory.copy (i32.const 1) (i32.const 9) (i32.const 3))
      (memory.init $d (i32.const 1) (i32.const 0) (i32.const 3))
      (call $host (i32.const 77))
      (call_indirect (type $t) (i32.const 78) (i32.const 0))
      (f32.store (i32.const 0) (f32.const 1)))))",
                              imports);
  const std::string expected[] = {"store @12+4 [4294967295,0] ",
                                  "load @8+2 [0,0] ",
                                  "store sc @9+1 [255,0] ",
                                  "rmw.sub sc @20+2 [1,0] ",
                                  "cmpxchg sc @24+4 [5,6] ",
                                  "fence sc @0+0 [0,0] ",
                                  "wait sc @32+4 [3,-5] ",
                                  "notify sc @32+4 [4294967295,0] ",
                                  "grow sc @0+0 [1,0] ",
                                  "size sc @0+0 [0,0] ",
                                  "fill @1+2 [5,0] ",
                                  "copy @1+3 [0,0] ",
                                  "init @1+3 [0,0] ",
                                  "host @0+0 [0,0] host",
                                  "host @0+0 [0,0] host",
                                  "store @0+4 [1065353216,0] "};
  Thread thread;
  const Value argument[] = {Value::i32(8)};
  thread.start(*instance->exported_function("f"), argument);
  std::vector<uint64_t> sent;
  Stop stop = thread.run(Until::kVisible);
  for (const std::string& line : expected) {
    ASSERT_EQ(stop, Stop::kVisible) << line;
    EXPECT_EQ(describe(thread.visible()), line);
    stop = thread.perform();
    if (stop == Stop::kHostCall) {
      sent.push_back(thread.host_call().arguments[0]);
    } else {
      ASSERT_EQ(stop, Stop::kPerformed) << line;
    }
    stop = thread.run(Until::kVisible);
  }
  EXPECT_EQ(stop, Stop::kFinished);
  EXPECT_EQ(sent, (std::vector<uint64_t>{77, 78}));
}

TEST(Thread, UnsharedMemoryIsNotVisible) {
  auto instance = instantiate(R"((module (memory 1)
    (func (export "f") (result i32) (i32.store (i32.const 0) (i32.const 3))
      (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 4))) (drop (memory.grow (i32.const 0)))
      (memory.fill (i32.const 4) (i32.const 1) (i32.const 1))
      (drop (memory.atomic.notify (i32.const 0) (i32.const 1))) (i32.load (i32.const 0)))))");
  Thread thread;
  thread.start(*instance->exported_function("f"), {});
  EXPECT_EQ(outcome_of(thread, thread.run(Until::kVisible)), "i32:7");
}

TEST(Thread, VisibleResultIsTheValuePushed) {
  auto instance = instantiate(R"((module (memory 1 1 shared)
    (func (export "f") (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 4)))
      (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 4))))))");
  Thread thread;
  thread.start(*instance->exported_function("f"), {});
  ASSERT_EQ(thread.run(Until::kVisible), Stop::kVisible);
  ASSERT_EQ(thread.perform(), Stop::kPerformed);
  EXPECT_EQ(thread.visible_result(), 0u);
  ASSERT_EQ(thread.run(Until::kVisible), Stop::kVisible);
  ASSERT_EQ(thread.perform(), Stop::kPerformed);
  EXPECT_EQ(thread.visible_result(), 4u);
}

const char* const kSurvivors =
    R"((module (import "h" "double" (func $double (param i64) (result i64)))
    (memory 1 2 shared)
    (func (export "f") (param i32 i64 f64) (result i64) (local i64 i32)
      (local.set 3 (i64.const 1000)) (local.set 4 (i32.const 50))
      (i64.const 1) (local.get 1) (i64.extend_i32_u (local.get 0)) (i64.trunc_f64_s (local.get 2))
      (i64.extend_i32_u (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 9)))
      (call $double (i64.const 21))
      (i64.extend_i32_u (memory.grow (i32.const 1)))
      i64.add i64.add i64.add i64.add i64.add i64.add
      (i64.add (local.get 3)) (i64.add (i64.extend_i32_u (local.get 4)))
      (i64.add (local.get 1)))))";

TEST(Thread, LocalsAndOperandsSurviveWaitsHostCallsAndGrows) {
  Imports imports;
  imports.define(
      "h", "double",
      host_function({"h", "double", {{module::ValType::kI64}, {module::ValType::kI64}}}));
  for (auto policy :
       {testing::Policy::kNative, testing::Policy::kRunVisible, testing::Policy::kPerform}) {
    for (const bool notified : {false, true}) {
      auto instance = instantiate(kSurvivors, imports);
      Thread thread;
      const Value arguments[] = {Value::i32(100), Value::i64(20000), Value::f64(3e6)};
      thread.start(*instance->exported_function("f"), arguments);
      ASSERT_EQ(testing::drive(thread, policy), Stop::kWaiting);
      EXPECT_EQ(thread.timeout(), 9);
      EXPECT_EQ(thread.waiter().address, 0u);
      if (notified) {
        EXPECT_EQ(instance->memory(0).queues().notify(0, 1), 1u);
      }
      EXPECT_EQ(thread.finish_wait(), notified ? 0u : 2u);
      ASSERT_EQ(testing::drive(thread, policy), Stop::kHostCall);
      thread.host_call().results[0] = 2 * thread.host_call().arguments[0];
      EXPECT_EQ(outcome_of(thread, testing::drive(thread, policy)),
                fmt::format("i64:{}", 1 + 20000 + 100 + 3000000 + (notified ? 0 : 2) + 42 + 1 +
                                          1000 + 50 + 20000));
    }
  }
}

TEST(Thread, AHostFunctionMayTrap) {
  Imports imports;
  imports.define(
      "h", "double",
      host_function({"h", "double", {{module::ValType::kI64}, {module::ValType::kI64}}}));
  auto instance = Instance::create(
      testing::load(R"((module (import "h" "double" (func $d (param i64) (result i64)))
    (export "d" (func $d)) (func (export "f") nop (drop (call $d (i64.const 1))))))"),
      imports);
  Thread thread;
  thread.start(*(*instance)->exported_function("f"), {});
  ASSERT_EQ(thread.run(Until::kBlocked), Stop::kHostCall);
  thread.fail_host_call("no such thing");
  EXPECT_EQ(thread.trap().message(), "no such thing");
  EXPECT_EQ(thread.trap().function, 1u);
  EXPECT_EQ((*instance)->module().binary[thread.trap().offset], 0x10);
  // An exported host function can be called directly.
  const Value argument[] = {Value::i64(4)};
  thread.start(*(*instance)->exported_function("d"), argument);
  ASSERT_EQ(thread.run(Until::kBlocked), Stop::kHostCall);
  EXPECT_EQ(thread.host_call().arguments[0], 4u);
  thread.host_call().results[0] = 5;
  EXPECT_EQ(outcome_of(thread, thread.run(Until::kBlocked)), "i64:5");
}

TEST(Thread, AnAbandonedWaiterLeavesTheQueue) {
  auto instance = instantiate(R"((module (memory 1 1 shared) (func (export "f")
    (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))))");
  {
    Thread thread;
    thread.start(*instance->exported_function("f"), {});
    ASSERT_EQ(thread.run(Until::kBlocked), Stop::kWaiting);
    EXPECT_EQ(instance->memory(0).queues().snapshot().size(), 1u);
  }
  EXPECT_TRUE(instance->memory(0).queues().snapshot().empty());
}

TEST(Thread, StackLimitIsConfigurable) {
  auto instance = instantiate(
      "(module (func $f (export \"f\") (param i32) (result i32) (if (result i32) "
      "(local.get 0) (then (call $f (i32.sub (local.get 0) (i32.const 1)))) "
      "(else (i32.const 1)))))");
  for (const auto& [bytes, depth, fits] :
       {std::tuple{size_t{1} << 14, 100u, true}, std::tuple{size_t{1} << 14, 1000u, false},
        std::tuple{size_t{1} << 20, 1000u, true}}) {
    Thread thread(nullptr, ThreadLimits{bytes});
    const Value argument[] = {Value::i32(depth)};
    thread.start(*instance->exported_function("f"), argument);
    EXPECT_EQ(outcome_of(thread, thread.run(Until::kBlocked)),
              fits ? "i32:1" : "trap: call stack exhausted");
  }
}

// Guests that race on everything are never a C++ data race (run under ThreadSanitizer), and atomics
// lose nothing.
TEST(NativeThreads, RacingGuests) {
  auto loaded = testing::load(R"((module (import "env" "memory" (memory 1 40 shared))
    (func (export "f") (param $id i32) (local $i i32)
      (loop $again
        (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
        (drop (i64.atomic.rmw8.add_u (i32.const 9) (i64.const 1)))
        (i64.store (i32.const 16) (i64.load (i32.const 24)))
        (i64.store (i32.const 29) (i64.load (i32.const 19)))
        (i32.store8 (i32.add (i32.const 40) (local.get $id)) (local.get $i))
        (memory.fill (i32.const 48) (local.get $i) (i32.const 21))
        (memory.copy (i32.const 50) (i32.const 60) (i32.const 30))
        (v128.store (i32.const 101) (v128.load (i32.const 97)))
        (f64.store (i32.const 128) (f64.load (i32.const 132)))
        atomic.fence
        (if (i32.eqz (i32.and (local.get $i) (i32.const 63))) (then (drop (memory.grow (i32.const 1)))))
        (drop (i32.load8_u (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 1))))
        (if (i32.ne (i32.load8_u (i32.add (i32.const 40) (local.get $id)))
                    (i32.and (local.get $i) (i32.const 255))) (then unreachable))
        (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 500)))))))");
  ASSERT_TRUE(loaded);
  module::MemoryType type = loaded->memories[0];
  auto memory = *Memory::create(type);
  Imports imports;
  imports.define("env", "memory", memory);
  std::vector<std::thread> threads;
  std::vector<std::string> outcomes(4);
  for (uint32_t id = 0; id < 4; ++id) {
    threads.emplace_back([&, id] {
      auto instance = *Instance::create(loaded, imports);
      outcomes[id] = testing::call(*instance, "f", {Value::i32(id)});
    });
  }
  for (auto& thread : threads) thread.join();
  for (const std::string& outcome : outcomes) EXPECT_EQ(outcome, "");
  EXPECT_EQ(memory->read<uint32_t>(0), 2000u);
  EXPECT_EQ(memory->read<uint8_t>(9), static_cast<uint8_t>(2000));
  EXPECT_EQ(memory->read<uint8_t>(10), 0u);
}

// Several threads in one instance: globals, tables and function values.
TEST(NativeThreads, OneInstanceForAll) {
  auto instance = instantiate(
      R"((module (global $g (mut i64) (i64.const 0)) (table 4 100 funcref) (func $a) (func $b)
    (elem declare func $a $b)
    (func (export "f") (local $i i32)
      (loop $again
        (global.set $g (i64.add (global.get $g) (i64.const 1)))
        (table.set 0 (i32.and (local.get $i) (i32.const 3)) (ref.func $a))
        (table.set 0 (i32.and (local.get $i) (i32.const 3)) (ref.func $b))
        (call_indirect (i32.and (local.get $i) (i32.const 3)))
        (if (i32.eqz (i32.and (local.get $i) (i32.const 15)))
          (then (drop (table.grow 0 (ref.null func) (i32.const 1)))))
        (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 500)))))))");
  std::vector<std::thread> threads;
  std::vector<std::string> outcomes(3);
  for (auto& outcome : outcomes) {
    threads.emplace_back([&] { outcome = testing::call(*instance, "f"); });
  }
  for (auto& thread : threads) thread.join();
  for (const std::string& outcome : outcomes) EXPECT_EQ(outcome, "");
}

TEST(NativeThreads, DeepRecursionInManyAtOnce) {
  auto instance =
      instantiate("(module (func $f (export \"f\") (param i64) (call $f (local.get 0))))");
  std::vector<std::thread> threads;
  std::vector<std::string> outcomes(64);
  for (auto& outcome : outcomes) {
    threads.emplace_back([&] { outcome = testing::call(*instance, "f", {Value::i64(1)}); });
  }
  for (auto& thread : threads) thread.join();
  for (const std::string& outcome : outcomes) EXPECT_EQ(outcome, "trap: call stack exhausted");
}

}  // namespace
}  // namespace weft::machine
