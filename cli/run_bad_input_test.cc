// Bad input, end to end: one clear message that names what, where and what was expected, and the
// documented exit code.
#include <gtest/gtest.h>

#include <filesystem>

#include "cli/e2e.h"

namespace weft::cli {
namespace {

class RunBadInput : public ::testing::Test {
 protected:
  // Exit code 2, nothing on standard output, and each of `parts` in the one message.
  void expect_error(const runners::ProcessResult& result, const std::vector<std::string>& parts,
                    int code = 2) {
    EXPECT_EQ(result.code, code) << result.out << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(result.err.rfind("weft: ", 0), 0u) << result.err;
    for (const std::string& part : parts) {
      EXPECT_NE(result.err.find(part), std::string::npos) << part << " in: " << result.err;
    }
  }
  EndToEnd e2e;
};

TEST_F(RunBadInput, MalformedModuleTextNamesFileAndLine) {
  e2e.file("suite/a/broken.wat", "(module\n (func (i32.bogus)))");
  expect_error(e2e.run(), {"suite/a/broken.wat:2"});
}

TEST_F(RunBadInput, MalformedJsonBesideAModule) {
  e2e.test("a/one", "ok");
  e2e.file("suite/a/one.json", "{\"exit_code\": }");
  expect_error(e2e.run(), {"a/one.json:1"});
  e2e.file("suite/a/one.json", "{\"exit_cod\": 1}");
  expect_error(e2e.run(), {"a/one.json", "exit_cod"});
  e2e.file("suite/a/one.json", "{\"exit_code\": \"1\"}");
  expect_error(e2e.run(), {"a/one.json", "exit_code", "integer"});
}

TEST_F(RunBadInput, MalformedManifest) {
  e2e.test("a/one", "ok");
  e2e.file("suite/manifest.json", "{\"names\": 1}");
  expect_error(e2e.run(), {"manifest.json", "name"});
  e2e.file("suite/manifest.json", "[");
  expect_error(e2e.run(), {"manifest.json"});
}

TEST_F(RunBadInput, HeaderWithUnknownKeyOrRequirement) {
  e2e.test("a/one", "ok", {{"expects", 1}});
  expect_error(e2e.run(), {"a/one.json", "expects"});
  e2e.test("a/one", "ok", {{"requirements", {"WAIT-999"}}});
  expect_error(e2e.run(), {"a/one.wat", "WAIT-999"});
  e2e.test("a/one", "ok", {{"expect", {{"exit", 0}, {"sdtout", ""}}}});
  expect_error(e2e.run(), {"a/one.wat", "sdtout"});
  e2e.test("a/one", "ok", {{"timeout", -1}});
  expect_error(e2e.run(), {"a/one.json", "timeout"});
}

// Faults: req: takes any name; --shard takes any two numbers.
TEST_F(RunBadInput, UnknownRuntimeRequirementAndMalformedFilter) {
  e2e.test("a/one", "ok");
  expect_error(e2e.run({"no-such-runtime"}), {"no-such-runtime"});
  expect_error(e2e.run({"--filter", "req:WAIT-999"}), {"req:WAIT-999"});
  expect_error(e2e.run({"--filter", "a/* and"}), {"column 8"});
  expect_error(e2e.run({"--filter", "color:red"}), {"color:red", "req:"});
  expect_error(e2e.run({"--shard", "3/2"}), {"--shard 3/2", "I/N"});
  expect_error(e2e.run({"--timeout", "soon"}), {"--timeout soon"});
  expect_error(e2e.run({"--jobs", "0"}), {"--jobs 0"});
  expect_error(e2e.run({"--frobnicate"}), {"frobnicate"});
  expect_error(e2e.run({}, {{"WEFT_OPTS", "--jobs x"}}), {"--jobs x"});
}

// Fault: 0 where nothing is selected.
TEST_F(RunBadInput, NothingSelectedIsFour) {
  e2e.test("a/one", "ok");
  expect_error(e2e.run({"--filter", "b/*"}), {"no test selected"}, 4);
}

TEST_F(RunBadInput, MalformedDescriptor) {
  e2e.test("a/one", "ok");
  e2e.file("mine.json", "{\"schema\": \"weft.runtime/1\", \"famly\": \"x\"}");
  expect_error(e2e.weft({"run", "--suite", "suite", "./mine.json"}), {"mine.json"});
  expect_error(e2e.weft({"run", "--suite", "suite", "./absent.json"}), {"absent.json"});
}

TEST_F(RunBadInput, MalformedExpectations) {
  e2e.test("a/one", "ok");
  e2e.file("expected/fake.json",
           R"({"schema": "weft.expectations/1", "family": "fake", "rules": [{"tests": "a"}]})");
  expect_error(e2e.run({"--expectations", "expected"}), {"fake.json", "rules[0]"});
  e2e.file("expected/fake.json",
           R"({"schema": "weft.expectations/1", "family": "fake", "rules": [{"tests": "a",
               "expect": ["FIAL"], "issue": "x", "note": "y"}]})");
  expect_error(e2e.run({"--expectations", "expected"}), {"rules[0]", "FIAL"});
  e2e.file("expected/fake.json",
           R"({"schema": "weft.expectations/1", "family": "fake", "rules": [{"tests": "a",
               "when": "version = 2", "expect": ["FAIL"], "issue": "x", "note": "y"}]})");
  expect_error(e2e.run({"--expectations", "expected"}), {"rules[0]", "version = 2", "=="});
}

TEST_F(RunBadInput, MissingFilesAndRuns) {
  expect_error(e2e.weft({"run", "--suite", "absent"}), {"absent", "no such folder"});
  expect_error(e2e.weft({"report", "absent"}), {"absent", "no such run"});
  expect_error(e2e.weft({"explain", "no/such"}), {"no/such"});
  expect_error(e2e.weft({"build", "absent.wat"}), {"absent.wat"});
  e2e.file("bad/results.jsonl", "{\"schema\": \"weft.run/1\"}\n{\"verdict\": 1}\n");
  expect_error(e2e.weft({"report", "bad"}), {"results.jsonl:2"});
}

// Fault tried: the header's check left out (exit code 3 with an exception's text).
TEST_F(RunBadInput, CorruptedAndForeignResults) {
  const std::string header = "{\"schema\": \"weft.run/1\"}\n";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"{\"schema\": \"weft.run/2\"}\n", "weft.run/2"},
      {"[1, 2]\n", "results.jsonl:1"},
      {"", "no header line"},
      {"{\"schema\": 5}\n", "results.jsonl:1"},
      {"{\"schema\": \"weft.run/1\", \"runtimes\": 5}\n", "runtimes"},
      {"{\"schema\": \"weft.run/1\", \"machine\": {\"cores\": \"two\"}}\n", "machine.cores"},
      {header + "{\"schema\": \"weft.result/1\", \"test\": \"a\", \"runtime\": \"r\", \"verdict\": "
                "\"GOOD\"}\n",
       "GOOD"},
      {header + "{\"schema\": \"weft.result/1\", \"test\": \"a\", \"runtime\": \"r\", \"verdict\": "
                "\"PASS\", \"observed\": 5}\n",
       "observed"},
      {header + "not JSON\n" + header, "is not JSON"},
      {std::string("\0\xff\xfe\n", 4) + header, "is not JSON"}};
  for (const auto& [text, part] : cases) {
    e2e.file("bad/results.jsonl", text);
    expect_error(e2e.weft({"report", "bad", "--html", "h.html", "--junit", "-"}), {part});
    EXPECT_FALSE(std::filesystem::exists(e2e.folder() + "/h.html"));
    expect_error(e2e.weft({"diff", "bad", "bad"}), {part});
  }
  expect_error(e2e.weft({"report", "/dev/zero"}), {"/dev/zero", "larger than"});
}

// Faults tried: check_targets() empty; write_file replaced the device.
TEST_F(RunBadInput, OutputsThatCannotBeWritten) {
  e2e.file("run/results.jsonl",
           "{\"schema\": \"weft.run/1\"}\n{\"schema\": \"weft.result/1\", \"test\": \"a/b\", "
           "\"runtime\": \"r\", \"verdict\": \"PASS\"}\n");
  e2e.file("file", "");
  e2e.file("mine/thesis", "");
  for (const char* option : {"--json", "--junit", "--tap", "--sarif", "--markdown", "--html"}) {
    expect_error(e2e.weft({"report", "run", option, "file/below"}), {"file/below", "no folder"});
  }
  expect_error(e2e.weft({"report", "run", "--json", "mine"}), {"mine", "is a folder"});
  expect_error(e2e.weft({"report", "run", "--html", "mine"}), {"mine", "no report of ours"});
  // Before anything runs, not after.
  e2e.test("a/one", "ok");
  expect_error(e2e.run({"--junit", "file/below"}), {"file/below"});
  EXPECT_FALSE(std::filesystem::exists(e2e.folder() + "/weft-runs"));
  // A full disk: 3, one line, and the device is still one.
  std::filesystem::create_symlink("/dev/full", e2e.folder() + "/full");
  const auto full = e2e.weft({"report", "run", "--json", "full"});
  EXPECT_EQ(full.code, 3) << full.err;
  EXPECT_NE(full.err.find("full: cannot be written: No space left"), std::string::npos) << full.err;
  EXPECT_TRUE(std::filesystem::is_character_file(e2e.folder() + "/full"));
}

// Faults: a runtime that is missing is run; one that is required is skipped like any other.
TEST_F(RunBadInput, AbsentRuntimeIsSkippedAndRequiredOneIsAHarnessFailure) {
  e2e.test("a/one", "ok");
  const nlohmann::json gone = {{"schema", "weft.runtime/1"},
                               {"family", "gone"},
                               {"kind", "cli"},
                               {"bin", {"/no/such"}},
                               {"version_from", {{"args", {"--version"}}, {"regex", "(.*)"}}},
                               {"run", {"{bin}", "{module}"}}};
  e2e.file("gone.json", gone.dump());
  auto result = e2e.weft({"run", "--suite", "suite", "./gone.json"});
  EXPECT_EQ(result.code, 77) << result.out << result.err;
  EXPECT_EQ(e2e.verdict("a/one"), "SKIPPED");
  result = e2e.weft({"run", "--suite", "suite", "./gone.json", "--require", "./gone.json"});
  EXPECT_EQ(result.code, 3) << result.out << result.err;
  EXPECT_NE(result.err.find("gone is required, but not found"), std::string::npos) << result.err;
}

// Fault: 2.
TEST_F(RunBadInput, UnwritableRunsFolderIsThree) {
  e2e.test("a/one", "ok");
  e2e.file("taken", "a file");
  const auto result = e2e.run({"--runs", "taken"});
  EXPECT_EQ(result.code, 3) << result.out << result.err;
}

}  // namespace
}  // namespace weft::cli
