// Fault that these tests catch: an outcome counted under another one (compare only the first
// column in $count), and an end line that is missed.
#include "suite/litmus/batch.h"

#include <gtest/gtest.h>

#include "reference/module/assemble.h"
#include "suite/test/test.h"

namespace weft::suite::litmus {
namespace {

BatchSpec store_buffering() {
  BatchSpec spec;
  spec.name = "SB+nn";
  spec.threads = {{" (local $r0 i32)",
                   "(i32.store offset=0 (local.get $base) (i32.const 1))\n"
                   "(local.set $r0 (i32.load offset=64 (local.get $base)))\n"},
                  {" (local $r1 i32)",
                   "(i32.store offset=64 (local.get $base) (i32.const 1))\n"
                   "(local.set $r1 (i32.load offset=0 (local.get $base)))\n"}};
  spec.registers = {{0, "r0", false, "$r0"}, {1, "r1", false, "$r1"}};
  spec.inits = {{"i32.store", false, 0, 0}, {"i32.store", false, 64, 0}};
  spec.touched = {0, 64};
  spec.slot_size = 128;
  return spec;
}

TEST(LitmusBatch, LinksIntoAPlainModule) {
  BatchParameters parameters;
  parameters.slots = 64;
  for (uint32_t delay : {0u, 7u}) {
    parameters.delay_mask = delay;
    auto wasm = module::link(batch_wat(store_buffering(), parameters), support_library(),
                             {.name = "SB+nn"});
    ASSERT_TRUE(wasm.has_value()) << wasm.error().message;
  }
}

TEST(LitmusBatch, ReadsItsHistogramAndNothingElse) {
  const Histogram read = read_histogram(
      "noise\nweft-hist 3 0:r0=0 1:r1=1\nweft-hist 4 0:r0=1 1:r1=1\nweft-hist-end 7 0\nok\n");
  ASSERT_TRUE(read.complete);
  EXPECT_EQ(read.iterations, 7u);
  ASSERT_EQ(read.lines.size(), 2u);
  EXPECT_EQ(read.lines[0].outcome, "0:r0=0 1:r1=1");
  EXPECT_EQ(read.lines[0].count, 3u);
  EXPECT_FALSE(read_histogram("weft-hist 3 0:r0=0\n").complete);
  EXPECT_FALSE(read_histogram("weft-hist-end 7\n").complete);
}

}  // namespace
}  // namespace weft::suite::litmus
