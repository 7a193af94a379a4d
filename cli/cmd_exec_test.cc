// `weft exec` and `weft explore` as users run them: the built program.
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "reference/base/files.h"
#include "reference/base/sanitizers_for_tests.h"

namespace weft::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kExit = R"((module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func (export "_start") (call $exit (i32.const 258)))))";
constexpr const char* kTrap = R"((module (memory (export "memory") 1)
  (func $culprit (drop (i32.load (i32.const -1))))
  (func (export "_start") (call $culprit))
  (export "culprit" (func $culprit))))";
constexpr const char* kArguments = R"((module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "add") (param i32 i64) (result i32 i64) (local.get 0) (local.get 1))
  (func (export "_start") (local $i i32)
    (drop (call $sizes (i32.const 0) (i32.const 4)))
    (drop (call $get (i32.const 100) (i32.const 1000)))
    (i32.store (i32.const 8) (i32.load (i32.const 104)))
    (i32.store (i32.const 12) (i32.sub (i32.add (i32.const 1000) (i32.load (i32.const 4)))
                                       (i32.load (i32.const 104))))
    (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16))))))";
// Deadlocks when the notify comes first, ends with 3 otherwise.
constexpr const char* kLostNotify = R"((module
  (import "env" "memory" (memory 1 1 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (export "memory" (memory 0))
  (func (export "wasi_thread_start") (param i32 i32)
    (drop (memory.atomic.notify (i32.const 128) (i32.const 1))))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (drop (memory.atomic.wait32 (i32.const 128) (i32.const 0) (i64.const -1))))))";
constexpr const char* kStuck = R"((module
  (import "env" "memory" (memory 1 1 shared))
  (export "memory" (memory 0))
  (func (export "_start")
    (drop (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1))))))";

struct Ran {
  int code;
  std::string out, err;
};

class Exec : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / "weft-exec-XXXXXX";
    ASSERT_TRUE(::mkdtemp(folder_.data()));
  }
  void TearDown() override {
    std::error_code ec;
    fs::remove_all(folder_, ec);
  }
  std::string write(const std::string& name, std::string_view text) {
    EXPECT_TRUE(write_file(folder_ + "/" + name, text));
    return folder_ + "/" + name;
  }
  std::string read(const std::string& name) {
    return read_text(folder_ + "/" + name).value_or("(no file)");
  }
  // The words after `weft`, as a shell reads them.
  // `before`: what the shell does first.
  Ran weft(const std::string& words, const std::string& before = "") {
    const std::string command = fmt::format("{}\"{}/weft\" {} >\"{}/out\" 2>\"{}/err\" </dev/null",
                                            before, WEFT_BINARY_DIR, words, folder_, folder_);
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read("out"), read("err")};
  }
  nlohmann::json status() { return nlohmann::json::parse(read("status"), nullptr, false); }

  std::string folder_;
};

// Fault: the status file holds the lower 8 bits of the code.
TEST_F(Exec, GivesTheProgramsExitCode) {
  const std::string module = write("exit.wat", kExit);
  const Ran ran = weft("exec --status-file " + folder_ + "/status " + module);
  EXPECT_EQ(ran.code, 2);
  EXPECT_EQ(ran.err, "") << "2 is the program's own";
  EXPECT_EQ(status(), nlohmann::json({{"exit", 258}}));
}

// Faults: a trap ends with 1; the status file holds the function's number in place of its name.
TEST_F(Exec, SaysWhatTrappedAndWhere) {
  const std::string module = write("trap.wat", kTrap);
  const Ran ran = weft("exec --status-file " + folder_ + "/status " + module);
  EXPECT_EQ(ran.code, 134);
  EXPECT_EQ(ran.err.find("weft:"), 0u);
  EXPECT_NE(ran.err.find("out of bounds memory access"), std::string::npos) << ran.err;
  EXPECT_EQ(status()["trap"], "out of bounds memory access");
  EXPECT_EQ(status()["function"], "culprit");
  EXPECT_GT(status()["offset"], 8);
}

// Fault: options are still taken behind MODULE.
TEST_F(Exec, ArgumentsReachTheProgramWhateverTheyLookLike) {
  const std::string module = write("args.wat", kArguments);
  const Ran ran = weft("exec " + module + " --schedule -x '' 'a b'");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out, std::string("--schedule\0-x\0\0a b\0", 19));
}

// Faults: a result is one too large; an argument is read as decimal only.
TEST_F(Exec, InvokePrintsResultsALine) {
  const std::string module = write("args.wat", kArguments);
  const Ran ran = weft("exec --invoke add " + module + " -1 0x10");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out, "-1\n16\n");
}

// Faults: eight of the checks in cmd_exec.cc left out, one after the other.
TEST_F(Exec, BadInputIsOneClearErrorAndExitCode2) {
  const std::string good = write("args.wat", kArguments);
  const std::string broken = write("broken.wasm", std::string("\0asm\1\0\0\0\1\5", 10));
  const std::string empty = write("empty.wasm", "");
  const std::string text = write("text.wat", "(module (func");
  const std::string invalid = write("invalid.wat", "(module (func (result i32)))");
  const std::string unlinked = write("unlinked.wat", R"((module (import "a" "b" (func))))");
  const struct {
    std::string words, expected;
  } kRows[] = {
      {broken, "decode"},
      {empty, "decode"},
      {text, "text.wat:1"},
      {invalid, "validate"},
      {unlinked, "unknown import"},
      {folder_ + "/nothing.wasm", "nothing.wasm"},
      {folder_, folder_},
      {"", "MODULE is missing"},
      {"--dir " + folder_ + "/nowhere::/ " + good, "nowhere"},
      {"--dir ::x " + good, "HOST::GUEST"},
      {"--env X " + good, "NAME=VALUE"},
      {"--threading-model mine " + good, "instance-per-thread"},
      {"--max-threads 0 " + good, "1 to 1048576"},
      {"--invoke sub " + good, "sub"},
      {"--invoke add " + good + " 1", "2 arguments"},
      {"--invoke add " + good + " 1 x", "number"},
      {"--invoke add " + good + " 0x100000000 1", "i32"},
      {"--schedule fair " + good, "round-robin"},
      {"--schedule pct:0:1 " + good, "pct:DEPTH:SEED"},
      {"--schedule replay:zz " + good, "replay token"},
      {"--trace " + folder_ + "/t " + good, "--schedule"},
      {"--no-such-option " + good, "no-such-option"},
  };
  for (const auto& row : kRows) {
    const Ran ran = weft("exec " + row.words);
    EXPECT_EQ(ran.code, 2) << row.words << "\n" << ran.err;
    EXPECT_EQ(ran.err.find("weft:"), 0u) << row.words << "\n" << ran.err;
    EXPECT_NE(ran.err.find(row.expected), std::string::npos) << row.words << "\n" << ran.err;
    EXPECT_EQ(ran.out, "") << row.words;
  }
}

// Fault: write_status writes {"exit": 2} for a module that is refused.
// Tried with: the answer of TraceWriter::finish not looked at.
TEST_F(Exec, ATraceThatCannotBeWrittenIsAnError) {
  const std::string module = write("exit.wat", kExit);
  const Ran ran = weft("exec --schedule random:1 --trace /dev/full --status-file " + folder_ +
                       "/status " + module);
  EXPECT_EQ(ran.code, 2);
  EXPECT_NE(ran.err.find("/dev/full: cannot be written"), std::string::npos) << ran.err;
  EXPECT_TRUE(status().contains("failed"));
}

// Tried with: Native::spawn as it was before, where the new thread maps its stack itself (aborts).
TEST_F(Exec, WhereNoThreadIsToBeHadSpawnSaysSo) {
  if (kSanitized) GTEST_SKIP() << "sanitizers need more address space than this test leaves";
  const std::string module = write("many.wat", R"((module
  (import "env" "memory" (memory 1 1 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (func (export "wasi_thread_start") (param i32 i32)
    (drop (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1))))
  (func (export "all") (result i32) (local $i i32)
    (loop $next
      (if (i32.gt_s (call $spawn (i32.const 0)) (i32.const 0))
        (then (local.set $i (i32.add (local.get $i) (i32.const 1))) (br $next))))
    (local.get $i))))");
  const Ran ran = weft("exec --invoke all --max-threads 100000 " + module, "ulimit -v 2000000; ");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_GT(std::atoi(ran.out.c_str()), 10) << ran.out;
}

// Tried with: ERANGE taken for what strtod says about subnormal numbers.
TEST_F(Exec, SubnormalArgumentsAreNumbers) {
  const std::string module = write("f.wat", R"((module
  (func (export "f") (param f64) (result f64) (local.get 0))
  (func (export "g") (param f32) (result i32) (i32.reinterpret_f32 (local.get 0)))))");
  EXPECT_EQ(weft("exec --invoke f " + module + " 1e-310").out, "1e-310\n");
  EXPECT_EQ(weft("exec --invoke g " + module + " 1e-45").out, "1\n");
  EXPECT_EQ(weft("exec --invoke f " + module + " 1e400").code, 2);
}

TEST_F(Exec, ARefusedModuleIsToldFromAProgramThatEndsWith2) {
  const std::string invalid = write("invalid.wat", "(module (func (result i32)))");
  EXPECT_EQ(weft("exec --status-file " + folder_ + "/status " + invalid).code, 2);
  EXPECT_EQ(status()["reject"], "validate");
}

TEST_F(Exec, NoFunctionOfPreview1IsMissing) {
  const Ran ran = weft("exec --wasi-functions");
  EXPECT_EQ(ran.code, 0);
  EXPECT_EQ(ran.out, "");
}

// Fault: print_result does not print the threads that wait.
TEST_F(Exec, DeadlockEndsWhereItIsAsked) {
  const std::string module = write("stuck.wat", kStuck);
  const Ran ran = weft("exec --deadlock --status-file " + folder_ + "/status " + module);
  EXPECT_EQ(ran.code, 126);
  ASSERT_EQ(status()["deadlock"].size(), 1u);
  EXPECT_NE(ran.err.find("thread 0 waits at address 8"), std::string::npos) << ran.err;
}

// Fault: the line names another schedule than the run's own.
TEST_F(Exec, AFailingScheduleIsRepeatedByTheLineItPrints) {
  const std::string module = write("lost.wat", kLostNotify);
  int deadlocks = 0;
  for (int seed = 0; seed < 12; seed++) {
    const Ran ran = weft(fmt::format("exec --schedule random:{} {}", seed, module));
    if (ran.code == 0) continue;
    EXPECT_EQ(ran.code, 126);
    deadlocks++;
    const std::string mark = "weft: repeat: weft ";
    const size_t at = ran.err.find(mark);
    ASSERT_NE(at, std::string::npos) << ran.err;
    const size_t begin = at + mark.size();
    const Ran again = weft(ran.err.substr(begin, ran.err.find('\n', begin) - begin));
    EXPECT_EQ(again.code, 126);
    EXPECT_EQ(again.err, ran.err) << "the same report, step by step";
  }
  EXPECT_GT(deadlocks, 0);
}

// Fault: the trace is opened and not given to the schedule.
TEST_F(Exec, ATraceHasALineForEveryVisibleOperation) {
  const std::string module = write("lost.wat", kLostNotify);
  const Ran ran = weft("exec --schedule round-robin --trace " + folder_ + "/trace " + module);
  std::istringstream lines(read("trace"));
  std::vector<std::string> operations;
  for (std::string line; std::getline(lines, line);) {
    const auto step = nlohmann::json::parse(line, nullptr, false);
    ASSERT_TRUE(step.is_object()) << line;
    EXPECT_EQ(step["step"], operations.size());
    EXPECT_TRUE(step.contains("function") && step.contains("offset")) << line;
    operations.push_back(step["op"]);
    if (step["op"] == "notify") {
      EXPECT_EQ(step["address"], 128);
      EXPECT_EQ(step["thread"], 1);
    }
  }
  EXPECT_EQ(std::count(operations.begin(), operations.end(), "wait"), 1);
  EXPECT_EQ(std::count(operations.begin(), operations.end(), "notify"), 1);
  ASSERT_FALSE(operations.empty());
  EXPECT_EQ(operations.front(), "host") << "thread-spawn";
}

TEST_F(Exec, ExploreFindsBothEndsOfALostNotify) {
  const std::string module = write("lost.wat", kLostNotify);
  const Ran ran = weft("explore --dfs --json - " + module);
  EXPECT_EQ(ran.code, 0) << ran.err;
  const auto explored = nlohmann::json::parse(ran.out, nullptr, false);
  ASSERT_TRUE(explored.is_object()) << ran.out;
  ASSERT_EQ(explored["outcomes"].size(), 2u) << ran.out;
  EXPECT_EQ(explored["outcomes"][0]["outcome"], "deadlock");
  EXPECT_EQ(explored["outcomes"][1]["outcome"], "exit=0");
  for (const auto& outcome : explored["outcomes"]) {
    const std::string token = outcome["token"];
    const Ran again = weft("explore --replay " + token + " " + module);
    EXPECT_NE(again.out.find(std::string(outcome["outcome"])), std::string::npos) << again.out;
  }
}

// Faults: cmd_explore does not look at --depth, at no schedules, or at two modes at once.
TEST_F(Exec, ExploreRefusesWhatItCannotRead) {
  const std::string module = write("lost.wat", kLostNotify);
  const std::string litmus = write("bad.litmus", "litmus A\nthread 0\n  frobnicate x\n");
  for (const std::string& words :
       {"--dfs --random 3 " + module, "--replay zz " + module, "--depth 0 " + module,
        "--random 0 " + module, "--pct 0 " + module, std::string("no/such-test"),
        folder_ + "/missing.wat", litmus}) {
    const Ran ran = weft("explore " + words);
    EXPECT_EQ(ran.code, 2) << words;
    EXPECT_EQ(ran.err.find("weft:"), 0u) << ran.err;
  }
}

}  // namespace
}  // namespace weft::cli
