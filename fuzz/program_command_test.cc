// Faults that these tests catch: a hash that leaves out the memories (tried: the loop over them
// removed, and the changed byte goes unseen), an expected value that is not compared.
#include "fuzz/program_command.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "reference/machine/instance.h"
#include "reference/machine/thread.h"

namespace weft::fuzz {
namespace {

// How _start ends.
machine::Stop end_of(const Bytes& bytes) {
  const auto loaded = module::load_module(bytes);
  EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error().message);
  if (!loaded) return machine::Stop::kStopped;
  const auto instance = machine::Instance::create(*loaded, machine::Imports{});
  EXPECT_TRUE(instance);
  machine::Thread thread;
  thread.start(*(*instance)->exported_function("_start"), {});
  return thread.run(machine::Until::kBlocked);
}

TEST(ProgramCommand, EndsWellAsItIsAndTrapsWhereAByteOfMemoryDiffers) {
  constexpr uint64_t kInputs = 200;
  size_t programs = 0, seen = 0;
  for (uint64_t i = 0; i < kInputs; ++i) {
    auto module = generate_command(random_input(5, i));
    if (!module) continue;
    ++programs;
    ASSERT_EQ(end_of(*module), machine::Stop::kFinished) << i;
    // Into an active data segment.
    const Bytes segment = {100, 107, 114, 121, 128, 135};
    const auto at = std::search(module->begin(), module->end(), segment.begin(), segment.end());
    if (at == module->end()) continue;
    at[5] ^= 1;
    seen += end_of(*module) == machine::Stop::kTrapped;
  }
  EXPECT_GT(programs * 10, kInputs * 6);
  EXPECT_GT(seen * 10, programs * 8);
}

TEST(ProgramCommand, TheSameSeedAndNumberGiveTheSameProgram) {
  EXPECT_EQ(random_input(1, 2), random_input(1, 2));
  EXPECT_NE(random_input(1, 2), random_input(1, 3));
  EXPECT_EQ(generate_command(random_input(1, 2)), generate_command(random_input(1, 2)));
}

// Read as WebAssembly 2.0 with threads, which has no second memory and no 64-bit one.
TEST(ProgramCommand, PlainOnesAreReadWithoutTheYoungerProposals) {
  size_t plain = 0, others = 0;
  const auto reads = [](std::optional<Bytes> module) {
    return module && module::load_module(*module, module::Language::threads()).has_value();
  };
  for (uint64_t i = 0; i < 60; ++i) {
    const auto module = generate_command(random_input(6, i), true);
    if (!module) continue;
    ++plain;
    EXPECT_TRUE(reads(module)) << i;
    others += reads(generate_command(random_input(6, i)));
  }
  EXPECT_GT(plain, 30u);
  EXPECT_LT(others, plain);
}

}  // namespace
}  // namespace weft::fuzz
