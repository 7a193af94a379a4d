// What the handwritten litmus tests expect, against the oracle: `allow` and `forbid` speak of the
// tier `literal`. Fault that this catches: any axiom left out of reference/model (drop the clause
// SCLV (2): SB+aa becomes allowed).
#include "reference/model/model.h"

#include <gtest/gtest.h>

#include "suite/litmus/library_for_tests.h"

namespace weft::suite::litmus {
namespace {

TEST(LitmusLibrary, TheModelAgreesWithEveryExpectation) {
  model::Oracle oracle;
  unsigned checked = 0;
  for_each_library_test([&](const LitmusTest& test, const model::Program& program) {
    auto set = oracle.allowed(program);
    ASSERT_TRUE(set.has_value()) << test.name << ": " << set.error().message;
    const model::OutcomeLayout layout(program);
    for (const Expectation& expectation : test.expectations) {
      auto partial = model::parse_outcome(layout, expectation.outcome);
      ASSERT_TRUE(partial.has_value()) << test.name << ": " << partial.error().message;
      EXPECT_EQ(set->contains(model::Tier::literal, *partial), expectation.allowed)
          << test.name << ": " << expectation.outcome;
      auto member = oracle.is_allowed(program, *partial, model::Tier::literal);
      ASSERT_TRUE(member.has_value()) << member.error().message;
      EXPECT_EQ(*member, expectation.allowed) << test.name << ": " << expectation.outcome;
      ++checked;
    }
  });
  EXPECT_GE(checked, 190u);
}

}  // namespace
}  // namespace weft::suite::litmus
