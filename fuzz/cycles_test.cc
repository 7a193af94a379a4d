// Faults that these tests catch: canonical() that compares annotations before the shape (two cycles
// get one name), a Wse chain whose second write takes the first one's value.
#include "fuzz/cycles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace weft::fuzz {
namespace {

using enum Communication;
using enum Access;

TEST(Cycles, NamesAreUniqueAndTheEnumerationIsInAFixedOrder) {
  CycleOptions options;
  options.max_threads = 3;
  options.accesses = {kPlain, kAtomic, kRmw};
  options.betweens = {Between::kNothing, Between::kFence};
  options.widths = {16, 32};
  std::vector<std::string> first, second;
  const auto collect = [&options](std::vector<std::string>& names) {
    enumerate_cycles(options, [&](const Cycle& cycle) {
      names.push_back(name_of(cycle));
      return true;
    });
  };
  collect(first);
  collect(second);
  EXPECT_EQ(first, second);
  EXPECT_EQ(std::set<std::string>(first.begin(), first.end()).size(), first.size());
  EXPECT_GT(first.size(), 10'000u);
}

TEST(Cycles, EveryRotationHasTheSameCanonicalForm) {
  Cycle cycle;
  cycle.threads = {{false, kRfe, kAtomic, kPlain}, {false, kFre, kPlain, kRmw}, {true, kRfe, kRmw}};
  const std::string name = name_of(cycle);
  for (int i = 0; i < 3; ++i) {
    std::rotate(cycle.threads.begin(), cycle.threads.begin() + 1, cycle.threads.end());
    EXPECT_EQ(name_of(cycle), name);
  }
}

TEST(Cycles, SixShapesOfTwoThreadsHaveTheirNames) {
  CycleOptions options;
  options.max_threads = 2;
  options.accesses = {kAtomic};
  std::map<std::string, std::string> outcomes;
  enumerate_cycles(options, [&](const Cycle& cycle) {
    const CycleTest test = test_of(cycle);
    outcomes[test.name] = test.outcome;
    return true;
  });
  const std::map<std::string, std::string> want = {
      {"SB+aa-aa", "0:r0=0 1:r0=0"}, {"MP+aa-aa", "1:r0=1 1:r1=0"}, {"LB+aa-aa", "0:r0=1 1:r0=1"},
      {"S+aa-aa", "1:r0=1 [x0]=2"},  {"R+aa-aa", "0:r0=0 [x0]=2"},  {"2+2W+aa-aa", "[x0]=2 [x1]=2"},
  };
  ASSERT_EQ(outcomes.size(), 6u);
  for (const auto& [name, outcome] : outcomes) {
    ASSERT_TRUE(want.count(name)) << name;
    // Which thread comes first is the canonical form's affair; the values are not.
    EXPECT_EQ(outcome.size(), want.at(name).size()) << name << " " << outcome;
  }
}

TEST(Cycles, StoreBufferingIsWrittenAsTheDocumentShowsIt) {
  Cycle cycle;
  cycle.threads = {{false, kFre, kAtomic, kAtomic}, {false, kFre, kAtomic, kAtomic}};
  const CycleTest test = test_of(cycle);
  EXPECT_EQ(test.name, "SB+aa-aa");
  EXPECT_EQ(test.text,
            "litmus SB+aa-aa\ninit i32 x0=0 x1=0\n"
            "thread 0\n  i32.atomic.store x0 1\n  r0 = i32.atomic.load x1\n"
            "thread 1\n  i32.atomic.store x1 1\n  r0 = i32.atomic.load x0\n");
  EXPECT_EQ(test.outcome, "0:r0=0 1:r0=0");
}

TEST(Cycles, AWriteAfterAWriteIsObservedAtTheEnd) {
  Cycle cycle;
  cycle.threads = {{false, kWse, kRmw, kCmpxchg}, {false, kWse, kAtomic, kAtomic}};
  const CycleTest test = test_of(cycle);
  EXPECT_NE(test.text.find("observe i32 x0\nobserve i32 x1\n"), std::string::npos) << test.text;
  EXPECT_NE(test.outcome.find("[x0]=2 [x1]=2"), std::string::npos) << test.outcome;
}

}  // namespace
}  // namespace weft::fuzz
