// Every verdict of the table in testing/verdicts.txt: the outcome asked of each tier's whole set
// and of membership.
#include <gtest/gtest.h>

#include <fstream>

#include "reference/model/model.h"
#include "reference/model/testing/compact.h"

namespace weft::model {
namespace {

struct Row {
  std::string outcome;
  std::map<std::string, std::string> verdicts;  // tier: yes, no, oota
};

struct Case {
  std::string name;
  testing::Compact compact;
  std::vector<Row> rows;
  std::vector<std::string> all;  // the whole set in literal, where given
};

std::vector<Case> load() {
  std::ifstream in(WEFT_SOURCE_DIR "/reference/model/testing/verdicts.txt");
  std::vector<Case> cases;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    if (line.starts_with("test ")) {
      cases.emplace_back();
      cases.back().name = line.substr(5);
      continue;
    }
    Case& c = cases.back();
    const std::string key = line.substr(2, line.find(' ', 2) - 2);
    const std::string rest = line.substr(line.find_first_not_of(' ', 2 + key.size()));
    if (key == "pre") c.compact.pre(rest);
    if (key == "thread") c.compact.thread(rest);
    if (key == "obs") c.compact.observe(rest);
    if (key == "all") c.all.push_back(rest);
    if (key == "row") {
      Row row;
      const size_t bar = rest.find(" | ");
      row.outcome = rest.substr(0, bar);
      for (const std::string& part : testing::split(rest.substr(bar + 3), ' ')) {
        row.verdicts[part.substr(0, part.find('='))] = part.substr(part.find('=') + 1);
      }
      c.rows.push_back(row);
    }
  }
  return cases;
}

std::string list(const OutcomeLayout& layout, const AllowedSet& set, Tier tier) {
  std::string text;
  for (const AllowedOutcome& o : set.outcomes) {
    if (o.tiers & tier_bit(tier)) text += "  " + to_text(layout, o.outcome) + "\n";
  }
  return text;
}

TEST(Verdicts, EveryRowOfTheTable) {
  const std::vector<Case> cases = load();
  ASSERT_GE(cases.size(), 161u);
  Oracle oracle;
  unsigned rows = 0, judged = 0;
  for (const Case& c : cases) {
    const OutcomeLayout layout(c.compact.program);
    const auto set = oracle.allowed(c.compact.program);
    ASSERT_TRUE(set) << c.name << ": " << set.error().message;
    for (const Row& row : c.rows) {
      ++rows;
      const auto outcome = parse_outcome(layout, row.outcome);
      ASSERT_TRUE(outcome) << c.name << ": " << outcome.error().message;
      for (unsigned t = 0; t < kTiers; ++t) {
        const Tier tier = static_cast<Tier>(t);
        const auto verdict = row.verdicts.find(tier_name(tier));
        if (verdict == row.verdicts.end()) continue;
        // Whole sets of the tiers that only some programs have; the axioms' tiers always.
        if (!(set->computed & tier_bit(tier))) {
          EXPECT_GT(t, 1u);
          continue;
        }
        ++judged;
        const bool expected = verdict->second != "no";
        EXPECT_EQ(set->contains(tier, *outcome), expected)
            << c.name << "  " << row.outcome << "  " << tier_name(tier) << " has\n"
            << list(layout, *set, tier);
        const auto member = oracle.is_allowed(c.compact.program, *outcome, tier);
        ASSERT_TRUE(member) << c.name << ": " << member.error().message;
        EXPECT_EQ(*member, expected)
            << c.name << "  " << row.outcome << "  membership in " << tier_name(tier);
        if (verdict->second == "oota") {
          EXPECT_FALSE(set->contains(Tier::intended, *outcome)) << c.name;
          for (const AllowedOutcome& o : set->outcomes) {
            EXPECT_TRUE(!matches(*outcome, o.outcome) || o.thin_air) << c.name;
          }
        }
      }
    }
    if (c.all.empty()) continue;
    std::vector<Outcome> expected;
    for (const std::string& text : c.all) expected.push_back(*parse_outcome(layout, text));
    for (const AllowedOutcome& o : set->outcomes) {
      if (!(o.tiers & tier_bit(Tier::literal))) continue;
      bool known = false;
      for (const Outcome& e : expected) known = known || matches(e, o.outcome);
      EXPECT_TRUE(known) << c.name << " also allows " << to_text(layout, o.outcome);
    }
    for (size_t i = 0; i < expected.size(); ++i) {
      EXPECT_TRUE(set->contains(Tier::literal, expected[i])) << c.name << " lacks " << c.all[i];
    }
  }
  EXPECT_GE(rows, 200u);
  EXPECT_GE(judged, 500u);
}

TEST(Verdicts, StrongerTiersLieWithinWeakerOnes) {
  Oracle oracle;
  for (const Case& c : load()) {
    const OutcomeLayout layout(c.compact.program);
    const auto set = oracle.allowed(c.compact.program);
    ASSERT_TRUE(set) << c.name;
    for (const AllowedOutcome& o : set->outcomes) {
      EXPECT_TRUE(o.tiers & tier_bit(Tier::literal))
          << c.name << " " << to_text(layout, o.outcome) << " is not in literal";
      if (o.tiers & ~tier_bit(Tier::literal)) {
        EXPECT_TRUE(o.tiers & tier_bit(Tier::intended))
            << c.name << " " << to_text(layout, o.outcome) << " is not in intended";
      }
    }
  }
}

}  // namespace
}  // namespace weft::model
