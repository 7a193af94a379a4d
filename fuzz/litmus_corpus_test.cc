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

// A fence, and a notify that wakes nobody, order only in `intended`. Faults tried: cycles kept that
// `literal` forbids only (no fence decides anything then); a twin that `intended` forbids too.
TEST(LitmusCorpus, KeepsWhatAFenceOrANotifyDecides) {
  CycleOptions two;
  two.max_threads = 2;
  two.accesses = {Access::kPlain};
  two.betweens = {Between::kNothing, Between::kFence, Between::kNotify};
  std::map<std::string, CorpusTest> tests;
  const auto keep = [&](const CorpusTest& t) { tests[t.name] = t; };
  CorpusOptions options;
  options.families = {two};
  auto counts = generate_corpus(options, keep);
  ASSERT_TRUE(counts.has_value()) << counts.error().message;
  EXPECT_EQ(counts->forbidden, 0u);
  EXPECT_EQ(counts->letter_only, 12u);  // six shapes, two fences or two notifies
  for (const char* name : {"SB+nn-nn+fence-fence", "MP+nn-nn+notify-notify"}) {
    ASSERT_TRUE(tests.count(name)) << name;
    EXPECT_TRUE(tests[name].letter_only);
    EXPECT_NE(tests[name].text.find("\nallow "), std::string::npos) << tests[name].text;
    ASSERT_TRUE(tests.count(tests[name].twin)) << tests[name].twin;
    EXPECT_FALSE(tests[tests[name].twin].letter_only);
  }
  EXPECT_TRUE(tests["SB+nn-nn+fence-fence"].twin_in_tso);
  // One atomic access less leaves what the fences still forbid.
  options.families[0].accesses = {Access::kPlain, Access::kAtomic};
  ASSERT_TRUE(generate_corpus(options, keep));
  EXPECT_TRUE(tests["SB+aa-aa+fence-fence"].forbidden);
  EXPECT_EQ(tests["SB+aa-aa+fence-fence"].twin.find("fence-fence"), std::string::npos);
  EXPECT_TRUE(tests["SB+na-aa+fence-fence"].letter_only);
}

// Fault tried: the first family's tests counted against the second's limit.
TEST(LitmusCorpus, TheLimitIsOfEachFamily) {
  CorpusOptions options = small();
  options.families.push_back(options.families[0]);
  options.families[1].widths = {16};
  options.most = 3;
  auto counts = generate_corpus(options, [](const CorpusTest&) {});
  ASSERT_TRUE(counts.has_value());
  EXPECT_EQ(counts->forbidden, 6u);
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
