// Wait queues: order, conservation, addresses, counts, and what a late notify means.
#include "reference/machine/wait_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <thread>

namespace weft::machine {
namespace {

struct Parked {
  Waiter waiter;
  int woken = 0;
  Parked() {
    waiter.parker = this;
    waiter.wake = [](Waiter& w) { ++static_cast<Parked*>(w.parker)->woken; };
  }
};

const auto kEqual = [] { return true; };

// Faults: notify does not stop at its count; a waiter is queued in front.
TEST(WaitQueue, FirstComeFirstWoken) {
  WaitQueues queues;
  Parked p[4];
  for (Parked& one : p) ASSERT_TRUE(queues.enqueue_if(one.waiter, 64, kEqual));
  EXPECT_EQ(queues.notify(64, 2), 2u);
  EXPECT_EQ(p[0].woken, 1);
  EXPECT_EQ(p[1].woken, 1);
  EXPECT_EQ(p[2].woken, 0);
  EXPECT_EQ(queues.notify(64, 1), 1u);
  EXPECT_EQ(p[2].woken, 1);
  EXPECT_EQ(queues.finish(p[3].waiter), 2u);
  EXPECT_EQ(queues.notify(64, 1), 0u);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(queues.finish(p[i].waiter), 0u);
}

// The notifier takes the waiter out at once: a second notify, before the first waiter has run,
// does not count it again.
// Fault: a waiter that was notified returns 2.
TEST(WaitQueue, ASecondNotifyDoesNotFindTheSameWaiter) {
  WaitQueues queues;
  Parked p;
  ASSERT_TRUE(queues.enqueue_if(p.waiter, 8, kEqual));
  EXPECT_EQ(queues.notify(8, 1), 1u);
  EXPECT_EQ(queues.notify(8, 1), 0u);
  EXPECT_EQ(p.woken, 1);
  EXPECT_EQ(queues.finish(p.waiter), 0u);
}

TEST(WaitQueue, NotEqualDoesNotEnqueue) {
  WaitQueues queues;
  Parked p;
  EXPECT_FALSE(queues.enqueue_if(p.waiter, 8, [] { return false; }));
  EXPECT_EQ(queues.notify(8, ~0u), 0u);
  EXPECT_TRUE(queues.snapshot().empty());
}

// A deadline that passes after a notify has selected the waiter changes nothing: the result is 0.
// Fault: notified() says yes to every waiter.
TEST(WaitQueue, SelectedBeatsLate) {
  WaitQueues queues;
  Parked p;
  ASSERT_TRUE(queues.enqueue_if(p.waiter, 8, kEqual));
  EXPECT_FALSE(queues.notified(p.waiter));
  EXPECT_EQ(queues.notify(8, 5), 1u);
  EXPECT_TRUE(queues.notified(p.waiter));
  EXPECT_EQ(queues.finish(p.waiter), 0u);
  ASSERT_TRUE(queues.enqueue_if(p.waiter, 8, kEqual));
  EXPECT_EQ(queues.finish(p.waiter), 2u);
}

// The key is the effective address alone: neighbours, and addresses that share a bucket, differ.
// Fault: notify does not compare addresses.
TEST(WaitQueue, AddressesDoNotMeet) {
  WaitQueues queues;
  Parked a, b, c;
  ASSERT_TRUE(queues.enqueue_if(a.waiter, 8, kEqual));
  ASSERT_TRUE(queues.enqueue_if(b.waiter, 8 + 64 * 4, kEqual));
  ASSERT_TRUE(queues.enqueue_if(c.waiter, (uint64_t{1} << 32) + 8, kEqual));
  EXPECT_EQ(queues.notify(12, ~0u), 0u);
  EXPECT_EQ(queues.notify(8 + 64 * 4, ~0u), 1u);
  EXPECT_EQ(b.woken, 1);
  EXPECT_EQ(queues.notify(8, ~0u), 1u);
  EXPECT_EQ(queues.notify((uint64_t{1} << 32) + 8, ~0u), 1u);
  for (Parked* one : {&a, &b, &c}) EXPECT_EQ(queues.finish(one->waiter), 0u);
}

// Fault: notify counts none of those that it woke.
TEST(WaitQueue, CountIsUnsigned) {
  for (uint32_t count : {0x80000000u, 0xFFFFFFFFu}) {
    WaitQueues queues;
    Parked p[3];
    for (Parked& one : p) ASSERT_TRUE(queues.enqueue_if(one.waiter, 4, kEqual));
    EXPECT_EQ(queues.notify(4, 0), 0u);
    EXPECT_EQ(queues.notify(4, count), 3u);
    for (Parked& one : p) EXPECT_EQ(queues.finish(one.waiter), 0u);
  }
}

// Fault: a waiter is queued in front.
TEST(WaitQueue, SnapshotIsByAddressThenOrder) {
  WaitQueues queues;
  Parked p[4];
  const uint64_t at[] = {100, 8, 100, 4};
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(queues.enqueue_if(p[i].waiter, at[i], kEqual));
  const auto entries = queues.snapshot();
  ASSERT_EQ(entries.size(), 4u);
  EXPECT_EQ(entries[0].waiter, &p[3].waiter);
  EXPECT_EQ(entries[1].waiter, &p[1].waiter);
  EXPECT_EQ(entries[2].waiter, &p[0].waiter);
  EXPECT_EQ(entries[3].waiter, &p[2].waiter);
  for (Parked& one : p) queues.finish(one.waiter);
}

// Each notified waiter is counted by exactly one notify, whatever cancels at the same time.
TEST(WaitQueueThreads, NotifiesAndTimeoutsConserveWaiters) {
  WaitQueues queues;
  constexpr int kWaiters = 3, kRounds = 300;
  std::atomic<uint64_t> notified{0}, returned{0};
  std::atomic<int> running{kWaiters};
  std::vector<std::thread> threads;
  for (int t = 0; t < kWaiters; ++t) {
    threads.emplace_back([&] {
      Waiter waiter;
      for (int i = 0; i < kRounds; ++i) {
        ASSERT_TRUE(queues.enqueue_if(waiter, 16, kEqual));
        if (i % 2) std::this_thread::yield();
        if (queues.finish(waiter) == 0) ++returned;
      }
      --running;
    });
  }
  threads.emplace_back([&] {
    while (running.load() > 0) notified += queues.notify(16, 1);
  });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(notified.load(), returned.load());
  EXPECT_TRUE(queues.snapshot().empty());
}

}  // namespace
}  // namespace weft::machine
