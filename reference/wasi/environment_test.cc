#include <set>

#include "reference/wasi/guest_for_tests.h"

namespace weft::wasi {
namespace {

TEST(WasiTable, EveryFunctionOfPreview1IsThereAndNoneIsMissing) {
  EXPECT_EQ(preview1_functions().size(), 46u);
  EXPECT_TRUE(missing_functions().empty());
  EXPECT_EQ(find_preview1("fd_frobnicate"), -1);
  std::set<std::string> names;
  for (const FunctionEntry& entry : preview1_functions()) names.insert(entry.name);
  EXPECT_EQ(names.size(), 46u);
}

TEST(WasiTable, ErrnoOfTheHostBecomesErrnoOfTheText) {
  EXPECT_EQ(from_host(ENOENT), Errno::noent);
  EXPECT_EQ(from_host(EOPNOTSUPP), Errno::notsup);
  EXPECT_EQ(from_host(12345), Errno::io);
  EXPECT_STREQ(errno_name(Errno::badf), "badf");
  EXPECT_EQ(static_cast<int>(Errno::notcapable), 76);
}

TEST(WasiEnvironment, ArgumentsAreLaidOutBehindTheirPointers) {
  ProcessConfig config;
  config.args = {"prog", "", "two words"};
  TestGuest guest(config);
  ASSERT_EQ(guest.call("args_sizes_get", {64, 68}), Errno::success);
  EXPECT_EQ(guest.memory.at<uint32_t>(64), 3u);
  EXPECT_EQ(guest.memory.at<uint32_t>(68), 5u + 1 + 10);
  ASSERT_EQ(guest.call("args_get", {128, 256}), Errno::success);
  EXPECT_EQ(guest.memory.at<uint32_t>(128), 256u);
  EXPECT_EQ(guest.memory.at<uint32_t>(132), 261u);
  EXPECT_EQ(guest.memory.at<uint32_t>(136), 262u);
  EXPECT_EQ(guest.memory.text(256, 16), std::string("prog\0\0two words\0", 16));
}

TEST(WasiEnvironment, EnvironmentIsGivenAsItWasConfigured) {
  ProcessConfig config;
  config.env = {"A=1", "B=x=y"};
  TestGuest guest(config);
  ASSERT_EQ(guest.call("environ_sizes_get", {64, 68}), Errno::success);
  EXPECT_EQ(guest.memory.at<uint32_t>(64), 2u);
  ASSERT_EQ(guest.call("environ_get", {128, 256}), Errno::success);
  EXPECT_EQ(guest.memory.text(256, 10), std::string("A=1\0B=x=y\0", 10));
}

TEST(WasiEnvironment, PointersOutOfBoundsAreFaultsWhereverTheyAre) {
  ProcessConfig config;
  config.args = {"prog"};
  TestGuest guest(config);
  const uint64_t end = guest.memory.size();
  EXPECT_EQ(guest.call("args_sizes_get", {end - 3, 0}), Errno::fault);
  EXPECT_EQ(guest.call("args_sizes_get", {0, 0xFFFFFFFF}), Errno::fault);
  EXPECT_EQ(guest.call("args_get", {0, end - 4}), Errno::fault);
  EXPECT_EQ(guest.call("clock_time_get", {1, 0, end - 7}), Errno::fault);
  EXPECT_EQ(guest.call("random_get", {0, end + 1}), Errno::fault);
  EXPECT_EQ(guest.call("random_get", {0xFFFFFFF0, 32}), Errno::fault);
}

TEST(WasiEnvironment, UnknownClocksAreInvalidAndKnownOnesHaveAResolution) {
  TestGuest guest;
  for (uint64_t clock = 0; clock < 4; clock++) {
    ASSERT_EQ(guest.call("clock_res_get", {clock, 64}), Errno::success);
    EXPECT_GT(guest.memory.at<uint64_t>(64), 0u);
    EXPECT_EQ(guest.call("clock_time_get", {clock, 0, 64}), Errno::success);
  }
  EXPECT_EQ(guest.call("clock_res_get", {4, 64}), Errno::inval);
  EXPECT_EQ(guest.call("clock_res_get", {0xFFFFFFFF, 64}), Errno::inval);
  EXPECT_EQ(guest.call("clock_time_get", {9, 0, 64}), Errno::inval);
}

TEST(WasiEnvironment, MonotonicTimeNeverDecreases) {
  TestGuest guest;
  uint64_t last = 0;
  for (int i = 0; i < 1000; i++) {
    ASSERT_EQ(guest.call("clock_time_get", {1, 0, 64}), Errno::success);
    const auto now = guest.memory.at<uint64_t>(64);
    ASSERT_GE(now, last);
    last = now;
  }
}

TEST(WasiEnvironment, RandomBytesFillTheWholeRangeAndNothingElse) {
  TestGuest guest;
  constexpr uint32_t kBytes = 10'000;
  ASSERT_EQ(guest.call("random_get", {1000, kBytes}), Errno::success);
  std::set<std::string> blocks;
  for (uint32_t at = 0; at + 16 <= kBytes; at += 16)
    blocks.insert(guest.memory.text(1000 + at, 16));
  EXPECT_EQ(blocks.size(), kBytes / 16);
  EXPECT_EQ(guest.memory.at<uint64_t>(992), 0u);
  EXPECT_EQ(guest.memory.at<uint64_t>(1000 + kBytes), 0u);
  EXPECT_EQ(guest.call("random_get", {guest.memory.size(), 0}), Errno::success);
}

TEST(WasiEnvironment, ProcExitCarriesItsCodeAndRaiseIsRefused) {
  TestGuest guest;
  CallState state;
  const Result result = guest.attempt("proc_exit", {0x12345678}, state);
  EXPECT_EQ(result.outcome, Outcome::kExit);
  EXPECT_EQ(result.code, 0x12345678u);
  EXPECT_EQ(guest.call("proc_raise", {6}), Errno::notsup);
  EXPECT_EQ(guest.call("sched_yield", {}), Errno::success);
}

}  // namespace
}  // namespace weft::wasi
