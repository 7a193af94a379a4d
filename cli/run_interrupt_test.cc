// Ctrl-C and SIGTERM of `weft run`: the weft binary, a fake runtime whose case says through a FIFO
// that it runs. The FIFO is also how the end of everything that the case started is seen: its
// reader is at the end when the last writer is gone. Nothing here waits for a time to pass.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>

#include "cli/e2e.h"
#include "reference/base/files.h"

namespace weft::cli {
namespace {

namespace fs = std::filesystem;

class RunInterrupt : public ::testing::Test {
 protected:
  RunInterrupt() : fifo_(e2e.folder() + "/fifo") {
    EXPECT_EQ(::mkfifo(fifo_.c_str(), 0600), 0);
    reader_ = ::open(fifo_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    EXPECT_GE(reader_, 0);
    e2e.test("a/before", "ok");
    e2e.test("a/hold", "hold", {{"timeout", 300}});
    for (int i = 0; i < 5; ++i) e2e.test("b/after-" + std::to_string(i), "ok");
  }
  ~RunInterrupt() override { ::close(reader_); }

  // Starts `weft run` and returns when the case runs.
  void start(const std::string& containment) {
    const auto spec = e2e.command({"run", "--suite", "suite", "--jobs", "1", "--junit", "out.xml",
                                   "--descriptors", e2e.folder(), "fake"},
                                  {{"FAKE_FIFO", fifo_}, {"WEFT_CONTAINMENT", containment}});
    std::vector<char*> argv;
    for (const std::string& word : spec.argv) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    pid_ = ::fork();
    ASSERT_GE(pid_, 0);
    if (pid_ == 0) {
      for (const auto& [key, value] : spec.env) ::setenv(key.c_str(), value.c_str(), 1);
      const int out = ::open((e2e.folder() + "/out.txt").c_str(), O_WRONLY | O_CREAT, 0600);
      ::dup2(out, 1);
      ::dup2(out, 2);
      if (::chdir(spec.cwd.c_str()) == 0) ::execv(argv[0], argv.data());
      ::_exit(99);
    }
    pollfd one{reader_, POLLIN, 0};
    ASSERT_EQ(::poll(&one, 1, 120000), 1) << "the case never ran";
    char byte = 0;
    ASSERT_EQ(::read(reader_, &byte, 1), 1);
  }

  int exit_code() {
    int status = 0;
    EXPECT_EQ(::waitpid(pid_, &status, 0), pid_);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

  // Everything that held the FIFO is gone.
  void expect_nothing_survives() {
    char byte;
    ssize_t n;
    do {
      pollfd one{reader_, POLLIN, 0};
      ASSERT_EQ(::poll(&one, 1, 60000), 1) << "a child survives";
      n = ::read(reader_, &byte, 1);
    } while (n > 0);
    EXPECT_EQ(n, 0);
  }

  // No file or folder that was to be renamed when whole.
  void expect_nothing_half_written() {
    std::string lines = *read_text(e2e.folder() + "/weft-runs/latest/results.jsonl");
    EXPECT_TRUE(lines.ends_with("\n"));
    std::istringstream all(lines);
    for (std::string line; std::getline(all, line);) {
      EXPECT_TRUE(nlohmann::json::accept(line)) << line;
    }
    for (const auto& entry : fs::recursive_directory_iterator(e2e.folder() + "/weft-runs")) {
      const std::string name = entry.path().filename().string();
      EXPECT_TRUE(name.find(".new.") == std::string::npos && name.find(".tmp") == std::string::npos)
          << name;
    }
  }

  EndToEnd e2e;
  std::string fifo_;
  int reader_ = -1;
  pid_t pid_ = -1;
};

class RunInterruptBy : public RunInterrupt,
                       public ::testing::WithParamInterface<std::pair<int, const char*>> {};

// Faults tried: run_process did not look at the stop descriptor (the test then waits for the case's
// 300 s); cut_off() false always (the case was SKIPPED as run, and --resume left it out).
TEST_P(RunInterruptBy, FirstSignalEndsTheCaseReportsAndLeavesNothingBehind) {
  const auto [signal, containment] = GetParam();
  start(containment);
  ::kill(pid_, signal);
  EXPECT_EQ(exit_code(), 130);
  expect_nothing_survives();
  expect_nothing_half_written();
  const auto run = e2e.latest();
  size_t not_run = 0;
  for (const auto& record : run.records) {
    not_run += record.not_run;
    EXPECT_EQ(record.not_run, record.test != "a/before") << record.test;
  }
  EXPECT_EQ(run.records.size(), 7u);
  EXPECT_EQ(not_run, 6u);
  EXPECT_EQ(e2e.verdict("a/before"), "PASS");
  const std::string out = *read_text(e2e.folder() + "/out.txt");
  EXPECT_NE(out.find("exit code 130"), std::string::npos) << out;
  EXPECT_NE(out.find("6 not run"), std::string::npos) << out;
  const auto matrix = read_text(run.folder + "/report/matrix.html");
  ASSERT_TRUE(matrix);
  EXPECT_NE(matrix->find("b/after-4"), std::string::npos);
  EXPECT_NE(matrix->find("- not run"), std::string::npos);
  const auto junit = read_text(e2e.folder() + "/out.xml");
  ASSERT_TRUE(junit);
  EXPECT_NE(junit->find("not run: the run was interrupted"), std::string::npos);
  // What was not run is run by --resume, and nothing else.
  const auto again = e2e.run({"--resume", "latest"});
  EXPECT_EQ(again.code, 0) << again.out << again.err;
  EXPECT_NE(again.out.find("7 passed, 0 failed, 0 skipped"), std::string::npos) << again.out;
}

INSTANTIATE_TEST_SUITE_P(Signals, RunInterruptBy,
                         ::testing::Values(std::pair(SIGINT, "auto"), std::pair(SIGTERM, "group")));

// Two different signals, so that neither is lost: two of a kind may arrive as one. Fault
// tried: the second leaves with another exit code. When it arrives is not ours to choose, so that a
// file is never left half-written is only looked at, not proved.
TEST_F(RunInterrupt, SecondSignalLeavesAtOnceWithNothingHalfWritten) {
  start("auto");
  ::kill(pid_, SIGINT);
  ::kill(pid_, SIGTERM);
  EXPECT_EQ(exit_code(), 130);
  expect_nothing_survives();
  expect_nothing_half_written();
}

}  // namespace
}  // namespace weft::cli
