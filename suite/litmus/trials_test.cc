// Faults that these tests catch: a test that grows planned for several trials (length_changes
// ignored), a trap ascribed to the first of two roles whose lines are missing, a line that the end
// has cut off taken for whole.
#include "suite/litmus/trials.h"

#include <gtest/gtest.h>

#include "suite/litmus/to_wat.h"

namespace weft::suite::litmus {
namespace {

LitmusTest read_one(const std::string& text) {
  auto all = read_litmus(text, "test");
  EXPECT_TRUE(all.has_value()) << (all ? "" : all.error().message);
  return all ? all->front() : LitmusTest{};
}

TEST(LitmusTrials, OneTrialAStartWhereTheMemoryCannotBeUsedAgain) {
  const char* grows = "litmus t\nmemory 1 2 shared\nthread 0\n  r0 = memory.grow 1\n";
  EXPECT_EQ(plan_trials(read_one(grows)).most, 1u);
  EXPECT_FALSE(plan_trials(read_one(grows)).may_trap);
  const char* grows_nothing = "litmus t\nmemory 1 2 shared\nthread 0\n  r0 = memory.grow 0\n";
  EXPECT_GT(plan_trials(read_one(grows_nothing)).most, 1000u);
  const char* waits = "litmus t\nthread 0\n  r0 = memory.atomic.wait32 x 0 -1\n";
  EXPECT_GT(plan_trials(read_one(waits)).most, 1000u);
  const TrialPlan beyond = plan_trials(
      read_one("litmus t\nmemory 1 2 shared\nlocate b=65536\nthread 0\n  r0 = i32.load b\n"));
  EXPECT_EQ(beyond.most, 1u);
  EXPECT_TRUE(beyond.may_trap);
  const TrialPlan misaligned =
      plan_trials(read_one("litmus t\nthread 0\n  r0 = i32.atomic.load x+1\n"));
  EXPECT_TRUE(misaligned.may_trap);
  EXPECT_EQ(misaligned.why_not, "");
}

TEST(LitmusTrials, BytesThatNobodyHasWrittenServeOnce) {
  const LitmusTest zero = read_one(
      "litmus t\nlocate x=0\ninit zero\nthread 0\n  i32.store x 1\n"
      "  r0 = memory.atomic.wait32 x 1 -1\n");
  const TrialPlan plan = plan_trials(zero);
  EXPECT_GT(plan.most, 100u);
  EXPECT_LE(plan.most, 32768u / 64);
  // Without a wait it is a batch, whose slots are many but used once.
  EXPECT_EQ(
      why_not_batched(read_one("litmus t\nlocate x=0\ninit zero\nthread 0\n  r0 = i32.load x\n")),
      "");
}

TEST(LitmusTrials, WhatCannotBeSeenHasAReason) {
  EXPECT_NE(
      plan_trials(read_one("litmus t\nmemory 0 1 shared\nthread 0\n  r0 = memory.size\n")).why_not,
      "");
  EXPECT_NE(plan_trials(read_one("litmus t\nlocate x=40000\nthread 0\n"
                                 "  r0 = memory.atomic.wait32 x 0 -1\n"))
                .why_not,
            "");
}

TEST(LitmusTrials, ATrapIsOfTheOneRoleWhoseLineIsMissing) {
  EXPECT_EQ(trapped_outcome("weft-part 0:end 0:r0=1\n", 2), "0:end 0:r0=1 1:trap");
  EXPECT_EQ(trapped_outcome("noise\nweft-part 2:end\nweft-part 1:end 1:r0=7\n", 3),
            "1:end 1:r0=7 2:end 0:trap");
  EXPECT_EQ(trapped_outcome("", 1), "0:trap");
  EXPECT_EQ(trapped_outcome("", 2), "");
  EXPECT_EQ(trapped_outcome("weft-part 0:end 0:r0=1", 2), "");  // cut off
  EXPECT_EQ(trapped_outcome("weft-part 0:end\nweft-part 1:end\n", 2), "");
}

}  // namespace
}  // namespace weft::suite::litmus
