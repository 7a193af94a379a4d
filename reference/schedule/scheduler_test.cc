#include "reference/schedule/scheduler.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace weft::schedule {
namespace {

TEST(Schedulers, AreMadeFromTheirNames) {
  for (const char* text :
       {"round-robin", "random:1", "random:0xFF", "pct:3:9", "replay:AgAAAAAAAAA"}) {
    EXPECT_TRUE(make_scheduler(text)) << text;
  }
  for (const char* text :
       {"", "random", "random:", "random:x", "pct:3", "pct:0:1", "pct:1001:1",
        "replay:", "replay:!", "replay:@/nowhere", "dfs", "dfs:1", "round-robin:1"}) {
    EXPECT_FALSE(make_scheduler(text)) << text;
  }
}

TEST(Schedulers, RoundRobinTakesTheNextInOrderOfCreation) {
  const auto scheduler = make_round_robin(0);
  scheduler->new_execution();
  const uint32_t enabled[] = {0, 2, 5};
  EXPECT_EQ(scheduler->next_thread({enabled, kNobody, 0}), 0u);
  EXPECT_EQ(scheduler->next_thread({enabled, 0, 1}), 1u);
  EXPECT_EQ(scheduler->next_thread({enabled, 3, 2}), 2u);
  EXPECT_EQ(scheduler->next_thread({enabled, 5, 3}), 0u);
}

TEST(Schedulers, RandomIsUniformAndRepeatsWithItsSeed) {
  const uint32_t enabled[] = {0, 1, 2, 3};
  std::map<uint32_t, int> seen;
  const auto one = make_random(42), other = make_random(42);
  one->new_execution();
  other->new_execution();
  for (uint64_t i = 0; i < 40'000; i++) {
    const uint32_t choice = one->next_thread({enabled, 0, i});
    ASSERT_EQ(choice, other->next_thread({enabled, 0, i}));
    seen[choice]++;
  }
  for (uint32_t i = 0; i < 4; i++) EXPECT_NEAR(seen[i], 10'000, 500);
  EXPECT_EQ(one->next_random(), other->next_random());
  one->new_execution();
  EXPECT_EQ(one->seed(), 43u) << "each execution has a stream of its own";
}

TEST(Schedulers, PctRunsOneAgentUntilAChangePoint) {
  const uint32_t enabled[] = {0, 1, 2};
  const auto scheduler = make_pct(3, 5);
  std::set<uint32_t> firsts;
  for (int execution = 0; execution < 50; execution++) {
    scheduler->new_execution();
    uint32_t last = kNobody;
    int changes = 0;
    for (uint64_t step = 0; step < 1000; step++) {
      const uint32_t choice = scheduler->next_thread({enabled, last, step});
      if (last == kNobody) firsts.insert(choice);
      if (last != kNobody && choice != last) changes++;
      last = choice;
    }
    EXPECT_LE(changes, 2) << "depth 3 has two change points";
  }
  EXPECT_EQ(firsts.size(), 3u);
}

TEST(Schedulers, PctLetsOthersGoWhenAnAgentGivesWay) {
  const uint32_t enabled[] = {0, 1};
  const auto scheduler = make_pct(1, 1);
  scheduler->new_execution();
  const uint32_t first = scheduler->next_thread({enabled, kNobody, 0});
  scheduler->yielded(first);
  EXPECT_NE(scheduler->next_thread({enabled, first, 1}), first);
}

// A tree of choices: 2 or 3 alternatives, depending on what was chosen before.
uint32_t walk(Scheduler& scheduler) {
  const uint32_t enabled[] = {0, 1, 2};
  uint32_t path = 1;
  for (int depth = 0; depth < 4; depth++) {
    const size_t alternatives = path % 2 == 0 ? 3 : 2;
    path = path * 4 + scheduler.next_thread({std::span(enabled, alternatives), 0, 0});
  }
  return path;
}

TEST(Schedulers, DepthFirstTriesEverySequenceOnce) {
  DfsState state;
  const auto scheduler = make_dfs(state);
  std::set<uint32_t> seen;
  size_t executions = 0;
  while (scheduler->new_execution()) {
    seen.insert(walk(*scheduler));
    executions++;
  }
  EXPECT_EQ(seen.size(), executions);
  // Counted by hand: f(odd, 0) = f(even, 0) = 1; f(odd, n) = f(even, n-1) + f(odd, n-1);
  // f(even, n) = 2 f(even, n-1) + f(odd, n-1): 2/3, 5/8, 13/21, 34/55.
  EXPECT_EQ(executions, 34u);
  EXPECT_FALSE(scheduler->new_execution());
}

TEST(Schedulers, AStoredExplorationGoesOnWhereItWas) {
  DfsState state;
  std::set<uint32_t> seen;
  size_t executions = 0;
  for (bool more = true; more;) {
    DfsState stored = state;  // what a file would hold
    const auto scheduler = make_dfs(stored);
    for (int i = 0; i < 5 && (more = scheduler->new_execution()); i++) {
      seen.insert(walk(*scheduler));
      executions++;
    }
    state = stored;
  }
  EXPECT_EQ(executions, 34u);
  EXPECT_EQ(seen.size(), 34u);
}

TEST(Schedulers, ReplayNoticesThatTheProgramIsAnother) {
  Choices choices;
  choices.list = {{1, 2}, {1, 2}};
  const auto scheduler = make_scheduler("replay:" + choices.token());
  ASSERT_TRUE(scheduler);
  ASSERT_TRUE((*scheduler)->new_execution());
  const uint32_t enabled[] = {0, 1};
  EXPECT_EQ((*scheduler)->next_thread({enabled, 0, 0}), 1u);
  EXPECT_TRUE((*scheduler)->diverged()) << "a choice is left";
  EXPECT_EQ((*scheduler)->next_thread({enabled, 0, 0}), 1u);
  EXPECT_FALSE((*scheduler)->diverged());
  EXPECT_EQ((*scheduler)->next_thread({enabled, 0, 0}), kNobody) << "behind the token's end";
  EXPECT_TRUE((*scheduler)->diverged());
  EXPECT_FALSE((*scheduler)->new_execution()) << "once";
}

}  // namespace
}  // namespace weft::schedule
