// The parent's side of the persistent protocol, against a host that does what the case's id says.
#include "runners/host_runtime.h"

#include <gtest/gtest.h>

namespace weft::runners {
namespace {

class HostRuntimeTest : public testing::Test {
 protected:
  static HostSetup setup() {
    HostSetup one;
    one.info.name = "fake";
    one.argv = {"python3", std::string(WEFT_SOURCE_DIR) + "/runners/testdata/fake_host.py"};
    return one;
  }
  static std::vector<Case> cases(const std::vector<std::string>& ids) {
    std::vector<Case> all;
    for (const std::string& id : ids) {
      Case one;
      one.id = id;
      // More than the last second, which tells who sleeps: a host that just started does not.
      one.timeout = id == "hang" ? 2 : 20;
      all.push_back(one);
    }
    return all;
  }
};

TEST_F(HostRuntimeTest, AnswersComeInTheOrderOfTheCases) {
  HostRuntime runtime(setup());
  EXPECT_EQ(runtime.largest_batch(), 8u);
  EXPECT_EQ(runtime.features(), std::vector<std::string>{"threads"});
  std::vector<std::string> ids;
  for (int i = 0; i < 20; ++i) ids.push_back("exit " + std::to_string(64 + i));
  const auto seen = runtime.run_batch(cases(ids));
  ASSERT_EQ(seen.size(), 20u);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(seen[i].end, End::kExit);
    EXPECT_EQ(seen[i].code, 64 + i);
    EXPECT_EQ(seen[i].out, seen[0].out) << "one process serves all";
  }
  EXPECT_EQ(runtime.starts(), 1);
}

TEST_F(HostRuntimeTest, ACaseThatCrashesTheHostIsFoundAndTheOthersRun) {
  HostRuntime runtime(setup());
  const auto seen = runtime.run_batch(cases({"exit 1", "exit 2", "crash", "exit 4", "exit 5"}));
  EXPECT_EQ(seen[0].code, 1);
  EXPECT_EQ(seen[1].code, 2);
  EXPECT_EQ(seen[2].end, End::kSignal);
  EXPECT_EQ(seen[2].code, 11);
  EXPECT_EQ(seen[3].code, 4);
  EXPECT_EQ(seen[4].code, 5);
  EXPECT_EQ(seen[4].end, End::kExit);
}

TEST_F(HostRuntimeTest, ACaseThatHangsIsFoundAndTheOthersRun) {
  HostRuntime runtime(setup());
  const auto seen = runtime.run_batch(cases({"exit 1", "hang", "exit 3", "hang", "exit 5"}));
  EXPECT_EQ(seen[0].code, 1);
  EXPECT_EQ(seen[1].end, End::kTimeout);
  EXPECT_TRUE(seen[1].all_asleep);
  EXPECT_EQ(seen[2].code, 3);
  EXPECT_EQ(seen[3].end, End::kTimeout);
  EXPECT_EQ(seen[4].code, 5);
}

TEST_F(HostRuntimeTest, ACrashThatNeedsAnEarlierCaseNamesIt) {
  HostRuntime runtime(setup());
  const auto seen = runtime.run_batch(
      cases({"exit 1", "exit 2", "poison", "exit 4", "exit 5", "victim", "exit 7"}));
  EXPECT_EQ(seen[2].end, End::kExit);
  EXPECT_EQ(seen[5].end, End::kSignal);
  EXPECT_EQ(seen[5].reason, "only after poison in the same process");
  EXPECT_EQ(seen[6].code, 7);
}

TEST_F(HostRuntimeTest, AHostThatLeavesAfterACaseIsStartedAgain) {
  HostRuntime runtime(setup());
  const auto all = cases({"exit 1", "leave", "exit 3"});
  auto seen = runtime.run_batch(all);
  EXPECT_EQ(seen[0].code, 1);
  EXPECT_EQ(seen[1].end, End::kExit);
  EXPECT_EQ(seen[2].code, 3);
  EXPECT_EQ(runtime.starts(), 2);
  // The next time it runs last, and the host of "exit 3" serves all.
  seen = runtime.run_batch(all);
  EXPECT_EQ(seen[2].code, 3);
  EXPECT_EQ(seen[1].out, seen[2].out);
  EXPECT_EQ(runtime.starts(), 2);
}

TEST_F(HostRuntimeTest, NoiseOfTheEngineIsKeptWithTheCase) {
  HostRuntime runtime(setup());
  const auto seen = runtime.run_batch(cases({"noise", "exit 2"}));
  EXPECT_EQ(seen[0].end, End::kExit);
  EXPECT_EQ(seen[0].err, "before WEFT\xff\xff\xff\xff ");
  EXPECT_EQ(seen[1].code, 2);
  EXPECT_EQ(seen[1].err, "WEFT after");
}

TEST_F(HostRuntimeTest, AnAnswerOfTheWrongShapeIsTheHostsFault) {
  HostRuntime runtime(setup());
  const auto seen = runtime.run_batch(cases({"bad-answer", "exit 2"}));
  EXPECT_EQ(seen[0].end, End::kHostError);
  EXPECT_EQ(seen[1].code, 2);
}

TEST_F(HostRuntimeTest, AHostThatQuitsWithoutAnAnswerIsAHostError) {
  HostRuntime runtime(setup());
  const auto seen = runtime.run_batch(cases({"quit 3", "quit 134", "exit 2"}));
  EXPECT_EQ(seen[0].end, End::kHostError);
  EXPECT_EQ(seen[0].reason, "the host exited with code 3 and no answer");
  EXPECT_EQ(seen[1].end, End::kSignal);
  EXPECT_EQ(seen[1].code, 6);
  EXPECT_EQ(seen[2].code, 2);
}

TEST_F(HostRuntimeTest, AHostThatCannotBeStartedIsAHostErrorOfEachCase) {
  HostSetup missing = setup();
  missing.argv = {"/nonexistent/host"};
  HostRuntime runtime(missing);
  EXPECT_EQ(runtime.largest_batch(), 1u);
  const auto seen = runtime.run_batch(cases({"exit 1", "exit 2"}));
  EXPECT_EQ(seen[0].end, End::kHostError);
  EXPECT_NE(seen[0].reason.find("/nonexistent/host: cannot be started"), std::string::npos);
  EXPECT_EQ(seen[1].end, End::kHostError);
  (void)runtime.run_batch(cases({"exit 1", "exit 2", "exit 3"}));
  EXPECT_EQ(runtime.starts(), 3) << "no more than three starts in a row";
}

TEST_F(HostRuntimeTest, AHostOfAnotherProtocolIsRefused) {
  HostSetup other = setup();
  other.env["FAKE_PROTOCOL"] = "2";
  HostRuntime runtime(other);
  const auto seen = runtime.run(cases({"exit 1"})[0]);
  EXPECT_EQ(seen.end, End::kHostError);
  EXPECT_NE(seen.reason.find("speaks protocol 2, expected 1"), std::string::npos);
}

}  // namespace
}  // namespace weft::runners
