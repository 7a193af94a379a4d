// The text form of outcomes.
#include "reference/model/outcome.h"

#include <gtest/gtest.h>

namespace weft::model {
namespace {

Program two_threads() {
  Program program;
  program.threads.resize(2);
  program.threads[0].registers = {{"r0", Type::i32, false}, {"_", Type::i32, true}};
  program.threads[1].registers = {{"r1", Type::i64, false}};
  program.observe = {{"x+2", {}, 0, 2}};
  return program;
}

TEST(OutcomeText, IsReadInAnyOrderAndWrittenInOne) {
  const OutcomeLayout layout(two_threads());
  const auto outcome = parse_outcome(layout, "1:trap [x+2]=0x10 1:r1=18446744073709551615 0:r0=-1");
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(to_text(layout, *outcome), "0:r0=4294967295 1:r1=18446744073709551615 [x+2]=16 1:trap");
}

TEST(OutcomeText, APartialOneLeavesTheRestOpen) {
  const OutcomeLayout layout(two_threads());
  const Outcome complete = *parse_outcome(layout, "0:r0=1 1:r1=2 [x+2]=3 1:trap");
  EXPECT_TRUE(matches(*parse_outcome(layout, "0:r0=1"), complete));
  EXPECT_TRUE(matches(*parse_outcome(layout, "0:end 1:trap"), complete));
  EXPECT_FALSE(matches(*parse_outcome(layout, "0:r0=2"), complete));
  EXPECT_FALSE(matches(*parse_outcome(layout, "1:waiting"), complete));
  EXPECT_FALSE(matches(complete, *parse_outcome(layout, "0:r0=1 1:r1=2")));
}

TEST(OutcomeText, BadTextNamesThePart) {
  const OutcomeLayout layout(two_threads());
  for (const char* text : {"0:_=1", "r0=1", "0:r0=x", "0:r0=4294967296", "0:r0=1 0:r0=2", "2:trap",
                           "0:sleeping", "", "[y]=1", "1:trap 1:waiting", "0:r0="}) {
    EXPECT_FALSE(parse_outcome(layout, text)) << text;
  }
  EXPECT_EQ(parse_outcome(layout, "0:r7=1").error().message,
            "outcome: `0:r7` names no register and no observed location; the test has 0:r0, 1:r1, "
            "[x+2]");
}

}  // namespace
}  // namespace weft::model
