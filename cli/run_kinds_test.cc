// What `weft run` takes beside the programs of a suite: specification scripts and other files by
// name, tests whose outcomes are found by trying every schedule, the expectation files of a
// wasi-testsuite checkout.
#include <gtest/gtest.h>

#include <filesystem>

#include "cli/e2e.h"
#include "reference/base/files.h"

namespace weft::cli {
namespace {

class RunKinds : public ::testing::Test {
 protected:
  runners::ProcessResult run(std::vector<std::string> args) {
    args.insert(args.begin(), "run");
    args.insert(args.end(), {"--descriptors", e2e.folder(), "--quick"});
    return e2e.weft(args);
  }
  EndToEnd e2e;
};

// Fault tried: the reference was given the script as a module.
TEST_F(RunKinds, ScriptsRunOnTheReferenceAndAreUnsupportedElsewhere) {
  e2e.file("s/good.wast",
           "(module (func (export \"f\") (result i32) (i32.const 1)))\n"
           "(assert_return (invoke \"f\") (i32.const 1))\n");
  e2e.file("s/bad.wast",
           "(module (func (export \"f\") (result i32) (i32.const 1)))\n"
           "(assert_return (invoke \"f\") (i32.const 2))\n");
  auto result = run({"reference", "fake", "s/good.wast", "./s/good.wast"});
  EXPECT_EQ(result.code, 0) << result.out << result.err;
  const auto first = e2e.latest();
  ASSERT_EQ(first.records.size(), 2u);
  for (const auto& record : first.records) {
    EXPECT_EQ(record.test, "s/good");
    EXPECT_EQ(results::name_of(record.verdict),
              record.runtime == "reference" ? "PASS" : "UNSUPPORTED");
  }
  result = run({"reference", "s/bad.wast"});
  EXPECT_EQ(result.code, 1) << result.out << result.err;
  EXPECT_EQ(e2e.verdict("s/bad"), "FAIL");
  // The line at fault, and a command that repeats it.
  EXPECT_NE(result.out.find(":2: FAILED assert_return"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("repro: weft run reference s/bad.wast --filter s/bad"),
            std::string::npos)
      << result.out;
  // A file that is no script, one that is not there, and two of one name.
  e2e.file("s/none.wast", "(mod");
  EXPECT_EQ(run({"reference", "s/none.wast"}).code, 1);
  result = run({"reference", "s/absent.wast"});
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.err.find("s/absent.wast"), std::string::npos) << result.err;
  EXPECT_EQ(run({"reference", "s/good.wast", "--suite", "suite"}).code, 2);
}

constexpr char kSeven[] = R"((module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1) (data (i32.const 0) "MARK:exit 3;")
  (func (export "_start") (call $exit (i32.const 7)))))";

// Fault tried: compare_explored() let everything pass that exited.
TEST_F(RunKinds, ExploreExpectsWhatSomeScheduleEndsWith) {
  e2e.test("a/seven", "", {{"expect", "explore"}});
  e2e.file("suite/a/seven.wat", kSeven);
  auto result = run({"reference", "--suite", "suite"});
  EXPECT_EQ(result.code, 0) << result.out << result.err;
  EXPECT_EQ(e2e.verdict("a/seven"), "PASS");
  result = run({"fake", "--suite", "suite"});
  EXPECT_EQ(result.code, 1) << result.out << result.err;
  EXPECT_EQ(e2e.verdict("a/seven"), "FAIL");
  EXPECT_NE(result.out.find("no schedule of all ends so; 1 are possible"), std::string::npos)
      << result.out;
  // A schedule that does not exit says nothing that could be compared.
  e2e.file("suite/a/seven.wat",
           "(module (memory (export \"memory\") 1) (func (export \"_start\") unreachable))");
  result = run({"reference", "--suite", "suite"});
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.err.find("expected an exit code in all"), std::string::npos) << result.err;
}

// Fault tried: only the folder that --suite names was looked into.
TEST_F(RunKinds, ExpectationsOfACheckoutAreRead) {
  e2e.test("bad", "exit 3");
  e2e.test("good", "ok");
  const std::string rules = R"({"for tests": {"bad": "known", "good": "left out"}})";
  e2e.file("suite/expectations/fake-linux.json", rules);
  auto result = run({"fake", "--suite", "suite"});
  EXPECT_EQ(result.code, 0) << result.out << result.err;
  EXPECT_EQ(e2e.verdict("bad"), "XFAIL");
  EXPECT_EQ(e2e.verdict("good"), "PASS");
  // Above the folder, and not with rules of one's own.
  std::filesystem::rename(e2e.folder() + "/suite/expectations", e2e.folder() + "/expectations");
  EXPECT_EQ(run({"fake", "--suite", "suite"}).code, 0);
  EXPECT_EQ(run({"fake", "--suite", "suite", "--no-expectations"}).code, 1);
  e2e.file("expectations/fake-linux.json", R"({"for tests": ["bad"]})");
  result = run({"fake", "--suite", "suite"});
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.err.find("fake-linux.json: for tests: expected an object"), std::string::npos)
      << result.err;
}

// Fault tried: WT-053 left out of the rows.
TEST_F(RunKinds, LegacyProfileTakesSettledQuestionsForDivergences) {
  e2e.test("a/open", "exit 3", {{"requirements", {"WT-053"}}});
  EXPECT_EQ(run({"fake", "--suite", "suite", "--profile", "wasi-threads-strict"}).code, 1);
  EXPECT_EQ(e2e.verdict("a/open"), "FAIL");
  EXPECT_EQ(run({"fake", "--suite", "suite", "--profile", "wasi-threads-legacy"}).code, 0);
  EXPECT_EQ(e2e.verdict("a/open"), "DIVERGES");
  e2e.test("a/settled", "exit 3", {{"requirements", {"WT-001"}}});
  EXPECT_EQ(run({"fake", "--suite", "suite", "--profile", "wasi-threads-legacy"}).code, 1);
  EXPECT_EQ(e2e.verdict("a/settled"), "FAIL");
}

// Fault tried: the folder of runs walked like any other.
TEST_F(RunKinds, ModulesThatARunLeftBelowTheSuiteAreNoTests) {
  e2e.test("a/good", "ok");
  e2e.file("suite/runs/one/results.jsonl", "");
  e2e.file("suite/runs/one/repro/a+bad@fake/module.wat", "(module)");
  const auto result = e2e.run();
  EXPECT_EQ(result.code, 0) << result.out << result.err;
  EXPECT_EQ(e2e.latest().records.size(), 1u);
}

}  // namespace
}  // namespace weft::cli
