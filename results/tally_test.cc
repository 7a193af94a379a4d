// Counts, the worst verdict of a requirement, exit codes in their order, and conditions of rules.
#include "results/tally.h"

#include <gtest/gtest.h>

#include "results/expectations.h"
#include "results/report/report.h"

namespace weft::results {
namespace {

Record record(const std::string& test, Verdict verdict,
              std::vector<std::string> requirements = {}) {
  Record out;
  out.test = test;
  out.runtime = "r";
  out.verdict = verdict;
  out.requirements = std::move(requirements);
  return out;
}

int code(const std::vector<Verdict>& verdicts, RunFacts facts = {}) {
  std::vector<Record> records;
  for (size_t i = 0; i < verdicts.size(); ++i) {
    records.push_back(record("a/" + std::to_string(i), verdicts[i]));
  }
  return exit_code(tally(records, facts.strictness), facts);
}

// Fault: the last verdict in place of the worst.
TEST(Tally, WorstVerdictOfATestIsTheRequirements) {
  const Tally t =
      tally({record("a/1", Verdict::kPass, {"X"}), record("a/2", Verdict::kDiverges, {"X"}),
             record("a/3", Verdict::kSkipped, {"X"})},
            {});
  EXPECT_EQ((t.by_requirement.at({"X", "r"}).worst), Verdict::kDiverges);
  EXPECT_EQ(t.passed, 2);
  EXPECT_EQ(t.skipped, 1);
}

// Fault: every row gets the verdict of the test.
TEST(Tally, FailureThatNamesItsRowsDoesNotSmearTheOthers) {
  Record failed = record("a/1", Verdict::kFail, {"X", "Y"});
  failed.blamed = {"Y"};
  const Tally t = tally({failed}, {});
  EXPECT_EQ((t.by_requirement.at({"X", "r"}).worst), Verdict::kPass);
  EXPECT_EQ((t.by_requirement.at({"Y", "r"}).worst), Verdict::kFail);
}

// Fault: an attempt that no final one follows counts.
TEST(Tally, AttemptsThatAreNotFinalDoNotCount) {
  Record first = record("a/1", Verdict::kFail);
  first.final = false;
  Record alone = record("a/2", Verdict::kFail);
  alone.final = false;  // the run was killed before the second attempt
  const Tally t = tally({first, record("a/1", Verdict::kFlaky), alone}, {});
  EXPECT_EQ(t.passed, 1);
  EXPECT_EQ(t.failed, 0);
}

// Faults: the budget is asked before failures; one skipped test makes 77.
TEST(ExitCode, FirstThatAppliesInTheDocumentedOrder) {
  using V = Verdict;
  EXPECT_EQ(code({V::kPass, V::kXfail, V::kInteresting, V::kRecorded, V::kDiverges, V::kFlaky}), 0);
  for (const V bad : {V::kFail, V::kTimeout, V::kCrash, V::kOom, V::kXpass}) {
    EXPECT_EQ(code({V::kPass, bad}), 1) << name_of(bad);
  }
  EXPECT_EQ(code({V::kFail, V::kHarnessError}), 3);
  EXPECT_EQ(code({V::kSkipped, V::kUnsupported}), 77);
  EXPECT_EQ(code({V::kSkipped, V::kPass}), 0);
  EXPECT_EQ(code({V::kInsufficient}), 0);
  RunFacts facts;
  facts.strictness.strict_evidence = true;
  EXPECT_EQ(code({V::kInsufficient}, facts), 5);
  EXPECT_EQ(code({V::kInsufficient, V::kFail}, facts), 1);
  facts = {};
  facts.budget_ended = true;
  EXPECT_EQ(code({V::kPass}, facts), 5);
  EXPECT_EQ(code({V::kFail}, facts), 1);
  facts.required_missing = true;
  EXPECT_EQ(code({V::kFail}, facts), 3);
  facts.nothing_selected = true;
  EXPECT_EQ(code({}, facts), 4);
  facts.bad_input = true;
  EXPECT_EQ(code({}, facts), 2);
  facts.interrupted = true;
  EXPECT_EQ(code({}, facts), 130);
}

// Fault: --strict moves FLAKY too.
TEST(ExitCode, StrictFlagsMoveVerdicts) {
  RunFacts facts;
  facts.strictness.strict = true;
  EXPECT_EQ(code({Verdict::kDiverges}, facts), 1);
  EXPECT_EQ(code({Verdict::kFlaky}, facts), 0);
  facts.strictness.flaky_fails = true;
  EXPECT_EQ(code({Verdict::kFlaky}, facts), 1);
}

// Faults: versions are compared as text; < holds for equal ones.
TEST(When, ComparesVersionsByTheirNumbers) {
  runners::RuntimeInfo runtime;
  runtime.name = "wamr:fast";
  runtime.config = "fast";
  runtime.version = "2.10.0";
  auto value = [&](const std::string& text) {
    auto result = holds(text, runtime);
    EXPECT_TRUE(result) << result.error().message;
    return result && *result;
  };
  EXPECT_TRUE(value(""));
  EXPECT_TRUE(value("version > 2.9"));
  EXPECT_TRUE(value("version == 2.10"));
  EXPECT_FALSE(value("version < 2.10.0"));
  EXPECT_TRUE(value("version<2.5 or config==fast"));
  EXPECT_FALSE(value("not (config == fast)"));
  EXPECT_TRUE(value("name == wamr:fast and config != classic"));
  EXPECT_FALSE(holds("version", runtime));
  EXPECT_FALSE(holds("version < 2 and", runtime));
  EXPECT_FALSE(holds("flavour == x", runtime));
}

// Fault: only what the rule names is left alone.
TEST(Expectation, XfailXpassAndEverythingElse) {
  ExpectationRule rule;
  rule.expect = {Verdict::kFail};
  rule.issue = "W-1";
  std::string reason = "x";
  EXPECT_EQ(Expectations::apply(rule, Verdict::kFail, reason), Verdict::kXfail);
  EXPECT_NE(reason.find("W-1"), std::string::npos);
  EXPECT_EQ(Expectations::apply(rule, Verdict::kPass, reason), Verdict::kXpass);
  EXPECT_EQ(Expectations::apply(rule, Verdict::kFlaky, reason), Verdict::kXpass);
  EXPECT_EQ(Expectations::apply(rule, Verdict::kCrash, reason), Verdict::kCrash);
  EXPECT_EQ(Expectations::apply(rule, Verdict::kSkipped, reason), Verdict::kSkipped);
  EXPECT_EQ(Expectations::apply(rule, Verdict::kHarnessError, reason), Verdict::kHarnessError);
  rule.expect = {Verdict::kFail, Verdict::kPass};
  EXPECT_EQ(Expectations::apply(rule, Verdict::kPass, reason), Verdict::kPass);
}

// Faults: `final` is not written; the seed is read with 32 bits.
TEST(Record, IsWrittenAndReadAgain) {
  Record one = record("a/1", Verdict::kFail, {"X"});
  one.rule = "X";
  one.final = false;
  one.observed = {{"exit", 1}};
  put_text(one.observed, "stdout", "\xff\xfe");
  one.seed = ~uint64_t{0};
  auto again = read_record(nlohmann::json::parse(to_json(one).dump()), "here");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(to_json(*again), to_json(one));
  EXPECT_FALSE(again->final);
  EXPECT_EQ(again->seed, one.seed);
  EXPECT_EQ(one.observed["stdout_base64"], "//4=");
  EXPECT_FALSE(read_record({{"schema", "weft.result/1"}, {"test", 3}}, "here"));
}

// Faults: control characters stay; a surrogate is taken; nothing is cut.
TEST(XmlText, CarriesOnlyWhatXmlMayHold) {
  EXPECT_EQ(xml_text("a<b>&\"\x01\x1b\n"), "a&lt;b&gt;&amp;&quot;\n");
  EXPECT_EQ(xml_text("\xff\xc0\x80\xed\xa0\x80\xef\xbf\xbf"), "?????????");
  EXPECT_EQ(xml_text("\xc3\xa4"), "\xc3\xa4");
  EXPECT_LT(xml_text(std::string(1 << 20, '<')).size(), (64u << 10) + 16);
}

}  // namespace
}  // namespace weft::results
