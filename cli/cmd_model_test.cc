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

// Faults: 0 for a forbidden outcome too; the explanation is not shown.
TEST(Model, AForbiddenOutcomeIsExitCode1WithTheCycle) {
  const Answer answer = model({"mm/classic/SB+aa", "--outcome", kWeak, "--explain"});
  EXPECT_EQ(answer.code, 1);
  EXPECT_NE(answer.out.find("SB+aa: forbidden\n  in: none\n"), std::string::npos) << answer.out;
  EXPECT_NE(answer.out.find("SC-last-visible (2)"), std::string::npos) << answer.out;
}

// Fault: the tiers that do not have it in place of those that do.
TEST(Model, AnAllowedOutcomeIsExitCode0WithItsTiers) {
  const Answer answer = model({"mm/classic/SB+nn", "--outcome", kWeak});
  EXPECT_EQ(answer.code, 0);
  EXPECT_NE(answer.out.find("  in: literal, intended, tso"), std::string::npos) << answer.out;
}

// Faults: the tier sc is left out; the text form is printed before it.
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

// Fault: --dot or --svg is read and nothing written.
TEST(Model, DrawingsGoToFiles) {
  const std::string dot = testing::TempDir() + "weft-model-test.dot";
  const std::string svg = testing::TempDir() + "weft-model-test.svg";
  for (const std::string& left : {dot, svg}) std::remove(left.c_str());
  EXPECT_EQ(model({"mm/classic/SB+aa", "--outcome", kWeak, "--dot", dot, "--svg", svg}).code, 1);
  EXPECT_TRUE(read_text(dot).value_or("no file").starts_with("digraph"));
  EXPECT_TRUE(read_text(svg).value_or("no file").starts_with("<svg"));
}

// Faults: --outcome is asked of the first of many tests; an empty one is taken for none; a drawing
// of the last of several outcomes, or of none; two forms mixed on one output.
TEST(Model, BadInputIsExitCode2WithOneMessage) {
  const std::pair<std::vector<std::string>, const char*> rows[] = {
      {{"mm/classic/SB+aa", "--outcome", "0:r7=1"}, "r7"},
      {{"mm/classic/SB+aa", "--outcome", "nonsense"}, "nonsense"},
      {{"mm/classic/SB+aa", "--outcome", ""}, ""},
      {{"mm/classic/no-such-test"}, "no-such-test"},
      {{"mm/classic", "--outcome", kWeak}, "--outcome asks of one"},
      {{"mm/classic", "--svg", "-"}, "a drawing shows one (--outcome)"},
      {{"mm/classic/SB+aa", "--json", "-", "--dot", "-"}, "standard output takes one"},
      {{"no-such-file.litmus"}, "no-such-file.litmus"}};
  for (const auto& [words, message] : rows) {
    const Answer answer = model(words);
    EXPECT_EQ(answer.code, 2) << words[0];
    EXPECT_TRUE(answer.err.starts_with("weft: ")) << answer.err;
    EXPECT_NE(answer.err.find(message), std::string::npos) << answer.err;
  }
}

// Fault: the text form before the drawing, which no other program can read then.
TEST(Model, StandardOutputBelongsToOneForm) {
  EXPECT_TRUE(
      model({"mm/classic/SB+aa", "--outcome", kWeak, "--dot", "-"}).out.starts_with("digraph"));
  EXPECT_TRUE(model({"mm/classic/SB+aa", "--outcome", kWeak, "--explain", "--svg", "-"})
                  .out.starts_with("<svg"));
  EXPECT_TRUE(model({"mm/classic/SB+aa", "--outcome", kWeak, "--explain", "--json", "-"})
                  .out.starts_with("{"));
}

// What only the model can refuse has the place of the test too. Fault: the name alone before it.
TEST(Model, EveryRefusalNamesFileLineAndColumn) {
  const std::string path = testing::TempDir() + "weft-model-refused.litmus";
  std::string many;
  for (int i = 0; i < 70; ++i) many += "  i32.store x 1\n";
  const std::pair<std::string, const char*> refused[] = {
      {many, "more than 64 events"},
      {"  memory.fill x 1 33\n", "33 bytes; the model takes at most 32"},
      {"  r0 = i32.load x\n  i32.store y+r0 1\n", "an address that depends on a value read"},
      {"  r0 = i32.load x\n  r1 = memory.atomic.notify x r0\n", "a notify count that depends"},
      {"  r0 = i32.load x\n  r1 = memory.grow r0\n", "memory.grow takes a constant"},
  };
  for (const auto& [body, message] : refused) {
    ASSERT_TRUE(write_file(path, std::string_view("# one\nlitmus t\nthread 0\n" + body)));
    const Answer answer = model({path});
    EXPECT_EQ(answer.code, 2) << answer.out;
    EXPECT_TRUE(answer.err.starts_with("weft: " + path + ":2:8: test t: ")) << answer.err;
    EXPECT_NE(answer.err.find(message), std::string::npos) << answer.err;
  }
}

}  // namespace
}  // namespace weft::cli
