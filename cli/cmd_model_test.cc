// weft model: exit codes and the forms of its answers.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "reference/base/files.h"

namespace weft::cli {
namespace {

struct Answer {
  int code;
  std::string out, err;
};

Answer model(const std::vector<std::string>& words) {
  ::setenv("WEFT_HOME", WEFT_SOURCE_DIR, 1);
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int code = cmd_model(words);
  std::fflush(stdout);
  const std::string out = testing::internal::GetCapturedStdout();
  return {code, out, testing::internal::GetCapturedStderr()};
}

const std::string kWeak = "0:r0=0 1:r1=0";

TEST(Model, AForbiddenOutcomeIsExitCode1WithTheCycle) {
  const Answer answer = model({"mm/classic/SB+aa", "--outcome", kWeak, "--explain"});
  EXPECT_EQ(answer.code, 1);
  EXPECT_NE(answer.out.find("SB+aa: forbidden\n  in: none\n"), std::string::npos) << answer.out;
  EXPECT_NE(answer.out.find("SC-last-visible (2)"), std::string::npos) << answer.out;
}

TEST(Model, AnAllowedOutcomeIsExitCode0WithItsTiers) {
  const Answer answer = model({"mm/classic/SB+nn", "--outcome", kWeak});
  EXPECT_EQ(answer.code, 0);
  EXPECT_NE(answer.out.find("  in: literal, intended, tso"), std::string::npos) << answer.out;
}

TEST(Model, JsonIsOneLineATest) {
  const Answer answer = model({"mm/classic/SB+aa", "--json", "-"});
  EXPECT_EQ(answer.code, 0);
  const auto json = nlohmann::json::parse(answer.out);
  EXPECT_EQ(json["test"], "SB+aa");
  ASSERT_EQ(json["outcomes"].size(), 3u);
  EXPECT_EQ(json["outcomes"][0]["outcome"], "0:r0=0 1:r1=1");
  EXPECT_EQ(json["outcomes"][0]["tiers"].back(), "sc");
  EXPECT_GT(json["micros"].get<double>(), 0);
}

TEST(Model, DrawingsGoToFiles) {
  const std::string dot = testing::TempDir() + "weft-model-test.dot";
  const std::string svg = testing::TempDir() + "weft-model-test.svg";
  EXPECT_EQ(model({"mm/classic/SB+aa", "--outcome", kWeak, "--dot", dot, "--svg", svg}).code, 1);
  EXPECT_TRUE(read_text(dot)->starts_with("digraph"));
  EXPECT_TRUE(read_text(svg)->starts_with("<svg"));
}

TEST(Model, BadInputIsExitCode2WithOneMessage) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"mm/classic/SB+aa", "--outcome", "0:r7=1"},
                                             {"mm/classic/SB+aa", "--outcome", "nonsense"},
                                             {"mm/classic/no-such-test"},
                                             {"mm/classic", "--outcome", kWeak},
                                             {"no-such-file.litmus"}}) {
    const Answer answer = model(words);
    EXPECT_EQ(answer.code, 2) << words[0];
    EXPECT_TRUE(answer.err.starts_with("weft: ")) << answer.err;
  }
}

}  // namespace
}  // namespace weft::cli
