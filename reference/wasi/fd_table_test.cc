#include "reference/wasi/fd_table.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace weft::wasi {
namespace {

std::shared_ptr<Descriptor> object(const char* name = "") {
  auto d = std::make_shared<Descriptor>(std::make_shared<Buffer>(), 0);
  d->preopen = name;
  return d;
}

TEST(WasiFdTable, NumbersAreUniqueAndReused) {
  FdTable table;
  uint32_t a, b, c;
  ASSERT_EQ(table.insert(object(), a), Errno::success);
  ASSERT_EQ(table.insert(object(), b), Errno::success);
  EXPECT_NE(a, b);
  EXPECT_EQ(table.close(a), Errno::success);
  EXPECT_EQ(table.close(a), Errno::badf);
  EXPECT_EQ(table.get(a), nullptr);
  ASSERT_EQ(table.insert(object(), c), Errno::success);
  EXPECT_EQ(c, a);
}

TEST(WasiFdTable, AFullTableRefusesAndRecovers) {
  FdTable table;
  uint32_t number = 0;
  for (uint32_t i = 0; i < FdTable::kLimit; i++) {
    ASSERT_EQ(table.insert(object(), number), Errno::success);
  }
  EXPECT_EQ(table.insert(object(), number), Errno::nfile);
  ASSERT_EQ(table.close(77), Errno::success);
  ASSERT_EQ(table.insert(object(), number), Errno::success);
  EXPECT_EQ(number, 77u);
}

TEST(WasiFdTable, AnObjectLivesUntilItsLastUserIsDone) {
  FdTable table;
  uint32_t number;
  ASSERT_EQ(table.insert(object("held"), number), Errno::success);
  const auto held = table.get(number);
  ASSERT_EQ(table.close(number), Errno::success);
  EXPECT_TRUE(held->is_closed());
  EXPECT_EQ(held->preopen, "held");
}

// Each opener checks that the number it got names the object it put there until it closes it.
TEST(WasiFdTableThreads, NobodyEverSeesAnotherObjectUnderHisNumber) {
  FdTable table;
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 4; t++) {
    threads.emplace_back([&] {
      for (int i = 0; i < 5000; i++) {
        auto mine = object();
        uint32_t number;
        if (table.insert(mine, number) != Errno::success) wrong++;
        if (table.get(number) != mine) wrong++;
        if (table.close(number) != Errno::success) wrong++;
      }
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(table.open_count(), 0u);
}

// P1-014: a number that is renumbered onto is never unused and never names a third object.
TEST(WasiFdTableThreads, RenumberIsOneStep) {
  FdTable table;
  uint32_t target, other;
  ASSERT_EQ(table.insert(object("x"), target), Errno::success);
  std::atomic<bool> done{false};
  std::atomic<int> wrong{0};
  std::thread reader([&] {
    while (!done) {
      const auto seen = table.get(target);
      if (!seen || seen->preopen != "x") wrong++;
    }
  });
  std::thread opener([&] {
    while (!done) {
      uint32_t number;
      if (table.insert(object("y"), number) != Errno::success) continue;
      table.close(number);
    }
  });
  for (int i = 0; i < 20'000; i++) {
    ASSERT_EQ(table.insert(object("x"), other), Errno::success);
    ASSERT_EQ(table.renumber(other, target), Errno::success);
  }
  done = true;
  reader.join();
  opener.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace weft::wasi
