// What a trace says beyond the operations themselves: the bytes that host calls write, and what
// threads of a shared instance see of each other.
#include "reference/embed/trace.h"

#include "reference/embed/explore.h"
#include "reference/embed/run_for_tests.h"
#include "reference/embed/virtual_program.h"

namespace weft::embed {
namespace {

struct Lines final : schedule::Observer {
  void on_step(const schedule::Step& step) override { text += trace_line(step) + "\n"; }
  std::string text;
};

std::string trace_of(const std::shared_ptr<const module::Module>& module,
                     ThreadingModel threading = ThreadingModel::kInstancePerThread) {
  const auto scheduler = schedule::make_random(1);
  scheduler->new_execution();
  RunOptions options;
  options.program.threading = threading;
  options.process.args = {"ab"};
  Lines lines;
  schedule::VirtualOptions how;
  how.observer = &lines;
  EXPECT_EQ(run_scheduled(module, std::move(options), *scheduler, how).result.kind,
            RunResult::Kind::kExit);
  return lines.text;
}

// Tried with: MachineMemory::write without before_write; Instance::create in thread_instance
// without.
TEST(Trace, HoldsTheBytesThatHostCallsWrite) {
  const auto module = load(R"((module
  (import "env" "memory" (memory 1 1 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
  (export "memory" (memory 0)) (data (i32.const 40) "\01\02\03")
  (func (export "wasi_thread_start") (param i32 i32))
  (func (export "_start") (drop (call $args (i32.const 16) (i32.const 32)))
    (drop (call $spawn (i32.const 0))))))");
  ASSERT_TRUE(module);
  const std::string trace = trace_of(module);
  EXPECT_NE(
      trace.find(R"("name":"args_get","result":0,"writes":[{"address":16,"bytes":"20000000"},)"
                 R"({"address":32,"bytes":"616200"}])"),
      std::string::npos)
      << trace;
  EXPECT_NE(
      trace.find(R"("name":"thread-spawn","result":1,"writes":[{"address":40,"bytes":"010203"}])"),
      std::string::npos)
      << trace;
}

// Tried with: result_high not taken.
TEST(Trace, NamesTheMemoryAndHoldsBothHalvesOfAVector) {
  const auto module = load(R"((module
  (import "env" "a" (memory 1 1 shared)) (import "env" "b" (memory $b 1 1 shared))
  (func (export "_start")
    (i32.store (i32.const 8) (i32.const 5))
    (v128.store $b (i32.const 16) (v128.const i64x2 1 2))
    (drop (i64x2.extract_lane 0 (v128.load $b (i32.const 16))))
    (memory.copy 0 1 (i32.const 24) (i32.const 16) (i32.const 8)))))");
  ASSERT_TRUE(module);
  const std::string trace = trace_of(module);
  for (const char* part :
       {R"("op":"store","memory":0,"address":8,"width":4,"operands":[5])",
        R"("op":"store","memory":1,"address":16,"width":16,"operands":[1,2])",
        R"("op":"load","memory":1,"address":16,"width":16,"mode":"plain","result":[1,2])",
        R"("op":"copy","memory":0,"address":24,"width":8,"from_memory":1,"from":16)"}) {
    EXPECT_NE(trace.find(part), std::string::npos) << part << "\n" << trace;
  }
}

// Two threads add to a global; the last to announce itself is seen by main, which exits with it.
constexpr const char* kGlobals = R"(
  (global $sum (mut i32) (i32.const 0)) (global $constant i32 (i32.const 1))
  (table $t 2 funcref) (elem declare func $announce)
  (func $bump (global.set $sum (i32.add (global.get $sum) (global.get $constant))))
  (func (export "wasi_thread_start") (param i32 i32) (call $bump)
    (table.set $t (i32.const 1) (ref.func $announce)) (call $announce))
  (func (export "_start") (drop (call $spawn (i32.const 0))) (call $bump)
    (call $await (i32.const 1)) (call $exit (global.get $sum))))";

// Tried with: the stepping table in the place of stepping_shared.
TEST(Trace, AccessesToGlobalsAndTablesOfASharedInstanceAreSteps) {
  const auto module = load(with_prelude(kGlobals));
  ASSERT_TRUE(module);
  const std::string apart = trace_of(module);
  EXPECT_EQ(apart.find("\"op\":\"global"), std::string::npos) << apart;
  EXPECT_EQ(apart.find("\"op\":\"table"), std::string::npos);
  const std::string shared = trace_of(module, ThreadingModel::kSharedInstance);
  EXPECT_NE(shared.find(R"("op":"global.get","global":0,"result":0)"), std::string::npos) << shared;
  EXPECT_NE(shared.find(R"("op":"global.set","global":0,"operands":[1])"), std::string::npos);
  EXPECT_NE(shared.find(R"("op":"table.set","table":0,"address":1)"), std::string::npos);
  EXPECT_EQ(shared.find(R"("global":1)"), std::string::npos) << "a constant is nobody's business";
}

TEST(Trace, SchedulesFindTheUpdateOfASharedGlobalThatGetsLost) {
  const auto module = load(with_prelude(kGlobals));
  ASSERT_TRUE(module);
  for (const ThreadingModel threading :
       {ThreadingModel::kInstancePerThread, ThreadingModel::kSharedInstance}) {
    const auto scheduler = schedule::make_random(1);
    ExploreOptions options;
    options.executions = 200;
    options.run.program.threading = threading;
    const auto outcomes = explore_program(module, options, *scheduler);
    ASSERT_TRUE(outcomes);
    std::string texts;
    for (const Outcome& outcome : outcomes->sorted()) texts += outcome.text + " ";
    EXPECT_EQ(texts, threading == ThreadingModel::kSharedInstance ? "exit=1 exit=2 " : "exit=1 ");
  }
}

}  // namespace
}  // namespace weft::embed
