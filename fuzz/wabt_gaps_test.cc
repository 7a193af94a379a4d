// What WABT 1.0.32's interpreter lacks or does otherwise than the specification says: why the
// generator writes a second dialect for it (program_body.h). Each test shows its answer and ours;
// where one fails because WABT has learnt it, the stand-in in the generator can go.
#include <gtest/gtest.h>

#include "fuzz/wabt_interpreter.h"
#include "reference/machine/testing.h"
#include "reference/module/assemble.h"

namespace weft::fuzz {
namespace {

struct Answers {
  std::string reference, wabt;
};

// Of the export "f", which has no parameters and one i32 result.
Answers answers(const std::string& wat) {
  Answers found;
  if (const auto instance = machine::testing::instantiate(wat)) {
    machine::Thread thread;
    thread.start(*instance->exported_function("f"), {});
    const machine::Stop stop = thread.run(machine::Until::kBlocked);
    found.reference = machine::testing::outcome_of(thread, stop);
  }
  const auto bytes = module::assemble(wat, "gap.wat");
  if (!bytes) return found;
  const WabtRun run = run_in_wabt(*bytes, {{"f", {}, false, {}, {}}}, nullptr);
  if (!run.refused.empty()) {
    found.wabt = "refused: " + run.refused;
  } else if (run.calls[0].trapped) {
    found.wabt = "trap: " + run.calls[0].trap;
  } else {
    found.wabt = "i32:" + std::to_string(run.calls[0].results[0].bits);
  }
  return found;
}

TEST(WabtGaps, FenceWaitAndNotifyAreNotImplemented) {
  for (const char* body :
       {"atomic.fence (i32.const 0)", "(memory.atomic.notify (i32.const 0) (i32.const 1))",
        "(memory.atomic.wait32 (i32.const 0) (i32.const 1) (i64.const 0)) (i32.sub (i32.const 1))",
        "(memory.atomic.wait64 (i32.const 0) (i64.const 1) (i64.const 0)) (i32.sub (i32.const "
        "1))"}) {
    const Answers seen = answers("(module (memory 1 1 shared) (func (export \"f\") (result i32) " +
                                 std::string(body) + "))");
    EXPECT_EQ(seen.reference, "i32:0") << body;
    EXPECT_EQ(seen.wabt, "trap: not implemented") << body;
  }
}

// Core spec 3.0, 4.4.8 (exec/instructions, return_call): the arguments are popped, the frame is
// unwound with everything below them, and the callee is invoked: 100 - 6. WABT computes what to
// drop after its validator has emptied the type stack, and leaves the 5 behind: 5 - 6.
TEST(WabtGaps, ATailCallLeavesOperandsOfTheFrameThatItReplaces) {
  const Answers seen = answers(R"((module
    (func $same (param i32) (result i32) (local.get 0))
    (func $tail (result i32) (i32.const 5) (i32.const 6) (return_call $same))
    (func (export "f") (result i32) (i32.const 100) (call $tail) (i32.sub))))");
  EXPECT_EQ(seen.reference, "i32:94");
  EXPECT_EQ(seen.wabt, "i32:4294967295");
}

// Core spec 3.0, 3.4.6 (valid/modules, data segments): the offset has the address type of the
// segment's memory. WABT asks for that of memory 0.
TEST(WabtGaps, TheOffsetOfADataSegmentIsTypedByMemory0) {
  const Answers seen = answers(R"((module
    (memory 1 1) (memory i64 1 1) (data (memory 1) (i64.const 3) "\2a")
    (func (export "f") (result i32) (i32.load8_u 1 (i64.const 3)))))");
  EXPECT_EQ(seen.reference, "i32:42");
  EXPECT_NE(seen.wabt.find("expected [i32] but got [i64]"), seen.wabt.npos) << seen.wabt;
}

// Core spec 3.0, 4.4.7: the effective address is i + offset, here 2^32 + 8, beyond the memory.
// WABT keeps 32 bits of an offset.
TEST(WabtGaps, OffsetsLoseTheirUpperHalf) {
  const Answers seen = answers(R"((module
    (memory i64 1 1) (data (i64.const 8) "\2a")
    (func (export "f") (result i32) (i32.load8_u offset=0x100000008 (i64.const 0)))))");
  EXPECT_EQ(seen.reference, "trap: out of bounds memory access");
  EXPECT_NE(seen.wabt, "trap: out of bounds memory access");
}

}  // namespace
}  // namespace weft::fuzz
