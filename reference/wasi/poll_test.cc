#include <sys/resource.h>
#include <unistd.h>

#include <thread>

#include "reference/wasi/guest_for_tests.h"
#include "reference/wasi/host_wait.h"

namespace weft::wasi {
namespace {

constexpr uint64_t kIn = 20000, kOut = 40000;

class WasiPoll : public testing::Test {
 protected:
  void clock(uint32_t index, uint64_t userdata, uint32_t id, uint64_t timeout, uint16_t flags = 0) {
    uint8_t raw[48] = {};
    put(raw, 0, userdata);
    put(raw, 16, id);
    put(raw, 24, timeout);
    put(raw, 40, flags);
    ASSERT_TRUE(guest->memory.write(kIn + index * 48, raw, sizeof raw));
  }
  void descriptor(uint32_t index, uint64_t userdata, EventType type, uint32_t fd) {
    uint8_t raw[48] = {};
    put(raw, 0, userdata);
    put(raw, 8, static_cast<uint8_t>(type));
    put(raw, 16, fd);
    ASSERT_TRUE(guest->memory.write(kIn + index * 48, raw, sizeof raw));
  }
  Errno poll(uint32_t n) { return guest->call("poll_oneoff", {kIn, kOut, n, 64}); }
  uint32_t count() { return guest->memory.at<uint32_t>(64); }
  uint64_t userdata(uint32_t i) { return guest->memory.at<uint64_t>(kOut + i * 32); }
  Errno error(uint32_t i) {
    return static_cast<Errno>(guest->memory.at<uint16_t>(kOut + i * 32 + 8));
  }
  uint64_t bytes(uint32_t i) { return guest->memory.at<uint64_t>(kOut + i * 32 + 16); }

  std::unique_ptr<TestGuest> guest = std::make_unique<TestGuest>();
};

TEST_F(WasiPoll, NoSubscriptionIsInvalid) { EXPECT_EQ(poll(0), Errno::inval); }

TEST_F(WasiPoll, ArraysOutOfBoundsAndUnknownTagsAreRefused) {
  EXPECT_EQ(guest->call("poll_oneoff", {0xFFFFFF00, kOut, 1000, 64}), Errno::fault);
  EXPECT_EQ(guest->call("poll_oneoff", {kIn, guest->memory.size() - 31, 1, 64}), Errno::fault);
  EXPECT_EQ(guest->call("poll_oneoff", {kIn, kOut, 0x10000000, 64}), Errno::fault);
  descriptor(0, 1, static_cast<EventType>(3), 0);
  EXPECT_EQ(poll(1), Errno::inval);
}

TEST_F(WasiPoll, ATimeoutIsNeverEarly) {
  for (const uint64_t timeout : {0u, 1u, 1'000'000u, 20'000'000u}) {
    clock(0, 7, 1, timeout);
    const uint64_t before = *real_host().now(Clock::kMonotonic);
    ASSERT_EQ(poll(1), Errno::success);
    EXPECT_GE(*real_host().now(Clock::kMonotonic), before + timeout);
    EXPECT_EQ(count(), 1u);
    EXPECT_EQ(userdata(0), 7u);
    EXPECT_EQ(error(0), Errno::success);
  }
}

TEST_F(WasiPoll, AnAbsoluteTimeThatHasPassedIsReady) {
  clock(0, 1, 0, 1, kSubclockAbstime);
  clock(1, 2, 1, 1, kSubclockAbstime);
  ASSERT_EQ(poll(2), Errno::success);
  EXPECT_EQ(count(), 2u);
}

TEST_F(WasiPoll, TheEarlierOfTwoClocksComesAlone) {
  clock(0, 1, 1, 3'600'000'000'000u);
  clock(1, 2, 0, 1'000'000u);
  ASSERT_EQ(poll(2), Errno::success);
  EXPECT_EQ(count(), 1u);
  EXPECT_EQ(userdata(0), 2u);
}

TEST_F(WasiPoll, UnknownClocksAndDescriptorsAreEventsWithAnError) {
  clock(0, 1, 9, 0);
  descriptor(1, 2, EventType::kFdRead, 99);
  descriptor(2, 3, EventType::kFdWrite, 0);
  ASSERT_EQ(poll(3), Errno::success);
  ASSERT_EQ(count(), 3u);
  EXPECT_EQ(error(0), Errno::inval);
  EXPECT_EQ(error(1), Errno::badf);
  EXPECT_EQ(error(2), Errno::notcapable);
}

TEST_F(WasiPoll, TheLongestTimeoutWaitsUntilSomethingElseIsReady) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  ProcessConfig config;
  config.stdio[0] = ends[0];
  guest = std::make_unique<TestGuest>(config);
  clock(0, 1, 1, UINT64_MAX);
  descriptor(1, 2, EventType::kFdRead, 0);
  std::thread writer([&] { ASSERT_EQ(::write(ends[1], "abc", 3), 3); });
  ASSERT_EQ(poll(2), Errno::success);
  writer.join();
  EXPECT_EQ(count(), 1u);
  EXPECT_EQ(userdata(0), 2u);
  EXPECT_EQ(bytes(0), 3u);
  close(ends[0]);
  close(ends[1]);
}

TEST_F(WasiPoll, ManySubscriptionsGiveAnEventEach) {
  guest->streams[0]->input = "12345";
  constexpr uint32_t kMany = 400;
  for (uint32_t i = 0; i < kMany; i++) {
    if (i % 2 == 0) {
      descriptor(i, 1000 + i, EventType::kFdRead, 0);
    } else {
      descriptor(i, 1000 + i, EventType::kFdWrite, 1);
    }
  }
  ASSERT_EQ(guest->call("poll_oneoff", {kIn, kOut + 20000, kMany, 64}), Errno::success);
  ASSERT_EQ(count(), kMany);
  for (uint32_t i = 0; i < kMany; i++) {
    EXPECT_EQ(guest->memory.at<uint64_t>(kOut + 20000 + i * 32), 1000u + i);
  }
  EXPECT_EQ(guest->memory.at<uint64_t>(kOut + 20000 + 16), 5u);
}

TEST_F(WasiPoll, ADescriptorClosedMeanwhileIsAnEventWithBadfThreads) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  ProcessConfig config;
  config.stdio[0] = ends[0];
  guest = std::make_unique<TestGuest>(config);
  descriptor(0, 5, EventType::kFdRead, 0);
  std::thread closer([&] { guest->process->fds().close(0); });
  ASSERT_EQ(poll(1), Errno::success);
  closer.join();
  EXPECT_EQ(count(), 1u);
  EXPECT_EQ(error(0), Errno::badf);
  close(ends[0]);
  close(ends[1]);
}

// Tried with: an entry of poll for each interest: poll fails at once, and the caller spins.
TEST(WasiHostWait, SleepsHoweverOftenOneDescriptorIsAskedFor) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  UniqueFd in(ends[0]), out(ends[1]);
  TestGuest guest;
  rlimit most = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &most), 0);
  const auto pipe_end =
      std::make_shared<Descriptor>(std::move(in), Filetype::kUnknown, right::kStream, 0);
  CallState state;
  state.interests.assign(std::min<size_t>(most.rlim_cur, 1u << 20) + 1, {pipe_end, false});
  state.until = *real_host().now(Clock::kMonotonic) + 20'000'000;
  wait_on_host(*guest.process, state);
  EXPECT_GE(*real_host().now(Clock::kMonotonic), *state.until);
}

}  // namespace
}  // namespace weft::wasi
