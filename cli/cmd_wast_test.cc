// weft wast: counts, --json, failing and skipped commands, bad input, exit codes.
#include <gtest/gtest.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "reference/base/files.h"

namespace weft::cli {
namespace {

struct Answer {
  int code;
  std::string out, err;
};

Answer wast(const std::vector<std::string>& words) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int code = cmd_wast(words);
  std::fflush(stdout);
  const std::string out = testing::internal::GetCapturedStdout();
  return {code, out, testing::internal::GetCapturedStderr()};
}

std::string script(const std::string& name, const std::string& text) {
  const std::string path = testing::TempDir() + "weft-wast-test-" + name;
  EXPECT_TRUE(write_file(path, text));
  return path;
}

const char* const kModule =
    "(module (func (export \"add\") (param i32 i32) (result i32)\n"
    "  local.get 0 local.get 1 i32.add))\n";
const std::string kGood = std::string(kModule) +
                          "(assert_return (invoke \"add\" (i32.const 2) (i32.const 3)) "
                          "(i32.const 5))\n"
                          "(assert_invalid (module (func (result i32))) \"type mismatch\")\n";
const std::string kWrong = std::string(kModule) +
                           "(assert_return (invoke \"add\" (i32.const 2) (i32.const 3)) "
                           "(i32.const 6))\n"
                           "(assert_trap (invoke \"add\" (i32.const 1) (i32.const 1)) \"x\")\n";
const std::string kRefused = std::string(kModule) +
                             "(module (tag))\n"
                             "(assert_return (invoke \"add\" (i32.const 1) (i32.const 1)) "
                             "(i32.const 2))\n";

// Fault: cmd_wast returns 0 whatever `failed` is; the sum of the last file only.
TEST(Wast, CountsEveryCommandOfEveryFile) {
  const Answer one = wast({script("good.wast", kGood)});
  EXPECT_EQ(one.code, 0);
  EXPECT_EQ(one.out, "3 passed, 0 failed, 0 skipped\n");
  EXPECT_EQ(one.err, "");
  const Answer two = wast({script("good.wast", kGood), script("wrong.wast", kWrong)});
  EXPECT_EQ(two.code, 1);
  EXPECT_TRUE(two.out.ends_with("\n4 passed, 2 failed, 0 skipped\n")) << two.out;
}

// Fault: a file called "-" is written.
TEST(Wast, JsonOnStandardOutputStandsThereAlone) {
  const Answer answer = wast({"--json", "-", script("wrong.wast", kWrong)});
  EXPECT_EQ(answer.code, 1);
  const auto json = nlohmann::json::parse(answer.out, nullptr, false);
  ASSERT_TRUE(json.is_object()) << answer.out;
  EXPECT_EQ(json["failed"], 2);
}

// Fault: what is invoked before any module counts as skipped, as it was once.
TEST(Wast, ACommandBeforeAnyModuleFails) {
  const Answer answer =
      wast({script("early.wast", "(assert_return (invoke \"f\"))\n" + std::string(kModule))});
  EXPECT_EQ(answer.code, 1);
  EXPECT_NE(answer.out.find("no module has been instantiated"), std::string::npos) << answer.out;
}

// Fault: a failed command is printed only with --verbose.
TEST(Wast, AFailingCommandIsNamedByFileLineAndValues) {
  const std::string path = script("wrong.wast", kWrong);
  for (const char* policy : {"at-once", "stepwise"}) {
    const Answer answer = wast({path, "--policy", policy});
    EXPECT_EQ(answer.code, 1);
    EXPECT_NE(answer.out.find(path + ":3: FAILED assert_return: "), std::string::npos)
        << answer.out;
    EXPECT_NE(answer.out.find("6"), std::string::npos) << answer.out;
    EXPECT_NE(answer.out.find(path + ":4: FAILED assert_trap: "), std::string::npos) << answer.out;
  }
}

// Fault: Shared::count takes a skipped command as passed.
TEST(Wast, ARefusedModuleIsSkippedWithTheConstructAsReason) {
  const Answer answer = wast({script("refused.wast", kRefused), "--verbose"});
  EXPECT_EQ(answer.code, 0);
  EXPECT_NE(answer.out.find(":3: skipped module: "), std::string::npos) << answer.out;
  EXPECT_NE(answer.out.find("exception handling"), std::string::npos) << answer.out;
  EXPECT_TRUE(answer.out.ends_with(" skipped\n")) << answer.out;
  EXPECT_EQ(answer.out.find(" 0 skipped\n"), std::string::npos) << answer.out;
}

// Fault: cmd_wast returns 0 whatever `failed` is.
TEST(Wast, AnUnknownCommandFailsAndTheOthersRun) {
  const Answer answer = wast({script("word.wast", "(assert_nothing)\n" + kGood)});
  EXPECT_EQ(answer.code, 1);
  EXPECT_NE(answer.out.find(":1: FAILED assert_nothing: unknown command"), std::string::npos);
  EXPECT_TRUE(answer.out.ends_with("\n3 passed, 1 failed, 0 skipped\n")) << answer.out;
}

// Faults: the lines of the list are forgotten; a rule is applied to every script; reasons are not
// counted.
TEST(Wast, AListOfSkipsLeavesOutCommandsOrScripts) {
  const std::string wrong = script("wrong.wast", kWrong), good = script("good.wast", kGood);
  const std::string list = script("skip.json", R"({"skip": [
    {"script": "weft-wast-test-wrong.wast", "line": 3, "reason": "known"},
    {"script": "weft-wast-test-good.wast", "reason": "not now"}]})");
  const Answer answer = wast({"--skip", list, wrong, good});
  EXPECT_EQ(answer.code, 1) << "the command of line 4 still fails";
  EXPECT_NE(answer.out.find("skipped     1: known\nskipped     1: not now\n"), std::string::npos)
      << answer.out;
  EXPECT_TRUE(answer.out.ends_with("\n1 passed, 1 failed, 2 skipped\n")) << answer.out;
}

// Fault: another number in place of its line.
TEST(Wast, JsonHoldsCountsAndRemarks) {
  const std::string path = script("wrong.wast", kWrong);
  const std::string made = testing::TempDir() + "weft-wast-test.json";
  EXPECT_EQ(wast({path, "--json", made}).code, 1);
  const auto json = nlohmann::json::parse(*read_text(made));
  EXPECT_EQ(json["schema"], "weft.wast/1");
  EXPECT_EQ(json["passed"], 1);
  EXPECT_EQ(json["failed"], 2);
  EXPECT_EQ(json["skipped"], 0);
  const auto& one = json["scripts"].at(0);
  EXPECT_EQ(one["script"], path);
  ASSERT_EQ(one["remarks"].size(), 2u);
  EXPECT_EQ(one["remarks"][0]["status"], "failed");
  EXPECT_EQ(one["remarks"][0]["line"], 3);
  EXPECT_EQ(one["remarks"][0]["command"], "assert_return");
}

// Fault: --language is read and not used.
TEST(Wast, OnlyTheLanguageOfTheThreadsProposalOnRequest) {
  const std::string path = script("two.wast", "(module (memory 1) (memory 1))\n");  // 3.0
  EXPECT_EQ(wast({path}).out, "1 passed, 0 failed, 0 skipped\n");
  EXPECT_EQ(wast({path, "--language", "threads"}).code, 1);
}

// Fault: 0 for a script that cannot be read, or that is none.
TEST(Wast, BadInputIsExitCode2WithOneMessage) {
  const std::string good = script("good.wast", kGood);
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {},
           {"no-such-file.wast"},
           {good, "--policy", "sideways"},
           {good, "--json", good + "/below-a-file.json"},
           {good, "--skip", "no-such-file.json"},
           {good, "--skip", script("list.json", "{\"skip\": [{\"line\": 3}]}")},
           {script("open.wast", "(module")},
           {script("text.wast", "module")},
           {script("zero.wast", std::string("(module \0)", 10))}}) {
    const Answer answer = wast(words);
    EXPECT_EQ(answer.code, 2) << testing::PrintToString(words) << answer.out;
    EXPECT_NE(answer.err, "") << testing::PrintToString(words);
  }
}

}  // namespace
}  // namespace weft::cli
