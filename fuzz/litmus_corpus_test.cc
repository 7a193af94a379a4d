// Faults that these tests catch: the oracle asked about another outcome than the cycle's, a twin
// that is forbidden itself, an order that depends on addresses.
#include "fuzz/litmus_corpus.h"

#include <gtest/gtest.h>

#include <map>

#include "reference/model/model.h"
#include "suite/litmus/ast.h"
#include "suite/litmus/to_program.h"

namespace weft::fuzz {
namespace {

CorpusOptions small() {
  CycleOptions two;
  two.max_threads = 2;
  two.accesses = {Access::kPlain, Access::kAtomic};
  two.betweens = {Between::kNothing, Between::kRmw};
  CorpusOptions options;
  options.families = {two};
  return options;
}

TEST(LitmusCorpus, KeepsWhatTheOracleForbidsAndItsAllowedTwins) {
  std::map<std::string, CorpusTest> tests;
  auto counts = generate_corpus(small(), [&](const CorpusTest& t) { tests[t.name] = t; });
  ASSERT_TRUE(counts.has_value()) << counts.error().message;
  ASSERT_TRUE(tests.count("SB+aa-aa"));
  EXPECT_TRUE(tests["SB+aa-aa"].forbidden);
  EXPECT_TRUE(tests["SB+aa-aa"].twin_in_tso);
  ASSERT_TRUE(tests.count("MP+na-an"));  // the flag alone closes the cycle
  EXPECT_FALSE(tests["MP+na-an"].twin_in_tso);
  EXPECT_FALSE(tests.count("SB+nn-aa") && tests["SB+nn-aa"].forbidden);
  model::Oracle oracle;
  for (const auto& [name, test] : tests) {
    auto parsed = suite::litmus::read_litmus(test.text, name);
    ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
    auto program = suite::litmus::to_program(parsed->front());
    ASSERT_TRUE(program.has_value());
    auto outcome = model::parse_outcome(model::OutcomeLayout(*program), test.outcome);
    ASSERT_TRUE(outcome.has_value());
    auto allowed = oracle.is_allowed(*program, *outcome, model::Tier::literal);
    ASSERT_TRUE(allowed.has_value());
    EXPECT_EQ(*allowed, !test.forbidden) << test.text;
    if (test.forbidden) {
      ASSERT_TRUE(tests.count(test.twin)) << name << " twin " << test.twin;
      EXPECT_FALSE(tests[test.twin].forbidden && !tests[test.twin].twin.empty()) << test.twin;
    }
  }
}

TEST(LitmusCorpus, IsTheSameEveryTime) {
  std::string first, second;
  ASSERT_TRUE(generate_corpus(small(), [&](const CorpusTest& t) { first += t.text; }));
  ASSERT_TRUE(generate_corpus(small(), [&](const CorpusTest& t) { second += t.text; }));
  EXPECT_EQ(first, second);
  EXPECT_FALSE(first.empty());
}

}  // namespace
}  // namespace weft::fuzz
