// The tier of plain ARMv8 code: dependencies, RMW, start and join. Verdicts by hand from the
// architecture's axioms (external and internal visibility, atomic). The fault before a test is one
// that it was seen to catch (tried in aarch64.cc).
#include <gtest/gtest.h>

#include "reference/model/testing/ask.h"
#include "reference/model/testing/compact.h"

namespace weft::model {
namespace {

using testing::allowed;
using testing::Compact;

bool arm(const std::string& threads, const std::string& outcome, const std::string& pre = "",
         const std::string& observed = "") {
  return allowed(Compact::parse(threads, pre, observed), outcome, Tier::aarch64);
}

// A store may go before the load that gives its value.
TEST(Aarch64, DataDependenciesAreOrdered) {
  EXPECT_FALSE(allowed(Compact::parse("R4 r0 x ; W4 y r0 || R4a r1 y ; W4 x 1"), "0:r0=1 1:r1=1",
                       Tier::aarch64));
  EXPECT_TRUE(allowed(Compact::parse("R4 r0 x ; W4 y r0 || R4 r1 y ; W4 x 1"), "0:r0=1 1:r1=1",
                      Tier::aarch64));
}

// What comes later to the place of a dependent store goes before the load; so does a load that
// takes the store's value.
TEST(Aarch64, DependenciesReachTheNextAccessOfTheStoresPlace) {
  const char* reader = " || R4a r0 y ; W4 x 1";
  EXPECT_FALSE(allowed(Compact::parse(std::string("R4 r0 x ; W4 y r0 ; W4 y 2") + reader),
                       "0:r0=1 1:r0=2", Tier::aarch64));
  EXPECT_TRUE(allowed(Compact::parse(std::string("R4 r0 x ; W4 y 1 ; W4 y 2") + reader),
                      "0:r0=1 1:r0=2", Tier::aarch64));
  const char* later = " ; R4 r1 z ; W4 y r1 || R4a r0 y ; W4 x 1";
  EXPECT_FALSE(allowed(Compact::parse(std::string("R4 r0 x ; W4 z r0") + later),
                       "0:r0=1 0:r1=1 1:r0=1", Tier::aarch64));
  EXPECT_TRUE(allowed(Compact::parse(std::string("R4 r0 x ; W4 z 1") + later),
                      "0:r0=1 0:r1=1 1:r0=1", Tier::aarch64));
}

// The write of an RMW does not release: an acquire load behind it, here one that reads that very
// write, goes before it.
TEST(Aarch64, AnRmwsWriteIsBeforeAnAcquireLoadOfItsThread) {
  const std::string other = " || W4 y 1 ; F ; R4 r0 x";
  EXPECT_FALSE(arm("U4 + r0 x 1 ; R4a r1 x ; R4 r2 y" + other, "0:r1=1 0:r2=0 1:r0=0"));
  EXPECT_TRUE(arm("U4 + r0 x 1 ; R4 r1 x ; R4 r2 y" + other, "0:r1=1 0:r2=0 1:r0=0"));
  EXPECT_FALSE(arm("U4 x r0 x 1 ; R4a r1 y || U4 x r0 y 1 ; R4a r1 x", "0:r1=0 1:r1=0"));
  EXPECT_TRUE(arm("U4 x r0 x 1 ; R4 r1 y || U4 x r0 y 1 ; R4 r1 x", "0:r1=0 1:r1=0"));
}

// The read of an RMW does not acquire; a failed compare-exchange does not.
TEST(Aarch64, AnRmwAcquires) {
  const std::string writer = "W4 x 1 ; W4a y 1 || ";
  EXPECT_FALSE(arm(writer + "U4 + r0 y 1 ; R4 r1 x", "1:r0=1 1:r1=0"));
  EXPECT_FALSE(arm(writer + "C4 r0 y 5 6 ; R4 r1 x", "1:r0=1 1:r1=0"));
  EXPECT_TRUE(arm(writer + "R4 r0 y ; R4 r1 x", "1:r0=1 1:r1=0"));
}

// A write may come between the two of an RMW (both where the oracle chooses sources and in internal
// visibility; the first alone is a shortcut).
TEST(Aarch64, AnRmwIsAtomic) {
  EXPECT_FALSE(arm("U4 + r0 x 1 || U4 + r0 x 1", "0:r0=0 1:r0=0"));
  EXPECT_TRUE(arm("U4 + r0 x 1 || U4 + r0 x 1", "0:r0=0 1:r0=1"));
  EXPECT_FALSE(arm("C4 r0 x 0 1 || C4 r0 x 0 2", "0:r0=0 1:r0=0"));
  EXPECT_FALSE(arm("U4 + r0 x 1 || W4 x 10", "0:r0=0 [f]=1", "", "R4 f x"));
  EXPECT_TRUE(arm("U4 + r0 x 1 || W4 x 10", "0:r0=0 [f]=10", "", "R4 f x"));
  // The read is before the write of the same RMW, also round other threads.
  EXPECT_FALSE(arm("U4 + r0 x 1 || R4 r0 x ; W4 x r0+1", "0:r0=2 1:r0=1"));
}

// The parent's stores race with the threads; its loads after the join do.
TEST(Aarch64, ThreadsStartAfterTheParentsStoresAndEndBeforeItsLoads) {
  EXPECT_FALSE(arm("R4 r0 x", "0:r0=0", "W4 x 1"));
  EXPECT_FALSE(arm("W4 x 2", "[f]=1", "W4 x 1", "R4 f x"));
  EXPECT_FALSE(arm("W4 x 2 || R4 r0 x ; R4 r1 x", "1:r0=2 1:r1=0", "W4 x 1"));
  EXPECT_FALSE(arm("W4 x 1 ; W4 y 1", "[f]=1 [g]=0", "", "R4 f x ; R4 g y"));
  // Which of two racing stores was the last they agree on.
  EXPECT_FALSE(arm("W4 x 1 || W4 x 2", "[f]=1 [g]=2", "", "R4 f x ; R4 g x"));
  EXPECT_TRUE(arm("W4 x 1 || W4 x 2", "[f]=1 [g]=1", "", "R4 f x ; R4 g x"));
}

}  // namespace
}  // namespace weft::model
