// Bits that no execution can set let bytes be looked at together; a bit called impossible that is
// not would lose executions. In each program here an RMW of x finds some bytes of a racing store
// and not their neighbours, or is seen in some bytes only, where an error would join both; the
// tier is `intended`, whose rule on lost stores is the reason for looking at single bytes.
#include "reference/model/possible_bits.h"

#include <gtest/gtest.h>

#include "reference/model/testing/ask.h"
#include "reference/model/testing/compact.h"

namespace weft::model {
namespace {

using testing::Compact;

struct Case {
  const char* fault;  // of possible_bits.cc, that only this program was seen to catch
  const char* threads;
  const char* initial;
  const char* outcome;
};

const Case kCases[] = {
    {"values pass through one event only", "R8 r1 z ; W8 x r1 || U8 + r0 x 1",
     "W8 z 0x0202020202020202 ; W8 x 0", "1:r0=0x200"},
    {"a write below the read is moved the wrong way", "R4 r1 z+4 ; W8 x r1 || U8 + r0 x 1",
     "W8 z 0x0202020200000000 ; W8 x 0", "1:r0=0x200"},
    {"a write above the read is moved the wrong way", "R8 r1 z ; W8 x r1 || U8 + r0 x 1",
     "W4 z+4 0x02020202 ; W8 x 0", "1:r0=0x20000000000"},
    {"a sum beyond 64 bits has the bits that are left",
     "W8 x 0xff0000ff00000000 || R8 r1 y ; U8 + r0 x r1", "W8 x 0 ; W8 y 0x00ffff0100000000",
     "1:r0=0 [f]=0xff00ffff00000000"},
    {"a sum has the bits of the greatest sum only",
     "W8 x 0x000000ff00000000 || R8 r1 y ; U8 + r0 x r1", "W8 x 0 ; W8 y 0x00ffff0100000000",
     "1:r0=0 [f]=0x0000ffff00000000"},
};

TEST(PossibleBits, NoneIsCalledImpossibleThatIsNot) {
  for (const Case& c : kCases) {
    const Program program = Compact::parse(c.threads, c.initial, "R8 f x");
    EXPECT_TRUE(testing::allowed(program, c.outcome, Tier::intended)) << c.fault;
  }
}

// An exclusive or has the bits that both operands have.
TEST(PossibleBits, OfAnExclusiveOr) {
  Program program = Compact::parse("R8 r1 z ; R8 r2 w ; W8 x r1 || U8 + r0 x 1",
                                   "W8 z 0x0202020202020202 ; W8 x 0", "R8 f x");
  program.threads[0].body[2].value.terms.push_back({Term::Op::exclusive_or, true, 1, 0});
  EXPECT_TRUE(testing::allowed(program, "1:r0=0x200", Tier::intended));
}

}  // namespace
}  // namespace weft::model
