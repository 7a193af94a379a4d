// Membership (`--outcome`) of outcomes that say how a thread ends. The fault before a test is one
// that it was seen to catch (tried in unroll.cc).
#include <gtest/gtest.h>

#include "reference/model/testing/ask.h"
#include "reference/model/testing/compact.h"

namespace weft::model {
namespace {

using testing::allowed;
using testing::Compact;

// The wanted ending is not looked at: of all threads, or of those that finish, trap, or are
// suspended for ever.
TEST(Membership, AsksForTheEndingThatIsNamed) {
  struct Case {
    const char* threads;
    const char* endings;  // of thread 0, those that are possible
  };
  const Case cases[] = {
      {"W4 x 1 || R4 r0 x", "end"},                     // nothing else can happen
      {"WAIT r0 x 0 || R4 r0 x", "waiting"},            // nobody notifies
      {"WAITT r0 x 0 || R4 r0 x", "end waiting"},       // times out, or not yet
      {"WAIT r0 x 0 || NOTIFY r0 x 1", "end waiting"},  // notified before or after
      {"W4 x 1 ; R4a r0 x+2 || R4 r0 x", "trap"},       // misaligned
      {"R4 r0 65536 || GROW r0 1", "end trap"},         // the new page, or not yet
      {"R4 r0 x ; IF r0 1 ; WAIT r1 y 0 || W4 x 1", "end waiting"},
  };
  for (const Case& c : cases) {
    const Program program = Compact::parse(c.threads);
    for (const std::string ending : {"end", "trap", "waiting"}) {
      const bool possible = std::string(c.endings).find(ending) != std::string::npos;
      for (const Tier tier : {Tier::literal, Tier::intended, Tier::sc}) {
        EXPECT_EQ(allowed(program, "0:" + ending, tier), possible)
            << c.threads << " 0:" << ending << " " << tier_name(tier);
        EXPECT_EQ(allowed(program, "1:end 0:" + ending, tier), possible)
            << c.threads << " 0:" << ending << " " << tier_name(tier);
        EXPECT_FALSE(allowed(program, "1:trap 0:" + ending, tier)) << c.threads;
      }
    }
  }
}

// A value asked of a register that a suspended thread never got counts as found.
TEST(Membership, ARegisterWithoutAValueIsNotFound) {
  const Program program = Compact::parse("WAIT r0 x 0 || NOTIFY r0 x 1");
  EXPECT_TRUE(allowed(program, "0:waiting 1:r0=0"));
  EXPECT_FALSE(allowed(program, "0:r0=0 0:waiting"));
  EXPECT_TRUE(allowed(program, "0:r0=0 0:end"));
}

}  // namespace
}  // namespace weft::model
