#include "reference/script/script.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "reference/base/files.h"

namespace weft::script {
namespace {

std::vector<std::string> scripts_of_the_suite() {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(WEFT_SOURCE_DIR "/suite/script")) {
    if (entry.path().extension() == ".wast") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

void run_all(const Options& options) {
  const auto paths = scripts_of_the_suite();
  ASSERT_GE(paths.size(), 4u);
  for (const std::string& path : paths) {
    const auto source = read_text(path);
    ASSERT_TRUE(source) << path;
    const auto report = run_script(*source, path, options);
    ASSERT_TRUE(report) << report.error().message;
    for (const Remark& one : report->remarks) {
      ADD_FAILURE() << path << ":" << one.line << ": " << one.command << ": " << one.message;
    }
    EXPECT_GT(report->passed, 5u) << path;
  }
}

TEST(ScriptThread, SuitePassesWithOperationsAtOnce) { run_all({}); }
TEST(ScriptThread, SuitePassesStepByStep) { run_all({.stepwise = true}); }

struct Counts {
  size_t passed, failed, skipped;
  bool operator==(const Counts&) const = default;
};
Counts counts(const std::string& source, const Options& options = {}) {
  const auto report = run_script(source, "t.wast", options);
  EXPECT_TRUE(report) << report.error().message;
  if (!report) return {};
  return {report->passed, report->failed, report->skipped};
}
std::string remark(const std::string& source, const Options& options = {}) {
  const auto report = run_script(source, "t.wast", options);
  EXPECT_TRUE(report) << report.error().message;
  return !report || report->remarks.empty() ? "" : report->remarks[0].message;
}

const std::string kModule =
    "(module (memory 1) (func (export \"f\") (param i32) (result i32) (local.get 0))"
    " (func (export \"trap\") unreachable))";

TEST(Script, AssertionsThatDoNotHoldFail) {
  EXPECT_EQ(remark(kModule + "(assert_return (invoke \"f\" (i32.const 1)) (i32.const 2))"),
            "expected (i32.const 2), got i32:1");
  EXPECT_EQ(remark(kModule + "(assert_return (invoke \"f\" (i32.const 1)))"),
            "expected nothing, got i32:1");
  EXPECT_EQ(remark(kModule + "(assert_return (invoke \"trap\"))"), "trap: unreachable");
  EXPECT_EQ(remark(kModule + "(assert_trap (invoke \"f\" (i32.const 1)) \"unreachable\")"),
            "expected trap \"unreachable\", got i32:1");
  EXPECT_EQ(remark(kModule + "(assert_trap (invoke \"trap\") \"integer overflow\")"),
            "expected \"integer overflow\", got \"unreachable\"");
  EXPECT_EQ(remark(kModule + "(assert_exhaustion (invoke \"trap\") \"unreachable\")"),
            "expected exhaustion, got \"unreachable\"");
  EXPECT_EQ(remark(kModule + "(invoke \"g\")"), "no function \"g\"");
  EXPECT_EQ(remark(kModule + "(invoke \"f\")"), "\"f\" takes other arguments");
  EXPECT_EQ(remark("(assert_invalid (module) \"type mismatch\")"),
            "expected invalid \"type mismatch\", but it is valid");
  EXPECT_EQ(remark("(assert_malformed (module quote \"(func (drop))\") \"x\")"),
            "expected malformed \"x\", got invalid: type mismatch (byte 23)");
  EXPECT_EQ(remark("(assert_unlinkable (module) \"unknown import\")"),
            "expected \"unknown import\", but it links");
  EXPECT_EQ(remark("(frob)"), "unknown command frob");
}

TEST(Script, ResultsAreMatchedExactly) {
  const std::string module =
      "(module (func (export \"f\") (param f32) (result f32) (local.get 0)))";
  const auto with = [&](const std::string& given, const std::string& expected) {
    return counts(module + "(assert_return (invoke \"f\" (f32.const " + given + ")) " + expected +
                  ")")
               .failed == 0;
  };
  EXPECT_TRUE(with("nan", "(f32.const nan:canonical)"));
  EXPECT_TRUE(with("-nan", "(f32.const nan:canonical)"));
  EXPECT_FALSE(with("nan:0x400001", "(f32.const nan:canonical)"));
  EXPECT_TRUE(with("nan:0x400001", "(f32.const nan:arithmetic)"));
  EXPECT_FALSE(with("nan:0x200000", "(f32.const nan:arithmetic)"));
  EXPECT_TRUE(with("nan:0x200000", "(f32.const nan:0x200000)"));
  EXPECT_FALSE(with("-0", "(f32.const 0)"));
  EXPECT_FALSE(with("1", "(i32.const 1)"));
  EXPECT_TRUE(with("1", "(either (f32.const 2) (either (f32.const 3) (f32.const 1)))"));
  EXPECT_FALSE(with("1", "(either (f32.const 2) (f32.const 3))"));
}

TEST(Script, WhatAProposalNeedsIsSkippedWithAllThatDependsOnIt) {
  const std::string source =
      "(module $M (tag)) (register \"M\" $M) (assert_return (invoke $M \"f\"))"
      "(module (import \"M\" \"f\" (func))) (invoke \"x\") (module)";
  EXPECT_EQ(counts(source), (Counts{1, 0, 5}));
  EXPECT_EQ(remark(source), "exception handling is not supported (tag)");
}

TEST(Script, AFailedModuleFailsOnce) {
  EXPECT_EQ(counts("(module (func (drop))) (invoke \"f\") (invoke \"g\")"), (Counts{0, 1, 2}));
}

TEST(Script, TheLanguageCanBeNarrowed) {
  const std::string two = "(assert_invalid (module (memory 1) (memory 1)) \"multiple memories\")";
  const std::string offset =
      "(assert_malformed (module quote \"(memory 1) (func (drop (i32.load "
      "offset=4294967296 (i32.const 0))))\") \"i32 constant\")";
  EXPECT_EQ(counts(two + offset), (Counts{0, 2, 0}));
  const Options threads{.language = module::Language::threads()};
  EXPECT_EQ(counts(two + offset, threads), (Counts{2, 0, 0}));
}

TEST(Script, LinesCanBeSkippedWithAReason) {
  const Options options{.skip = {{2, "because"}}};
  EXPECT_EQ(counts("(module)\n(invoke \"f\")\n(module)", options), (Counts{2, 0, 1}));
  EXPECT_EQ(remark("(module)\n(invoke \"f\")\n(module)", options), "because");
}

TEST(Script, BrokenScriptsAreOneError) {
  const auto report = run_script("(module)\n (module", "t.wast", {});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().message, "t.wast:2:2: unexpected end: unclosed parenthesis");
  EXPECT_FALSE(run_script("module", "t.wast", {}));
}

TEST(Script, FieldsAloneAreAModule) {
  EXPECT_EQ(counts("(func) (memory 0) (func (export \"f\"))"), (Counts{1, 0, 0}));
}

TEST(ScriptThread, SharesOnlyWhatMayBeShared) {
  const std::string module = "(module $M (memory (export \"m\") 1 1 shared)";
  EXPECT_EQ(remark(module + " (func (export \"f\"))) (thread $T (shared (module $M)))"),
            "module $M is not sharable: it exports \"f\"");
  EXPECT_EQ(remark("(thread $T (shared (module $M)))"), "unknown module $M");
  EXPECT_EQ(remark("(wait $T)"), "unknown thread $T");
}

TEST(ScriptThread, AFailureInAThreadFailsTheScript) {
  EXPECT_EQ(remark("(thread $T (invoke $N \"f\")) (wait $T)"), "unknown module $N");
  EXPECT_EQ(counts("(thread $T (frob)) (wait $T)"), (Counts{2, 1, 0}));
}

TEST(ScriptThread, ThreadsThatWaitForEverEndWithTheScript) {
  const std::string sleeper =
      "(thread $T (module (memory 1 1 shared) (func (export \"f\") (result i32)"
      " (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))"
      " (assert_return (invoke \"f\") (i32.const 0)))";
  EXPECT_EQ(counts(sleeper).failed, 0u);
  EXPECT_EQ(remark(sleeper + "(wait $T)", {.wait_limit = 0.05}), "the script was stopped");
}

TEST(ScriptThread, ThreadsThatSpinEndWithTheScript) {
  EXPECT_EQ(
      counts("(thread $T (module (func (export \"f\") (loop (br 0)))) (invoke \"f\"))").failed, 0u);
}

}  // namespace
}  // namespace weft::script
