// run.sh of a repro folder, run by a real shell, on programs of the system and on every JavaScript
// engine that is here.
#include "results/run_script.h"

#include <gtest/gtest.h>

#include "reference/base/files.h"
#include "results/prepare.h"
#include "results/repro.h"
#include "runners/host_testing.h"
#include "runners/process.h"
#include "runners/scratch_folder.h"

namespace weft::results {
namespace {

// A test with `work::work`, an argument and a variable; it exits 3 when it finds all of them.
constexpr const char* kFindsAll = R"WAT(;;! { "id": "t/finds", "kind": "program", "sort": "sound",
;;!   "requirements": ["P1-001"], "story": "Finds what it is given.", "needs": ["wasi-fs"],
;;!   "dirs": ["work::work"], "args": ["it's"], "env": {"A": "b c"},
;;!   "expect": {"exit": EXPECTED}, "fault": "none" }
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $env (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_filestat_get"
    (func $stat (param i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 100) "about.txt")
  (func $must (param i32) (if (local.get 0) (then (call $exit (i32.const 9)))))
  (func (export "_start")
    (call $must (call $args (i32.const 0) (i32.const 4)))
    (call $must (i32.ne (i32.load (i32.const 0)) (i32.const 2)))
    (call $must (call $env (i32.const 0) (i32.const 4)))
    (call $must (i32.ne (i32.load (i32.const 4)) (i32.const 6)))
    (call $must (call $stat (i32.const 3) (i32.const 0) (i32.const 100) (i32.const 9) (i32.const 200)))
    (call $must (i64.ne (i64.load (i32.const 232)) (i64.const 5)))
    (call $exit (i32.const 3))))
)WAT";

// A test prepared in a folder of its own, with work/about.txt beside it, and its record.
struct Failure {
  runners::ScratchFolder folder{"weft-run-script"};
  std::vector<suite::Test> tests = std::vector<suite::Test>(1);
  PreparedSuite suite;
  suite::Requirements requirements;
  Record record;
  runners::RuntimeInfo info;

  explicit Failure(const std::string& source) {
    EXPECT_TRUE(write_file(folder / "work/about.txt", std::string_view("about")));
    auto read =
        suite::Requirements::read(std::string(WEFT_SOURCE_DIR) + "/suite/requirements.json");
    if (!read) ADD_FAILURE() << read.error().message;
    if (read) requirements = std::move(*read);
    auto header = suite::parse_header(source, "t.wat");
    if (!header) ADD_FAILURE() << header.error().message;
    if (header) tests[0].header = *header;
    tests[0].path = folder / "t.wat";
    tests[0].source = source;
    suite = prepare(tests, requirements);
    for (const std::string& error : suite.errors) ADD_FAILURE() << error;
    record.test = "t/finds";
    record.runtime = "engine";
    record.repro = "weft run engine --filter t/finds";
    info.kind = "cli";
  }

  // What run.sh does after the folder has moved: nothing in it may name where it was.
  runners::ProcessResult run(const std::string& tries = "2") {
    const auto ok = write_repro(folder.path(), record, suite.tests[0], info, requirements);
    EXPECT_TRUE(ok) << (ok ? "" : ok.error().message);
    const std::string moved = folder / "moved";
    std::filesystem::rename(folder / "repro/t+finds@engine", moved);
    std::filesystem::remove_all(folder / "work");
    runners::ProcessSpec spec;
    spec.argv = {moved + "/run.sh", tries};
    spec.timeout = 60;
    auto result = runners::run_process(spec);
    EXPECT_TRUE(result) << (result ? "" : result.error().message);
    return result ? *result : runners::ProcessResult{};
  }
};

std::string finds_all(const std::string& expected) {
  std::string text = kFindsAll;
  return text.replace(text.find("EXPECTED"), 8, expected);
}

// Fault tried: the record's command line alone (the host waits for frames).
TEST(RunScript, AHostEngineRunsTheModuleWithWhatTheTestGivesIt) {
  runners::testing::for_every_described_engine([](const runners::Described& engine) {
    for (const bool shows : {false, true}) {
      Failure failure(finds_all(shows ? "0" : "3"));
      failure.info.kind = "host";
      failure.record.argv = runners::testing::host_command(engine);
      const auto result = failure.run();
      EXPECT_EQ(result.code, shows ? 1 : 0) << result.out << result.err;
      const char* said = shows ? "shows in run 1: exit code 3" : "does not show in 2 runs";
      EXPECT_NE(result.out.find(said), std::string::npos) << result.out << result.err;
    }
  });
}

// Faults tried: directories of the record not replaced; one copy for all tries.
TEST(RunScript, EachTryGetsAFreshCopyOfTheDirectories) {
  Failure failure(finds_all("0"));
  const std::string gone = "/nonexistent/scratch/0";
  failure.record.dirs = {gone};
  failure.record.argv = {
      "sh", "-c", "test ! -e \"$0\"/new && touch \"$0\"/new && grep -q about \"$0\"/about.txt",
      gone};
  const auto result = failure.run("3");
  EXPECT_EQ(result.code, 0) << result.out << result.err;
}

// Fault tried: standard input from /dev/null, which ends at once.
TEST(RunScript, AnOpenInputNeitherEndsNorKeepsTheScript) {
  std::string text = finds_all("0");
  text.replace(text.find("\"dirs\""), 6, "\"stdin\": \"open\", \"timeout\": 0.2, \"dirs\"");
  Failure failure(text);
  failure.record.argv = {"sh", "-c", "read line; exit 0"};
  const auto result = failure.run("1");
  EXPECT_EQ(result.code, 1) << result.out << result.err;
  EXPECT_NE(result.out.find("exit code 137"), std::string::npos) << result.out;
}

// Fault tried: `engine=` fixed.
TEST(RunScript, ENGINENamesAnotherBinary) {
  Failure failure(finds_all("0"));
  failure.record.argv = {"false"};
  const auto ok = write_repro(failure.folder.path(), failure.record, failure.suite.tests[0],
                              failure.info, failure.requirements);
  ASSERT_TRUE(ok);
  runners::ProcessSpec spec;
  spec.argv = {failure.folder / "repro/t+finds@engine/run.sh", "1"};
  EXPECT_EQ(runners::run_process(spec)->code, 1);
  spec.env = {{"ENGINE", "true"}};
  EXPECT_EQ(runners::run_process(spec)->code, 0);
}

// Fault tried: the sentence left out (an engine without its module was started, and waited for).
TEST(RunScript, AForeignHostProgramIsNotStarted) {
  Failure failure(finds_all("0"));
  failure.info.kind = "host";
  failure.record.argv = {"sh", "-c", "exit 0"};
  const auto result = failure.run();
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.err.find(failure.record.repro), std::string::npos) << result.err;
}

}  // namespace
}  // namespace weft::results
