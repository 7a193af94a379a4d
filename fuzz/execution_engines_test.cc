// Faults that these tests catch: a generator whose modules are invalid, or whose calls mostly trap;
// a comparison that takes NaN for a number. i64.extend8_s that extends
// by zeros (tried: program 675 differs).
#include "fuzz/execution_engines.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace weft::fuzz {
namespace {

Bytes random_input(std::mt19937& random) {
  Bytes input(32 + random() % 600);
  for (uint8_t& byte : input) byte = static_cast<uint8_t>(random());
  return input;
}

TEST(Execution, TheReferenceAndWabtAgreeOnGeneratedPrograms) {
  std::mt19937 random(20240611);
  for (int i = 0; i < 2000; ++i) {
    const Bytes input = random_input(random);
    ASSERT_EQ(compare_execution(input), "") << "program " << i;
  }
}

// A comparison shows little where all calls trap or nothing is written.
TEST(Execution, MostCallsOfGeneratedProgramsFinishAndManyWriteMemory) {
  std::mt19937 random(7);
  size_t calls = 0, finished = 0, written = 0;
  std::set<std::string> traps;
  for (int i = 0; i < 400; ++i) {
    const Observed seen =
        run_reference(generate_program(random_input(random)), ReferencePolicy::kNative);
    ASSERT_EQ(seen.refused, "");
    for (const ObservedCall& call : seen.calls) {
      ++calls;
      finished += !call.trapped;
      if (call.trapped) traps.insert(call.trap);
    }
    bool any = false;
    for (uint8_t byte : seen.memory) any |= byte != 0;
    written += any;
  }
  EXPECT_GT(finished * 2, calls);
  EXPECT_GT(written, 40u);
  EXPECT_GE(traps.size(), 6u) << "kinds of traps met";
  RecordProperty("finished", static_cast<int>(finished));
  RecordProperty("calls", static_cast<int>(calls));
  RecordProperty("written", static_cast<int>(written));
}

TEST(Execution, AnyNanEqualsAnyNanAndNothingElseDoes) {
  Observed a, b;
  a.calls.push_back({false, "", {machine::Value{module::ValType::kF32, 0x7FC00000, 0}}});
  b.calls.push_back({false, "", {machine::Value{module::ValType::kF32, 0xFF800001, 0}}});
  EXPECT_EQ(difference(a, b), "");
  b.calls[0].results[0].low = 0x7F800000;
  EXPECT_NE(difference(a, b), "");
  b = a;
  b.calls[0].trapped = true;
  EXPECT_NE(difference(a, b), "");
  b = a;
  b.memory.push_back(0);
  EXPECT_NE(difference(a, b), "");
}

}  // namespace
}  // namespace weft::fuzz
