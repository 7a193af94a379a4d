// Memory: bounds, growth as one step, host copies.
#include "reference/machine/memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <vector>

namespace weft::machine {
namespace {

std::shared_ptr<Memory> make(uint64_t min, std::optional<uint64_t> max, bool shared = true,
                             bool is64 = false) {
  module::MemoryType type;
  type.limits = {min, max, shared, is64};
  auto memory = Memory::create(type);
  EXPECT_TRUE(memory) << (memory ? "" : memory.error().message);
  return memory ? *memory : nullptr;
}

// Fault: grow does not look at the capacity.
TEST(Memory, GrowReturnsThePreviousSizeAndKeepsToTheMaximum) {
  auto memory = make(1, 3);
  EXPECT_EQ(memory->grow(1), 1u);
  EXPECT_EQ(memory->grow(0), 2u);
  EXPECT_EQ(memory->grow(2), kGrowFailed);
  EXPECT_EQ(memory->grow(~uint64_t{0}), kGrowFailed);
  EXPECT_EQ(memory->grow(uint64_t{1} << 63), kGrowFailed);
  EXPECT_EQ(memory->pages(), 2u);
  EXPECT_EQ(memory->grow(1), 2u);
  EXPECT_EQ(memory->pages(), 3u);
}

TEST(Memory, GrowthKeepsBytesAndAddsZeros) {
  auto memory = make(1, 2);
  uint8_t* const base = memory->base();
  ASSERT_TRUE(memory->write<uint32_t>(65532, 0xA1B2C3D4));
  EXPECT_FALSE(memory->read<uint32_t>(65533));
  memory->grow(1);
  EXPECT_EQ(memory->base(), base);
  EXPECT_EQ(memory->read<uint64_t>(65532), 0xA1B2C3D4u);
  EXPECT_FALSE(memory->write<uint64_t>(131065, 1));
}

TEST(Memory, BoundsDoNotWrap) {
  auto memory = make(1, 1);
  EXPECT_TRUE(memory->in_bounds(65536, 0));
  EXPECT_FALSE(memory->in_bounds(65537, 0));
  EXPECT_FALSE(memory->in_bounds(~uint64_t{0}, 2));
  EXPECT_FALSE(memory->in_bounds(1, ~uint64_t{0}));
  EXPECT_FALSE(make(0, 0)->in_bounds(0, 1));
}

// Faults: copy_in or copy_out does not look at the bounds (a crash).
TEST(Memory, HostCopiesAreWholeOrNothing) {
  auto memory = make(1, 1);
  std::vector<uint8_t> bytes(100);
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(i + 1);
  for (uint64_t at : {0, 1, 5, 7, 8, 13}) {
    ASSERT_TRUE(memory->copy_in(at, bytes));
    std::vector<uint8_t> back(100);
    ASSERT_TRUE(memory->copy_out(at, back));
    EXPECT_EQ(bytes, back) << at;
  }
  EXPECT_FALSE(memory->copy_in(65536 - 99, bytes));
  std::vector<uint8_t> over(100);
  EXPECT_FALSE(memory->copy_out(65536 - 99, over));
  EXPECT_EQ(memory->read<uint8_t>(65535), 0);
}

TEST(Memory, MovesAndFillsLikeTheirNaiveForms) {
  for (size_t to : {0, 3, 8, 16, 21}) {
    for (size_t from : {0, 1, 8, 13, 24}) {
      for (size_t size : {0, 1, 7, 8, 9, 31, 40}) {
        alignas(8) uint8_t guest[96];
        std::vector<uint8_t> naive(96);
        for (size_t i = 0; i < 96; ++i) guest[i] = naive[i] = static_cast<uint8_t>(i * 7);
        const std::vector<uint8_t> source(naive.begin() + from, naive.begin() + from + size);
        std::copy(source.begin(), source.end(), naive.begin() + to);
        move_in_guest(guest + to, guest + from, size);
        EXPECT_TRUE(std::equal(naive.begin(), naive.end(), guest))
            << to << " " << from << " " << size;
        std::fill_n(naive.begin() + to, size, uint8_t{0xAB});
        fill_guest(guest + to, 0xAB, size);
        EXPECT_TRUE(std::equal(naive.begin(), naive.end(), guest)) << to << " " << size;
      }
    }
  }
}

TEST(Memory, LimitsOfOursAreErrors) {
  module::MemoryType type;
  type.limits = {kMaxPages64 + 1, std::nullopt, false, true};
  EXPECT_FALSE(Memory::create(type));
}

// Fault: shrink_to does nothing.
TEST(Memory, ShrinkTakesTheLengthBack) {
  auto memory = make(1, 4);
  memory->grow(2);
  ASSERT_TRUE(memory->write<uint64_t>(2 * kPageSize + 8, 0));
  memory->shrink_to(1);
  EXPECT_EQ(memory->pages(), 1u);
  EXPECT_FALSE(memory->read<uint64_t>(2 * kPageSize + 8));
  EXPECT_EQ(memory->grow(2), 1u);
  EXPECT_EQ(memory->read<uint64_t>(2 * kPageSize + 8), 0u);
}

// Every success has its own previous size, and no access below the old length ever fails.
TEST(MemoryGrowThreads, PreviousSizesAreUnique) {
  constexpr uint64_t kThreads = 4, kGrows = 200;
  auto memory = make(1, 1 + kThreads * kGrows);
  std::vector<std::vector<uint64_t>> seen(kThreads);
  std::vector<std::thread> threads;
  std::atomic<bool> failed{false};
  for (uint64_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (uint64_t i = 0; i < kGrows; ++i) {
        const uint64_t before = memory->grow(1);
        seen[t].push_back(before);
        if (!memory->write<uint64_t>(before * kPageSize + 8 * t, i)) failed = true;
        if (!memory->read<uint64_t>(8 * t)) failed = true;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  std::vector<uint64_t> all;
  for (const auto& one : seen) {
    EXPECT_TRUE(std::is_sorted(one.begin(), one.end()));
    all.insert(all.end(), one.begin(), one.end());
  }
  std::sort(all.begin(), all.end());
  for (uint64_t i = 0; i < all.size(); ++i) ASSERT_EQ(all[i], i + 1);
  EXPECT_FALSE(failed);
}

}  // namespace
}  // namespace weft::machine
