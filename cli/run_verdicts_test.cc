// Every verdict, end to end: the weft binary, a fake runtime, a suite of its own.
#include <gtest/gtest.h>

#include <filesystem>

#include "cli/e2e.h"
#include "reference/base/files.h"

namespace weft::cli {
namespace {

using nlohmann::json;

std::string last_line(const std::string& text) {
  const size_t end = text.find_last_not_of('\n');
  const size_t begin = text.rfind('\n', end);
  return text.substr(begin + 1, end - begin);
}

class RunVerdicts : public ::testing::Test {
 protected:
  EndToEnd e2e;
};

TEST_F(RunVerdicts, AllPassedIsExitCodeZeroAndTheLastLineCounts) {
  e2e.test("a/one", "ok");
  e2e.test("a/two", "exit 7", {{"expect", {{"exit", 7}}}});
  const auto result = e2e.run({"--quick"});
  EXPECT_EQ(result.code, 0) << result.out << result.err;
  EXPECT_EQ(last_line(result.out), "2 passed, 0 failed, 0 skipped");
  EXPECT_NE(result.out.find("exit code 0: every selected test has an accepted verdict"),
            std::string::npos);
  EXPECT_NE(result.out.find("passing proves no absence of errors"), std::string::npos);
}

// Fault: the rate of a sound failure is not measured.
TEST_F(RunVerdicts, FailureNamesRowAndStatesItsRateAndLeavesARepro) {
  e2e.test("a/bad", "out WAIT-028 sum: got 1, want 2",
           {{"requirements", {"WAIT-030", "WAIT-028"}}});
  const auto result = e2e.run();
  EXPECT_EQ(result.code, 1) << result.out << result.err;
  const auto run = e2e.latest();
  ASSERT_EQ(run.records.size(), 1u);
  EXPECT_EQ(run.records[0].rule, "WAIT-028");
  EXPECT_GT(run.records[0].rate_runs, 0);
  EXPECT_EQ(run.records[0].rate_failed, run.records[0].rate_runs);
  EXPECT_NE(result.out.find("repro: weft run fake --suite suite --filter a/bad --seed 0x5eed"),
            std::string::npos)
      << result.out;
  // The script needs no weft and exits 1 when the failure shows.
  runners::ProcessSpec spec;
  spec.argv = {run.folder + "/repro/a+bad@fake/run.sh"};
  spec.env = {{"FAKE_STATE", e2e.folder() + "/state"}};
  const auto shown = runners::run_process(spec);
  ASSERT_TRUE(shown) << shown.error().message;
  EXPECT_EQ(shown->code, 1) << shown->out << shown->err;
  EXPECT_NE(shown->out.find("shows in run 1"), std::string::npos);
}

// Fault tried: forbidden_outcomes() empty (run.sh then never exits 1).
TEST_F(RunVerdicts, AForbiddenOutcomeHasItsEvidenceSheet) {
  e2e.file("sb.litmus",
           "litmus SB+aa\nthread 0\n  i32.atomic.store x 1\n  r0 = i32.atomic.load y\n"
           "thread 1\n  i32.atomic.store y 1\n  r1 = i32.atomic.load x\nforbid 0:r0=0 1:r1=0\n");
  const auto result = e2e.weft(
      {"run", "--suite", "sb.litmus", "--descriptors", e2e.folder(), "fake", "--progress", "none"});
  EXPECT_EQ(result.code, 1) << result.out << result.err;
  const auto run = e2e.latest();
  ASSERT_EQ(run.records.size(), 1u);
  EXPECT_EQ(run.records[0].rule, "MM-005/SCLV");
  EXPECT_NE(result.out.find("evidence: sb/SB+aa on fake: MM-005/SCLV, FAIL"), std::string::npos)
      << result.out;
  const std::string folder = run.folder + "/repro/sb+SB+aa@fake";
  const auto sheet = read_text(folder + "/evidence.md");
  ASSERT_TRUE(sheet);
  for (const char* part :
       {"| 0:r0=0 1:r1=0 | 10 | **forbidden** |", "i32.atomic.store x 1", "| seed | 0x5eed |",
        "fake 1.2.3", "Why `0:r0=0 1:r1=0` is forbidden (SCLV)", "e4 -> e5  SC-last-visible (2)",
        "more runs", "weft run fake"}) {
    EXPECT_NE(sheet->find(part), std::string::npos) << part << "\n" << *sheet;
  }
  runners::ProcessSpec spec;
  spec.argv = {folder + "/run.sh"};
  spec.env = {{"FAKE_STATE", e2e.folder() + "/state"}};
  const auto shown = runners::run_process(spec);
  ASSERT_TRUE(shown) << shown.error().message;
  EXPECT_EQ(shown->code, 1) << shown->out << shown->err;
}

TEST_F(RunVerdicts, CrashHangAndNoThread) {
  e2e.test("a/crash", "crash");
  e2e.test("a/hang", "sleep", {{"timeout", 2}});
  e2e.test("a/none", "exit 90");
  const auto result = e2e.run({"--quick"});
  EXPECT_EQ(result.code, 1) << result.out << result.err;
  EXPECT_EQ(e2e.verdict("a/crash"), "CRASH");
  EXPECT_EQ(e2e.verdict("a/hang"), "TIMEOUT");
  EXPECT_EQ(e2e.verdict("a/none"), "SKIPPED");
}

// Faults: a busy timeout is final at once; the second run has half the limit.
TEST_F(RunVerdicts, BusyTimeoutCountsOnlyAfterASecondRunAlone) {
  e2e.test("a/spin", "spin", {{"timeout", 0.5}});
  e2e.test("a/slow", "slow-once x", {{"timeout", 1}});
  const auto result = e2e.run({"--quick"});
  EXPECT_EQ(e2e.verdict("a/spin"), "TIMEOUT") << result.out << result.err;
  EXPECT_EQ(e2e.verdict("a/slow"), "INSUFFICIENT");
  size_t attempts = 0;
  for (const auto& record : e2e.latest().records) {
    attempts += record.test == "a/slow";
    if (record.test == "a/spin" && record.final) {
      EXPECT_GE(record.seconds, 2.0);  // four times
    }
  }
  EXPECT_EQ(attempts, 2u);
}

// Fault: a timing failure is final at once.
TEST_F(RunVerdicts, TimingTestIsRetriedOnceInAFreshProcess) {
  e2e.test("a/timing", "flaky t", {{"sort", "timing"}});
  e2e.test("a/sound", "flaky s");
  const auto result = e2e.run({"--quick"});
  EXPECT_EQ(e2e.verdict("a/timing"), "FLAKY") << result.out << result.err;
  EXPECT_EQ(e2e.verdict("a/sound"), "FAIL");
  EXPECT_EQ(e2e.run({"--filter", "a/timing"}).code, 0);  // its second time
}

// Fault: a test runs although a probe showed that its need is lacking.
TEST_F(RunVerdicts, EvidenceDivergesRecordRejectAnyAndUnsupported) {
  e2e.test("a/evidence", "out no", {{"sort", "evidence"}});
  e2e.test(
      "a/diverges", "exit 3",
      {{"expect", {{"diverges", {{{"exit", 3}, {"severity", "high"}}}}, {"else", {{"exit", 0}}}}}});
  e2e.test("a/record", "exit 5", {{"expect", {{"record", "exit"}}}});
  e2e.test("a/reject", "exit 1", {{"kind", "reject"}, {"expect", {{"reject", "any"}}}});
  e2e.test("a/accepts", "out accepted", {{"kind", "reject"}, {"expect", {{"reject", "any"}}}});
  e2e.test("a/any", "exit 9", {{"expect", {{"any", {{{"exit", 8}}, {{"exit", 9}}}}}}});
  e2e.test("a/trap", "exit 134", {{"expect", {{"trap", true}}}});
  e2e.test("a/model", "ok", {{"expect", "model"}});
  e2e.test("a/needs", "ok", {{"needs", {"simd"}}});
  const auto result = e2e.run({"--quick"});
  EXPECT_EQ(result.code, 1) << result.out << result.err;
  EXPECT_EQ(e2e.verdict("a/evidence"), "INSUFFICIENT");
  EXPECT_EQ(e2e.verdict("a/diverges"), "DIVERGES");
  EXPECT_EQ(e2e.verdict("a/record"), "RECORDED");
  EXPECT_EQ(e2e.verdict("a/reject"), "PASS");
  EXPECT_EQ(e2e.verdict("a/accepts"), "FAIL");
  EXPECT_EQ(e2e.verdict("a/any"), "PASS");
  EXPECT_EQ(e2e.verdict("a/trap"), "PASS");
  EXPECT_EQ(e2e.verdict("a/model"), "SKIPPED");
  EXPECT_EQ(e2e.verdict("a/needs"), "UNSUPPORTED");
  EXPECT_EQ(e2e.run({"--filter", "a/evidence", "--strict-evidence"}).code, 5);
  EXPECT_EQ(e2e.run({"--filter", "a/diverges", "--strict"}).code, 1);
  EXPECT_EQ(e2e.run({"--filter", "a/model or a/needs"}).code, 77);
}

TEST_F(RunVerdicts, FloodedOutputIsCappedAndJudged) {
  e2e.test("a/flood", "flood");
  e2e.test("a/bytes", "bytes");
  EXPECT_EQ(e2e.run({"--junit", "out.xml", "--quick"}).code, 1);
  for (const auto& record : e2e.latest().records) {
    EXPECT_LE(record.observed.value("stdout", "").size(), 64u << 10);
  }
  auto xml = read_text(e2e.folder() + "/out.xml");
  ASSERT_TRUE(xml);
  EXPECT_EQ(xml->find('\x1b'), std::string::npos);
  EXPECT_EQ(xml->find('\0'), std::string::npos);
}

// Fault: the controls are not run.
TEST_F(RunVerdicts, ControlThatMisbehavesMakesTheColumnAHarnessError) {
  e2e.test("a/one", "ok");
  const auto blind = e2e.run({"fake:blind"});
  // `fake` runs too (EndToEnd::run adds it): only the blind column is void.
  EXPECT_EQ(blind.code, 3) << blind.out << blind.err;
  EXPECT_NE(blind.err.find("fake:blind: a control misbehaves: control/wrong"), std::string::npos)
      << blind.err;
  size_t errors = 0;
  for (const auto& record : e2e.latest().records) {
    errors += record.verdict == results::Verdict::kHarnessError;
  }
  EXPECT_EQ(errors, 1u);
  const auto unkillable = e2e.run({"fake:unkillable"});
  EXPECT_NE(unkillable.err.find("control/never-ends"), std::string::npos) << unkillable.err;
}

// Fault: a rule holds after its last day.
TEST_F(RunVerdicts, ExpectedFailureIsXfailAndUnexpectedPassFails) {
  e2e.test("a/bad", "exit 3");
  e2e.test("a/good", "ok");
  auto rules = [&](const std::string& tests, const std::string& extra) {
    e2e.file("expected/fake.json",
             R"({"schema": "weft.expectations/1", "family": "fake", "rules": [{"tests": ")" +
                 tests + R"(", "expect": ["FAIL"], "issue": "W-1", "note": "known")" + extra +
                 "}]}");
  };
  const std::vector<std::string> args = {"--quick", "--expectations", "expected"};
  rules("a/bad", R"(, "when": "version >= 1.2 and version < 2")");
  auto result = e2e.run(args);
  EXPECT_EQ(result.code, 0) << result.out << result.err;
  EXPECT_EQ(e2e.verdict("a/bad"), "XFAIL");
  EXPECT_NE(result.out.find("findings that are known"), std::string::npos);
  rules("a/*", "");
  EXPECT_EQ(e2e.run(args).code, 1);
  EXPECT_EQ(e2e.verdict("a/good"), "XPASS");
  rules("a/bad", R"(, "until": "2001-01-01")");
  result = e2e.run(args);
  EXPECT_EQ(result.code, 1);
  EXPECT_NE(result.out.find("expired on 2001-01-01"), std::string::npos) << result.out;
  rules("b/*", "");
  EXPECT_NE(e2e.run(args).out.find("matched no test"), std::string::npos);
}

// Fault: the update adds no rule.
TEST_F(RunVerdicts, ExpectUpdateMakesTheNextRunPass) {
  e2e.test("a/bad", "exit 3");
  e2e.file("expected/none.json",
           R"({"schema": "weft.expectations/1", "family": "none", "rules": []})");
  EXPECT_EQ(e2e.run({"--quick", "--expectations", "expected"}).code, 1);
  EXPECT_EQ(e2e.weft({"expect", "check", "latest", "--expectations", "expected"}).code, 1);
  EXPECT_EQ(e2e.weft({"expect", "update", "latest", "--expectations", "expected"}).code, 0);
  EXPECT_EQ(e2e.run({"--quick", "--expectations", "expected"}).code, 0);
  EXPECT_EQ(e2e.weft({"expect", "check", "latest", "--expectations", "expected"}).code, 0);
}

}  // namespace
}  // namespace weft::cli
