// What the handwritten litmus tests expect, against the oracle: `allow` and `forbid` speak of the
// tier `literal`. Fault that this catches: any axiom left out of reference/model (drop the clause
// SCLV (2): SB+aa becomes allowed).
#include "reference/model/model.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "reference/base/files.h"
#include "suite/litmus/ast.h"
#include "suite/litmus/to_program.h"

namespace weft::suite::litmus {
namespace {

TEST(LitmusLibrary, TheModelAgreesWithEveryExpectation) {
  model::Oracle oracle;
  unsigned checked = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(std::string(WEFT_SOURCE_DIR) + "/suite")) {
    if (entry.path().extension() != ".litmus") continue;
    const std::string path = entry.path().string();
    auto all = read_litmus(*read_text(path), path);
    ASSERT_TRUE(all.has_value()) << all.error().message;
    for (const LitmusTest& test : *all) {
      auto program = to_program(test);
      ASSERT_TRUE(program.has_value()) << program.error().message;
      auto set = oracle.allowed(*program);
      ASSERT_TRUE(set.has_value()) << test.name << ": " << set.error().message;
      const model::OutcomeLayout layout(*program);
      for (const Expectation& expectation : test.expectations) {
        auto partial = model::parse_outcome(layout, expectation.outcome);
        ASSERT_TRUE(partial.has_value()) << test.name << ": " << partial.error().message;
        EXPECT_EQ(set->contains(model::Tier::literal, *partial), expectation.allowed)
            << test.name << ": " << expectation.outcome;
        auto member = oracle.is_allowed(*program, *partial, model::Tier::literal);
        ASSERT_TRUE(member.has_value()) << member.error().message;
        EXPECT_EQ(*member, expectation.allowed) << test.name << ": " << expectation.outcome;
        ++checked;
      }
    }
  }
  EXPECT_GE(checked, 190u);
}

}  // namespace
}  // namespace weft::suite::litmus
