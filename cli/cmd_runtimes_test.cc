#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "cli/command.h"
#include "reference/base/files.h"

namespace weft::cli {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

// A folder with a user's own runtime in it: the built `weft exec` behind a descriptor.
class Runtimes : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / "weft-cli-XXXXXX";
    ASSERT_TRUE(::mkdtemp(folder_.data()));
    before_ = fs::current_path();
    fs::current_path(folder_);
    ::setenv("WEFT_HOME", WEFT_SOURCE_DIR, 1);
    ::setenv("WEFT_CACHE", (folder_ + "/cache").c_str(), 1);
    write("mine.json", R"x({"schema": "weft.runtime/1", "family": "mine", "kind": "cli",
      "bin": [")x" WEFT_BINARY_DIR R"x(/weft"],
      "version_from": {"args": ["--version"], "regex": "weft ([0-9.]+)"},
      "run": ["{bin}", "exec", "--status-file", "{status}",
              {"each": "env", "as": ["--env", "{key}={value}"]},
              {"each": "dir", "as": ["--dir", "{host}::{guest}"]}, "{module}", "{args}"]})x");
  }
  void TearDown() override {
    fs::current_path(before_);
    std::error_code ec;
    fs::remove_all(folder_, ec);
  }
  void write(const std::string& name, const std::string& text) {
    ASSERT_TRUE(write_file(folder_ + "/" + name, text));
  }

  struct Answer {
    int code;
    std::string out, err;
  };
  static Answer call(const Words& words) {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int code = cmd_runtimes(words);
    std::fflush(stdout);
    Answer answer{code, testing::internal::GetCapturedStdout(),
                  testing::internal::GetCapturedStderr()};
    return answer;
  }

  std::string folder_;
  fs::path before_;
};

// Fault: every finding counts as an illness.
TEST_F(Runtimes, AUsersOwnRuntimeIsOneFileAndPassesTheDoctor) {
  const Answer answer = call({"doctor", "./mine.json"});
  EXPECT_EQ(answer.code, 0) << answer.out << answer.err;
  EXPECT_NE(answer.out.find("  run      ok"), std::string::npos) << answer.out;
  EXPECT_NE(answer.out.find("  trap     ok: a trap: unreachable"), std::string::npos) << answer.out;
  EXPECT_NE(answer.out.find("threads"), std::string::npos) << answer.out;
}

// Live processes that carry the mark in their environment, engines and what they started.
int marked(const std::string& mark) {
  int count = 0;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator("/proc", ec)) {
    std::ifstream file(entry.path() / "environ", std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    count += text.str().find(mark) != std::string::npos;
  }
  return count;
}

TEST_F(Runtimes, NothingIsLeftWhenWeftIsKilled) {
  write("engine", "#!/bin/sh\n(setsid sleep 1000 &)\nsleep 1000 & sleep 1000\n");
  fs::permissions(folder_ + "/engine", fs::perms::owner_all);
  write("e.json", R"x({"schema": "weft.runtime/1", "family": "e", "kind": "cli",
    "bin": ["./engine"], "run": ["{bin}", "{module}"], "env": {"WEFT_TEST_MARK": ")x" +
                      folder_ + "\"}}");
  for (const char* containment : {"auto", "group"}) {
    ::setenv("WEFT_CONTAINMENT", containment, 1);
    const std::string weft = WEFT_BINARY_DIR "/weft";
    const char* const argv[] = {weft.c_str(), "runtimes", "doctor", "./e.json", nullptr};
    pid_t pid = 0;
    ASSERT_EQ(
        ::posix_spawn(&pid, weft.c_str(), nullptr, nullptr, const_cast<char**>(argv), environ), 0);
    while (marked("WEFT_TEST_MARK=" + folder_) < 4) std::this_thread::yield();  // sh and sleeps
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    // The kernel tells the remains; a failure is this loop not ending (the test's own timeout).
    while (marked("WEFT_TEST_MARK=" + folder_) > 0) std::this_thread::yield();
  }
  ::unsetenv("WEFT_CONTAINMENT");
}

// Faults: how_to_get stands with the runtimes that are found; features are left out.
TEST_F(Runtimes, JsonListsWhatIsFoundAndHowToGetTheRest) {
  write("gone.json", R"({"schema": "weft.runtime/1", "family": "gone", "kind": "cli",
    "bin": ["./gone"], "run": ["{bin}", "{module}"], "how_to_get": "ask a friend"})");
  const Answer answer = call({"./mine.json", "./gone.json", "--json", "-"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  const auto list = nlohmann::json::parse(answer.out);
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0]["name"], "mine");
  EXPECT_TRUE(list[0]["found"]);
  EXPECT_TRUE(list[0]["bin"].is_array());
  EXPECT_FALSE(list[0].at("features").empty());
  EXPECT_EQ(list[1].at("how_to_get"), "ask a friend");
  EXPECT_FALSE(list[1]["found"]);
}

// Fault: --descriptors is read and not used.
TEST_F(Runtimes, DescriptorsFolderIsSearchedFirst) {
  fs::create_directory(folder_ + "/mine");
  fs::rename(folder_ + "/mine.json", folder_ + "/mine/mine.json");
  EXPECT_EQ(call({"mine"}).code, 2);
  const Answer answer = call({"mine", "--descriptors", folder_ + "/mine"});
  EXPECT_EQ(answer.code, 0) << answer.err;
  EXPECT_NE(answer.out.find("  mine"), std::string::npos);
}

// Faults: a file that is there is written again; any name is taken; the doctor always ends with 0.
TEST_F(Runtimes, NewWritesADescriptorOnceAndTheDoctorSaysWhatIsMissing) {
  EXPECT_EQ(call({"new", "my-engine"}).code, 0);
  EXPECT_TRUE(fs::exists(folder_ + "/my-engine.json"));
  const Answer again = call({"new", "my-engine"});
  EXPECT_EQ(again.code, 2);
  EXPECT_EQ(again.err, "weft: my-engine.json: is there already\n");
  EXPECT_EQ(call({"new", "My Engine"}).code, 2);
  const Answer answer = call({"doctor", "./my-engine.json"});
  EXPECT_EQ(answer.code, 3);
  EXPECT_NE(answer.out.find("NOT OK: build it, then set MY_ENGINE to its binary"),
            std::string::npos)
      << answer.out;
}

// Fault: 3 where no runtime has the name.
TEST_F(Runtimes, BadInputIsOneLineAndExitCodeTwo) {
  write("bad.json", "{\n  \"schema\": oops\n}");
  for (const Words& words : {Words{"./bad.json"}, Words{"doctor", "./none.json"}, Words{"nosuch"},
                             Words{"install", "nosuch*"}, Words{"install"}}) {
    const Answer answer = call(words);
    EXPECT_EQ(answer.code, 2) << words.back();
    EXPECT_EQ(std::count(answer.err.begin(), answer.err.end(), '\n'), 1) << answer.err;
    EXPECT_EQ(answer.err.substr(0, 6), "weft: ") << answer.err;
  }
}

}  // namespace
}  // namespace weft::cli
