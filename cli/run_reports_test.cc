// Reports, selection, resuming and the foreign layout, end to end.
#include <gtest/gtest.h>

#include <filesystem>

#include "cli/e2e.h"
#include "reference/base/files.h"

namespace weft::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

size_t count(const std::string& text, const std::string& part) {
  size_t found = 0;
  for (size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++found;
  return found;
}

class RunReports : public ::testing::Test {
 protected:
  std::string text(const std::string& name) {
    auto read = read_text(e2e.folder() + "/" + name);
    EXPECT_TRUE(read) << read.error().message;
    return read ? *read : "";
  }
  EndToEnd e2e;
};

TEST_F(RunReports, EveryFormatIsComputedFromTheStoredRun) {
  e2e.test("a/good", "ok");
  e2e.test("a/bad", "out <&> WAIT-028: got 1, want 2");
  e2e.test("b/skipped", "ok", {{"expect", "model"}});
  ASSERT_EQ(e2e.run({"--quick", "--json", "all.json", "--html", "page"}).code, 1);
  const json all = json::parse(text("all.json"));
  EXPECT_EQ(all["results"].size(), 3u);
  EXPECT_EQ(all["counts"]["failed"], 1);
  ASSERT_EQ(e2e.weft({"report", "latest", "--junit", "j.xml", "--tap", "t", "--sarif", "s",
                      "--markdown", "m"})
                .code,
            0);
  EXPECT_EQ(count(text("j.xml"), "<testcase "), 3u);
  EXPECT_EQ(count(text("j.xml"), "<failure "), 1u);
  EXPECT_NE(text("j.xml").find("&lt;&amp;&gt;"), std::string::npos);
  EXPECT_EQ(text("t").rfind("TAP version 14\n1..3\n", 0), 0u);
  EXPECT_EQ(count(text("t"), "\nnot ok"), 1u);
  const json sarif = json::parse(text("s"));
  EXPECT_EQ(sarif["version"], "2.1.0");
  EXPECT_EQ(sarif["runs"][0]["results"][0]["ruleId"], "WAIT-028");
  EXPECT_NE(text("m").find("| FAIL | a/bad | fake |"), std::string::npos) << text("m");
  const auto github = e2e.weft({"report", "latest", "--github"});
  EXPECT_EQ(count(github.out, "::error "), 1u) << github.out;
  for (const char* page : {"index.html", "matrix.html", "requirements.html", "tests/a+bad.html"}) {
    EXPECT_TRUE(fs::exists(e2e.folder() + "/page/" + page)) << page;
  }
  EXPECT_NE(text("page/index.html").find("passing proves no absence of errors"), std::string::npos);
  EXPECT_NE(text("page/matrix.html").find("F FAIL"), std::string::npos);
  EXPECT_NE(text("page/tests/a+bad.html").find("weft run fake"), std::string::npos);
}

TEST_F(RunReports, HtmlReplacesItsOwnFolderAndNoOther) {
  e2e.test("a/good", "ok");
  EXPECT_EQ(e2e.run({"--html", "page"}).code, 0);
  EXPECT_EQ(e2e.run({"--html", "page"}).code, 0);
  e2e.file("mine/thesis.txt", "do not lose");
  EXPECT_EQ(e2e.run({"--html", "mine"}).code, 2);
  EXPECT_EQ(text("mine/thesis.txt"), "do not lose");
}

// Fault: what the earlier run did is forgotten.
TEST_F(RunReports, ResumeRunsOnlyWhatIsMissing) {
  e2e.test("a/one", "ok");
  e2e.test("a/two", "ok");
  ASSERT_EQ(e2e.run().code, 0);
  const std::string folder = fs::canonical(e2e.latest().folder).string();
  // As a killed run leaves it: one result, and half a line.
  const std::string stored = text("weft-runs/latest/results.jsonl");
  const size_t second = stored.find("\n{", stored.find("\n{") + 1);
  ASSERT_NE(second, std::string::npos);
  ASSERT_TRUE(
      write_file(folder + "/results.jsonl", std::string_view(stored).substr(0, second + 30)));
  const auto result = e2e.run({"--resume", "latest", "-v"});
  EXPECT_EQ(result.code, 0) << result.out << result.err;
  EXPECT_EQ(count(result.err, "PASS a/"), 1u) << result.err;
  EXPECT_NE(result.out.find("2 passed, 0 failed, 0 skipped"), std::string::npos);
  EXPECT_EQ(fs::canonical(e2e.latest().folder).string(), folder);
}

// Faults: --filter-out, the shard or --only-failed is not asked.
TEST_F(RunReports, SelectionShardsAndOnlyFailed) {
  for (const char* name : {"a/1", "a/2", "a/3", "b/1"}) e2e.test(name, "ok");
  e2e.test("b/bad", "exit 1");
  e2e.test("b/slow", "ok", {{"tags", {"slow"}}});
  auto dry = [&](std::vector<std::string> args) {
    args.push_back("--dry-run");
    return count(e2e.run(args).out, "\n");
  };
  EXPECT_EQ(dry({}), 5u);
  EXPECT_EQ(dry({"--full"}), 6u);
  EXPECT_EQ(dry({"--filter", "a/* or b/1", "--filter-out", "a/2"}), 3u);
  EXPECT_EQ(dry({"--shard", "1/3"}) + dry({"--shard", "2/3"}) + dry({"--shard", "3/3"}), 5u);
  ASSERT_EQ(e2e.run({"--quick"}).code, 1);
  EXPECT_EQ(e2e.run({"--only-failed", "latest", "--dry-run"}).out, "b/bad fake\n");
}

// Faults: --repeat is not asked; the last attempt in place of the worst.
TEST_F(RunReports, RepetitionsKeepEveryAttempt) {
  e2e.test("a/flaky", "flaky r");
  const auto result = e2e.run({"--repeat", "3", "--quick"});
  EXPECT_EQ(result.code, 1) << result.out << result.err;
  EXPECT_EQ(e2e.latest().records.size(), 3u);
  EXPECT_EQ(e2e.verdict("a/flaky"), "FAIL");
}

// Fault: nothing is a regression.
TEST_F(RunReports, DiffNamesWhatRegressed) {
  e2e.test("a/one", "ok");
  ASSERT_EQ(e2e.run().code, 0);
  const std::string before = fs::canonical(e2e.latest().folder).string();
  e2e.test("a/one", "exit 1");
  ASSERT_EQ(e2e.run({"--quick"}).code, 1);
  const auto diff = e2e.weft({"diff", before, "latest"});
  EXPECT_EQ(diff.code, 1);
  EXPECT_NE(diff.out.find("a/one on fake: PASS -> FAIL"), std::string::npos) << diff.out;
}

TEST_F(RunReports, ForeignLayoutNeedsNoHeader) {
  e2e.file("suite/x/plain.wat", "(module (memory 1) (data (i32.const 0) \"MARK:exit 0;\"))");
  e2e.file("suite/x/code.wat", "(module (memory 1) (data (i32.const 0) \"MARK:exit 7;\"))");
  e2e.file("suite/x/code.json", "{\"exit_code\": 7}");
  e2e.file("suite/x/out.wat", "(module (memory 1) (data (i32.const 0) \"MARK:ok;\"))");
  e2e.file("suite/x/out.json", "{\"stdout\": \"ok\\n\"}");
  e2e.file("suite/x/server.wat", "(module)");
  e2e.file("suite/x/server.json",
           R"({"operations": [{"type": "run"}, {"type": "connect", "id": "s"}]})");
  const auto result = e2e.run();
  EXPECT_EQ(result.code, 0) << result.out << result.err;
  EXPECT_NE(result.out.find("3 passed, 0 failed, 1 skipped"), std::string::npos) << result.out;
}

TEST_F(RunReports, ExportedSuiteRunsUnchanged) {
  ASSERT_EQ(e2e.weft({"build", "--all", "--layout", "wasi-testsuite", "exported", "--filter",
                      "wait/notify-conservation or wait/trap-wait-on-unshared"})
                .code,
            0);
  EXPECT_TRUE(fs::exists(e2e.folder() + "/exported/wait/notify-conservation.wasm"));
  const json plain = json::parse(text("exported/wait/notify-conservation.json"));
  EXPECT_FALSE(plain.contains("weft"));
  const json extra = json::parse(text("exported/wait/trap-wait-on-unshared.json"));
  EXPECT_TRUE(extra.contains("weft"));
  const auto result = e2e.weft({"run", "reference", "--suite", "exported"});
  EXPECT_EQ(result.code, 0) << result.out << result.err;
  EXPECT_NE(result.out.find("2 passed, 0 failed, 0 skipped"), std::string::npos) << result.out;
}

// Faults: a budget that ended is not told; or it ends nothing.
TEST_F(RunReports, BudgetThatEndsIsIncomplete) {
  for (int i = 0; i < 8; ++i) e2e.test("a/" + std::to_string(i), "ok");
  const auto result = e2e.run({"--budget", "1ms"});
  EXPECT_EQ(result.code, 5) << result.out << result.err;
  EXPECT_NE(result.out.find("8 not run"), std::string::npos) << result.out;
}

}  // namespace
}  // namespace weft::cli
