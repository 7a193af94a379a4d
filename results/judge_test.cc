// The judge: one observation against one expectation, and whose fault it is.
#include "results/judge.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "results/attempts.h"

namespace weft::results {
namespace {

using runners::End;
using runners::Observation;

class Judge : public ::testing::Test {
 protected:
  Judge() {
    test.header.id = "a/b";
    test.header.requirements = {"ATOM-087", "WAIT-028"};
    runtime.kind = "cli";
  }

  Judgement judged(const char* expect, End end, int code = 0, const std::string& out = "") {
    auto read = suite::read_expectation(nlohmann::json::parse(expect), "x");
    EXPECT_TRUE(read) << read.error().message;
    Observation seen;
    seen.end = end;
    seen.code = code;
    seen.out = out;
    seen.trap = trap;
    seen.stage = stage;
    return judge(test, *read, runtime, seen);
  }
  Verdict verdict(const char* expect, End end, int code = 0, const std::string& out = "") {
    return judged(expect, end, code, out).verdict;
  }

  suite::Test test;
  runners::RuntimeInfo runtime;
  std::string trap, stage;
};

// Faults: the exit code, or the output, is not compared.
TEST_F(Judge, ExitAndOutputMustBothBeRight) {
  const char* expect = R"({"exit":0,"stdout":"ok\n"})";
  EXPECT_EQ(verdict(expect, End::kExit, 0, "ok\n"), Verdict::kPass);
  EXPECT_EQ(verdict(expect, End::kExit, 0, "ok"), Verdict::kFail);
  EXPECT_EQ(verdict(expect, End::kExit, 1, "ok\n"), Verdict::kFail);
  EXPECT_EQ(verdict(expect, End::kTrap, 0, "ok\n"), Verdict::kFail);
  EXPECT_EQ(verdict(expect, End::kReject), Verdict::kFail);
}

// Fault: an OOM is called a TIMEOUT.
TEST_F(Judge, WhatEndsBadlyIsNamedWhateverIsExpected) {
  const char* expect = R"({"record":"exit"})";
  EXPECT_EQ(verdict(expect, End::kSignal, 11), Verdict::kCrash);
  EXPECT_EQ(verdict(expect, End::kTimeout), Verdict::kTimeout);
  EXPECT_EQ(verdict(expect, End::kOom), Verdict::kOom);
  EXPECT_EQ(verdict(expect, End::kHostError), Verdict::kHarnessError);
  EXPECT_EQ(verdict(expect, End::kExit, 5), Verdict::kRecorded);
}

// Fault: 90 is no thread also where 90 is expected.
TEST_F(Judge, ExitCode90IsNoThread) {
  EXPECT_EQ(verdict(R"({"exit":0})", End::kExit, 90), Verdict::kSkipped);
  EXPECT_EQ(verdict(R"({"exit":90})", End::kExit, 90), Verdict::kPass);
}

// Fault: 91 is void also where 91 is expected.
TEST_F(Judge, ExitCode91IsAllTrialsVoid) {
  EXPECT_EQ(verdict(R"({"exit":0})", End::kExit, 91), Verdict::kInsufficient);
  EXPECT_EQ(verdict(R"({"exit":91})", End::kExit, 91), Verdict::kPass);
}

// Fault: a trap without a kind is compared with the expected kind.
TEST_F(Judge, TrapKindsCountOnlyWhereTheyAreNamed) {
  const char* expect = R"({"trap":"unreachable"})";
  EXPECT_EQ(verdict(expect, End::kTrap), Verdict::kPass);
  trap = "unreachable";
  EXPECT_EQ(verdict(expect, End::kTrap), Verdict::kPass);
  trap = "integer divide by zero";
  EXPECT_EQ(verdict(expect, End::kTrap), Verdict::kFail);
  EXPECT_EQ(verdict(R"({"trap":true})", End::kTrap), Verdict::kPass);
}

// Fault: 64 and 125 are taken for an engine's codes.
TEST_F(Judge, TrapByExitCodeIsNoneOfATestsOwnCodes) {
  const char* expect = R"({"trap":true})";
  EXPECT_EQ(verdict(expect, End::kExit, 1), Verdict::kPass);
  EXPECT_EQ(verdict(expect, End::kExit, 134), Verdict::kPass);
  EXPECT_EQ(verdict(expect, End::kExit, 0), Verdict::kFail);
  EXPECT_EQ(verdict(expect, End::kExit, 64), Verdict::kFail);
  EXPECT_EQ(verdict(expect, End::kExit, 125), Verdict::kFail);
}

// Faults: the line is not looked for; the stage is not compared on the reference; exit code 0
// passes.
TEST_F(Judge, RejectIsANormalNonZeroEndWithoutTheLine) {
  const char* expect = R"({"reject":"validate"})";
  EXPECT_EQ(verdict(expect, End::kExit, 1, "error: bad module\n"), Verdict::kPass);
  EXPECT_EQ(verdict(expect, End::kExit, 1, "accepted\n"), Verdict::kFail);
  EXPECT_EQ(verdict(expect, End::kExit, 0, ""), Verdict::kFail);
  EXPECT_EQ(verdict(expect, End::kSignal, 6), Verdict::kCrash);
  stage = "decode";
  EXPECT_EQ(verdict(expect, End::kReject), Verdict::kPass);
  runtime.kind = "reference";
  EXPECT_EQ(verdict(expect, End::kReject), Verdict::kFail);
  EXPECT_EQ(verdict(R"({"reject":"any"})", End::kReject), Verdict::kPass);
}

// Fault: the severity is always low.
TEST_F(Judge, DivergesIsAskedBeforeElse) {
  const char* expect = R"({"diverges":[{"exit":3,"severity":"high"}],"else":{"exit":0}})";
  const Judgement three = judged(expect, End::kExit, 3);
  EXPECT_EQ(three.verdict, Verdict::kDiverges);
  EXPECT_EQ(three.severity, "high");
  EXPECT_EQ(verdict(expect, End::kExit, 0), Verdict::kPass);
  EXPECT_EQ(verdict(expect, End::kExit, 4), Verdict::kFail);
}

// Fault: the sort of the test is not asked.
TEST_F(Judge, EvidenceThatDidNotShowIsNoFailure) {
  test.header.sort = suite::Sort::kEvidence;
  EXPECT_EQ(verdict(R"({"exit":0})", End::kExit, 64), Verdict::kInsufficient);
  EXPECT_EQ(verdict(R"({"exit":0})", End::kSignal, 11), Verdict::kCrash);
}

// Fault: the output is not searched for rows.
TEST_F(Judge, FailureBlamesTheRowsThatTheOutputNames) {
  const Judgement one =
      judged(R"({"exit":0})", End::kExit, 64, "ATOM-087 high: 3\nWAIT-028 sum: got 1, want 2\n");
  EXPECT_EQ(one.rule, "WAIT-028");
  EXPECT_EQ(one.blamed, std::vector<std::string>{"WAIT-028"});
  EXPECT_NE(one.reason.find("WAIT-028 sum: got 1, want 2"), std::string::npos) << one.reason;
  EXPECT_EQ(judged(R"({"exit":0})", End::kExit, 64, "x: got 1, want 2\n").rule, "ATOM-087");
}

// Fault: a failure of our own host stays what it is.
TEST_F(Judge, WhatOurHostProvidesIsNeverTheEnginesFault) {
  runtime.provides.wait = runners::Provider::kWeft;
  test.header.requirements = {"WAIT-028"};
  Judgement one = judged(R"({"exit":0})", End::kExit, 64);
  EXPECT_TRUE(one.host);
  EXPECT_EQ(one.verdict, Verdict::kHarnessError);
  one = judged(R"({"exit":0})", End::kExit, 0);
  EXPECT_TRUE(one.host);
  EXPECT_EQ(one.verdict, Verdict::kPass);
  // Fault tried: the rows of the model that speak of the host's writes left out of provider.def.
  runtime.provides.wasi = runners::Provider::kWeft;
  test.header.requirements = {"MM-095", "MM-096"};
  EXPECT_EQ(verdict(R"({"exit":0})", End::kExit, 64), Verdict::kHarnessError);
  // One row is the engine's: the case counts, unless the output blames ours.
  test.header.requirements = {"ATOM-087", "WAIT-028"};
  EXPECT_EQ(verdict(R"({"exit":0})", End::kExit, 64), Verdict::kFail);
  EXPECT_EQ(verdict(R"({"exit":0})", End::kExit, 64, "WAIT-028: got 1, want 2\n"),
            Verdict::kHarnessError);
}

// Fault tried: compare_explored() let everything pass that exited.
TEST_F(Judge, ExploredOutcomesAreCompared) {
  suite::Expectation expect = *suite::read_expectation("explore", "here");
  expect.explored = {"exit=0", "exit=3"};
  Observation seen;
  seen.end = End::kExit;
  seen.code = 3;
  EXPECT_EQ(judge(test, expect, runtime, seen).verdict, Verdict::kPass);
  seen.code = 4;
  EXPECT_EQ(judge(test, expect, runtime, seen).verdict, Verdict::kFail);
  seen.code = 3;
  seen.end = End::kTrap;
  EXPECT_EQ(judge(test, expect, runtime, seen).verdict, Verdict::kFail);
}

// interfaces: a second run, alone, with four times the limit. Fault tried: the factor on the time
// only.
TEST_F(Judge, SecondRunHasFourTimesEveryLimit) {
  Prepared prepared;
  test.path = "a/test.wat";
  prepared.test = &test;
  const runners::Case first = make_case(prepared, {}, 1), second = make_case(prepared, {}, 4);
  EXPECT_EQ(second.timeout, 4 * first.timeout);
  EXPECT_EQ(second.process_limit, 4 * first.process_limit);
  // As much as the machine has, if it has less.
  EXPECT_LE(second.memory_limit, 4 * first.memory_limit);
  EXPECT_GE(second.memory_limit, first.memory_limit);
  const double machine = double(sysconf(_SC_PHYS_PAGES)) * double(getpagesize());
  if (machine > 6.0 * double(first.memory_limit)) {
    EXPECT_EQ(second.memory_limit, 4 * first.memory_limit);
  } else if (machine > 2.0 * double(first.memory_limit)) {
    EXPECT_GT(second.memory_limit, first.memory_limit);
  }
}

}  // namespace
}  // namespace weft::results
