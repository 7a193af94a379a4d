// How far a control dependency reaches: a store depends on each branch around it, on both sides of
// its comparison, and on no branch whose two parts have met before it. Seen in the verdict "only
// out of thin air". The fault before a test is the one that only it was seen to catch (tried in
// unroll.cc and unroller.h).
#include <gtest/gtest.h>

#include "reference/model/testing/ask.h"
#include "reference/model/testing/compact.h"

namespace weft::model {
namespace {

using testing::Compact;
using testing::thin;

Operation store(uint64_t address, uint64_t value) {
  Operation op;
  op.kind = Operation::Kind::store;
  op.address.offset = address;
  op.value = Operand::constant(value);
  return op;
}

constexpr uint64_t kY = 64;

// A branch reaches past its end where it was not taken and has no else part.
TEST(ControlDependency, EndsWhereABranchWasNotTaken) {
  Program program = Compact::parse("R4 r0 x ; IF r0 1 ; R4 r1 z || R4 r0 y ; W4 x r0+1");
  program.threads[0].body.push_back(store(kY, 1));
  EXPECT_FALSE(thin(program, "0:r0=2 1:r0=1"));
  program.threads[0].body.pop_back();
  program.threads[0].body.back().else_body.push_back(store(kY, 1));
  EXPECT_TRUE(thin(program, "0:r0=2 1:r0=1"));
}

// Where two branches meet in one place only the inner one ends: behind its taken part (2), and
// behind the part not taken (3).
TEST(ControlDependency, BranchesThatEndInOnePlaceEndTogether) {
  for (const uint64_t read : {2, 3}) {
    Program program = Compact::parse("R4 r0 x ; IF r0 2 ; R4 r1 z || R4 r0 y");
    Operation write = store(0, 0);
    write.value = Operand::of_register(0);
    write.value.terms.push_back({Term::Op::add, false, 0, read - 1});
    program.threads[1].body.push_back(write);
    std::vector<Operation>& body = program.threads[0].body;
    Operation outer = body.back();
    outer.right = Operand::constant(1);
    outer.then_body.clear();
    outer.else_body = {body.back()};
    body.back() = outer;
    body.push_back(store(kY, 1));
    EXPECT_FALSE(thin(program, fmt::format("0:r0={} 1:r0=1", read)));
  }
}

// Only the innermost branch counts.
TEST(ControlDependency, ReachesThroughNestedBranches) {
  EXPECT_TRUE(
      thin(Compact::parse("R4 r1 z ; R4 r0 x ; IF r0 1 ; IF r1 0 ; W4 y 1 || R4 r0 y ; W4 x r0"),
           "0:r0=1 0:r1=0 1:r0=1"));
  EXPECT_FALSE(thin(Compact::parse("R4 r1 z ; R4 r0 x ; IF r1 0 ; W4 y 1 || R4 r0 y ; W4 x r0"),
                    "0:r0=1 0:r1=0 1:r0=1"));
}

// Once an operation has gone one way to the end of the thread, the branch around it is forgotten
// for the other ways (the compare-exchange succeeds, then it fails).
TEST(ControlDependency, HoldsForEachWayThatAnOperationCanGo) {
  const char* reader = " ; W4 y 1 || R4 r0 y ; W4 x r0";
  EXPECT_TRUE(thin(Compact::parse(std::string("R4 r0 x ; IF r0 1 ; C4 r1 z 7 5") + reader),
                   "0:r0=1 0:r1=0 1:r0=1"));
  EXPECT_TRUE(thin(Compact::parse(std::string("R4 r0 x ; IF r0 1 ; WAITT r1 z 0") + reader),
                   "0:r0=1 0:r1=2 1:r0=1"));
}

// Only the left side of a comparison counts.
TEST(ControlDependency, ComesFromBothSidesOfTheComparison) {
  for (const char* condition : {"IF r0 1", "IF 1 r0"}) {
    EXPECT_TRUE(thin(
        Compact::parse(std::string("R4 r0 x ; ") + condition + " ; W4 y 1 || R4 r0 y ; W4 x r0"),
        "0:r0=1 1:r0=1"));
  }
}

// The branch in which a thread has trapped reaches into the next thread.
TEST(ControlDependency, EndsWithItsThread) {
  EXPECT_FALSE(thin(Compact::parse("R4 r0 x ; IF r0 1 ; R4a r1 y+2 || W4 x 1"), "0:r0=1 0:trap"));
}

}  // namespace
}  // namespace weft::model
