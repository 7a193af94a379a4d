// Questions that tests ask of the oracle about one program. Test support only.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "reference/model/model.h"

namespace weft::model::testing {

// Is the partial outcome in the tier? By the whole set and by membership, which must agree.
inline bool allowed(const Program& program, const std::string& text, Tier tier = Tier::literal) {
  Oracle oracle;
  const OutcomeLayout layout(program);
  const auto outcome = parse_outcome(layout, text);
  EXPECT_TRUE(outcome) << outcome.error().message;
  const auto set = oracle.allowed(program, tier_bit(tier));
  EXPECT_TRUE(set) << set.error().message;
  EXPECT_TRUE(set->computed & tier_bit(tier)) << tier_name(tier) << " is not defined";
  const auto member = oracle.is_allowed(program, *outcome, tier);
  EXPECT_TRUE(member) << member.error().message;
  EXPECT_EQ(set->contains(tier, *outcome), *member) << text;
  return *member;
}

// In literal, but only out of thin air.
inline bool thin(const Program& program, const std::string& text) {
  Oracle oracle;
  const OutcomeLayout layout(program);
  const auto outcome = parse_outcome(layout, text);
  EXPECT_TRUE(outcome) << outcome.error().message;
  const auto set = oracle.allowed(program);
  EXPECT_TRUE(set) << set.error().message;
  bool found = false, all = true;
  for (const AllowedOutcome& o : set->outcomes) {
    if (!(o.tiers & tier_bit(Tier::literal)) || !matches(*outcome, o.outcome)) continue;
    found = true;
    all = all && o.thin_air && !(o.tiers & tier_bit(Tier::intended));
  }
  EXPECT_TRUE(found) << text << " is not in literal";
  return all;
}

}  // namespace weft::model::testing
