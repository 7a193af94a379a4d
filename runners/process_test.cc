#include "runners/process.h"

#include <signal.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "runners/contained_child.h"
#include "runners/process_tree.h"
#include "runners/test_support.h"

namespace weft::runners {
namespace {

// Every test runs under both ways of containment.
class Process : public testing::TestWithParam<Containment> {
 protected:
  void SetUp() override {
    if (GetParam() != Containment::kNamespace) return;
    ProcessSpec spec = shell("exit 0");
    if (auto child = ContainedChild::start(spec); !child) {
      GTEST_SKIP() << "this kernel lets us make no PID namespace: " << child.error().message;
    }
  }

  // `body` for /bin/sh, marked so that survivors can be found.
  ProcessSpec shell(const std::string& body) const {
    ProcessSpec spec;
    spec.argv = {"/bin/sh", "-c", body};
    spec.env["WEFT_TEST_MARK"] = mark();
    spec.containment = GetParam();
    return spec;
  }

  std::string mark() const {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    return std::to_string(::getpid()) + info->name();
  }

  // Live processes that carry the mark of this test.
  int survivors() const {
    int count = 0;
    std::error_code ec;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", ec)) {
      std::ifstream file(entry.path() / "environ", std::ios::binary);
      std::ostringstream text;
      text << file.rdbuf();
      if (text.str().find("WEFT_TEST_MARK=" + mark()) != std::string::npos) ++count;
    }
    return count;
  }

  ProcessResult must_run(const ProcessSpec& spec) {
    auto result = run_process(spec);
    EXPECT_TRUE(result) << result.error().message;
    EXPECT_EQ(survivors(), 0);
    return result ? *result : ProcessResult{};
  }
};

TEST_P(Process, ExitCodeAndBothStreamsArrive) {
  const auto result = must_run(shell("echo out; echo err >&2; exit 77"));
  EXPECT_EQ(result.end, ProcessEnd::kExit);
  EXPECT_EQ(result.code, 77);
  EXPECT_EQ(result.out, "out\n");
  EXPECT_EQ(result.err, "err\n");
}

TEST_P(Process, AHangIsKilledAtTheDeadlineAndSeenToSleep) {
  ProcessSpec spec = shell("echo begun; sleep 1000");
  spec.timeout = 1.5;
  const auto result = must_run(spec);
  EXPECT_EQ(result.end, ProcessEnd::kTimeout);
  EXPECT_TRUE(result.all_asleep);
  EXPECT_EQ(result.out, "begun\n");
  EXPECT_GE(result.seconds, 1.5);
}

TEST_P(Process, ASpinningChildIsNotAsleep) {
  ProcessSpec spec = shell("while :; do :; done");
  spec.timeout = 1.3;
  const auto result = must_run(spec);
  EXPECT_EQ(result.end, ProcessEnd::kTimeout);
  EXPECT_FALSE(result.all_asleep);
}

TEST_P(Process, ACrashIsItsSignal) {
  EXPECT_EQ(must_run(shell("kill -SEGV $$")).code, SIGSEGV);
  // A process that were PID 1 of its namespace would survive these two.
  const auto aborted = must_run(shell("kill -ABRT $$; sleep 1000"));
  EXPECT_EQ(aborted.end, ProcessEnd::kSignal);
  EXPECT_EQ(aborted.code, SIGABRT);
  const auto killed = must_run(shell("kill -KILL $$; sleep 1000"));
  EXPECT_EQ(killed.end, ProcessEnd::kSignal);
  EXPECT_EQ(killed.code, SIGKILL);
}

TEST_P(Process, AFloodIsDrainedAndCapped) {
  ProcessSpec spec = shell("head -c 50000000 /dev/zero | tr '\\0' x; exit 5");
  spec.output_limit = 1000;
  const auto result = must_run(spec);
  EXPECT_EQ(result.end, ProcessEnd::kExit);
  EXPECT_EQ(result.code, 5);
  EXPECT_EQ(result.out, std::string(1000, 'x'));
  EXPECT_TRUE(result.out_truncated);
  EXPECT_FALSE(result.err_truncated);
}

TEST_P(Process, AFloodWithoutEndMeetsTheDeadline) {
  ProcessSpec spec = shell("yes & yes >&2");
  spec.timeout = 0.5;
  const auto result = must_run(spec);
  EXPECT_EQ(result.end, ProcessEnd::kTimeout);
  EXPECT_TRUE(result.out_truncated && result.err_truncated);
  EXPECT_EQ(result.out.size(), spec.output_limit);
}

TEST_P(Process, ForkingWithoutEndIsStopped) {
  ProcessSpec spec = shell("while :; do sleep 1000 & done");
  spec.process_limit = 40;
  const auto result = must_run(spec);
  EXPECT_EQ(result.end, ProcessEnd::kProcesses);
  EXPECT_NE(result.reason.find("processes, the limit is 40"), std::string::npos) << result.reason;
}

TEST_P(Process, ForkingIntoNewSessionsWithoutEndIsStopped) {
  ProcessSpec spec = shell("while :; do (setsid sleep 1000 &) ; done");
  spec.process_limit = 40;
  EXPECT_EQ(must_run(spec).end, ProcessEnd::kProcesses);
}

TEST_P(Process, IgnoringSignalsDoesNotHelp) {
  ProcessSpec spec = shell("trap '' TERM INT HUP QUIT PIPE; while :; do sleep 1000; done");
  spec.timeout = 0.3;
  EXPECT_EQ(must_run(spec).end, ProcessEnd::kTimeout);
}

TEST_P(Process, GrandchildrenAreGoneWhenTheChildHasEnded) {
  const auto result = must_run(shell("sleep 1000 & (setsid sleep 1000 &) ; exit 3"));
  EXPECT_EQ(result.end, ProcessEnd::kExit);
  EXPECT_EQ(result.code, 3);  // and the streams that they hold open keep nobody waiting
}

TEST_P(Process, EatingMemoryIsStopped) {
  ProcessSpec spec = shell("tail /dev/zero");
  spec.memory_limit = 200 << 20;
  const auto result = must_run(spec);
  EXPECT_EQ(result.end, ProcessEnd::kMemory);
  EXPECT_NE(result.reason.find("the limit is 200 MiB"), std::string::npos) << result.reason;
}

TEST_P(Process, StandardInputClosedOpenOrText) {
  EXPECT_EQ(must_run(shell("cat; echo end")).out, "end\n");
  ProcessSpec open = shell("cat; echo end");
  open.stdin_mode = "open";
  open.timeout = 0.3;
  const auto waiting = must_run(open);
  EXPECT_EQ(waiting.end, ProcessEnd::kTimeout);
  EXPECT_EQ(waiting.out, "");
  ProcessSpec text = shell("wc -c");
  text.stdin_mode = "text";
  text.stdin_text = std::string(300000, 'x');  // more than a pipe holds
  EXPECT_EQ(must_run(text).out, "300000\n");
  text.argv = {"/bin/true"};  // a reader that does not read
  EXPECT_EQ(must_run(text).code, 0);
}

TEST_P(Process, EnvironmentFolderAndNoForeignDescriptors) {
  ProcessSpec spec = shell("echo $A; pwd; ls /proc/self/fd | wc -l");
  spec.env["A"] = "b c";
  spec.cwd = "/";
  EXPECT_EQ(must_run(spec).out, "b c\n/\n4\n");  // 0, 1, 2 and the one that ls reads the folder by
}

TEST_P(Process, WhatCannotBeStartedIsOneError) {
  ProcessSpec spec = shell("");
  const auto error = [&](std::vector<std::string> argv) {
    spec.argv = std::move(argv);
    auto result = run_process(spec);
    return result ? "it ran" : result.error().message;
  };
  EXPECT_EQ(error({"/no/such/engine"}),
            "/no/such/engine: cannot be started: No such file or directory");
  EXPECT_EQ(error({"no-such-engine"}),
            "no-such-engine: cannot be started: no such program in PATH");
  EXPECT_EQ(error({"/etc/passwd"}), "/etc/passwd: cannot be started: Permission denied");
  EXPECT_EQ(error({"/tmp"}), "/tmp: cannot be started: is a directory");
  EXPECT_EQ(error({}), "an empty command line cannot be started");
  TemporaryFolder folder;
  const std::string text = folder.write("text", "no program\n");
  std::filesystem::permissions(text, std::filesystem::perms::owner_all);
  EXPECT_EQ(error({text}), text + ": cannot be started: Exec format error");
  spec.cwd = "/no/such/folder";
  EXPECT_EQ(error({"/bin/true"}), "/no/such/folder: cannot be entered: No such file or directory");
}

TEST_P(Process, ManyAtOnceFromManyThreads) {
  std::vector<std::thread> threads;
  std::vector<int> wrong(8, 0);
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 10; ++i) {
        const int code = 64 + (t * 10 + i) % 60;
        const std::string text = std::to_string(code) + "\n";
        auto result =
            run_process(shell("echo " + std::to_string(code) + "; exit " + std::to_string(code)));
        if (!result || result->code != code || result->out != text) ++wrong[t];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(8, 0));
  EXPECT_EQ(survivors(), 0);
}

TEST_P(Process, AChildThatIsDroppedIsRemoved) {
  {
    auto child = ContainedChild::start(shell("sleep 1000 & (setsid sleep 1000 &); sleep 1000"));
    ASSERT_TRUE(child);
    EXPECT_EQ((*child)->in_namespace(), GetParam() == Containment::kNamespace);
    EXPECT_FALSE((*child)->usage().processes > 100);
  }
  EXPECT_EQ(survivors(), 0);
}

INSTANTIATE_TEST_SUITE_P(Both, Process,
                         testing::Values(Containment::kNamespace, Containment::kGroup),
                         [](const auto& info) {
                           return info.param == Containment::kGroup ? "Group" : "Namespace";
                         });

TEST(ProcessTree, CountsDescendantsAndTheirMemory) {
  ProcessSpec spec;
  spec.argv = {"/bin/sh", "-c", "sleep 1000 & sleep 1000 & echo ready; wait"};
  auto child = ContainedChild::start(spec);
  ASSERT_TRUE(child);
  char byte;
  while (::read((*child)->out(), &byte, 1) != 1) std::this_thread::yield();  // both are started
  unsigned processes = 0;
  while ((processes = (*child)->usage().processes) != 3) std::this_thread::yield();
  EXPECT_GT((*child)->usage().resident, 100000u);
}

}  // namespace
}  // namespace weft::runners
