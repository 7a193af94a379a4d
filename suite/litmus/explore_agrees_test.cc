// Two of the four ways to run must agree: what depth-first exploration of the reference finds is
// exactly the model's tier `sc`, for every handwritten litmus test that is small enough.
// Fault that this catches: a store of the interpreter that is not one step (or the model's).
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "reference/embed/litmus_run.h"
#include "reference/model/model.h"
#include "suite/litmus/library_for_tests.h"
#include "suite/litmus/to_shape.h"
#include "suite/litmus/to_wat.h"

namespace weft::suite::litmus {
namespace {

// Executions beyond which a test is too large for plain enumeration.
constexpr uint64_t kMost = 30'000;

// Registers of a thread that waits or trapped are not results of its function: left out.
std::string comparable(const std::string& outcome) {
  std::istringstream words(outcome);
  std::vector<std::string> kept;
  std::set<std::string> stopped;
  for (std::string word; words >> word;) {
    if (word.ends_with(":waiting") || word.ends_with(":trap")) {
      stopped.insert(word.substr(0, word.find(':') + 1));
    }
    kept.push_back(word);
  }
  std::string text;
  for (const std::string& word : kept) {
    const std::string thread = word.substr(0, word.find(':') + 1);
    if (word.find('=') != std::string::npos && word[0] != '[' && stopped.contains(thread)) continue;
    text += word + " ";
  }
  return text;
}

TEST(LitmusLibrary, DepthFirstExplorationFindsExactlyTheModelsScSet) {
  model::Oracle oracle;
  unsigned compared = 0, too_large = 0;
  for_each_library_test([&](const LitmusTest& test, const model::Program& program) {
    auto set = oracle.allowed(program, model::tier_bit(model::Tier::sc));
    ASSERT_TRUE(set.has_value()) << test.name << ": " << set.error().message;
    const model::OutcomeLayout layout(program);
    std::set<std::string> expected;
    // The model lets a timed wait last for ever; in an execution every timeout comes.
    const bool waits_for_ever = why_not_batched(test).find("without timeout") != std::string::npos;
    for (const model::AllowedOutcome& outcome : set->outcomes) {
      const std::string text = comparable(model::to_text(layout, outcome.outcome));
      if (!waits_for_ever && text.find(":waiting") != std::string::npos) continue;
      if (outcome.tiers & model::tier_bit(model::Tier::sc)) expected.insert(text);
    }
    auto module = to_module(test);
    ASSERT_TRUE(module.has_value()) << module.error().message;
    schedule::DfsState state;
    const auto scheduler = schedule::make_dfs(state);
    auto run = embed::LitmusRun::make(*module, to_shape(test), *scheduler);
    ASSERT_TRUE(run.has_value()) << test.name << ": " << run.error().message;
    while ((*run)->outcomes().total() < kMost && (*run)->next()) {
    }
    std::set<std::string> found;
    for (const embed::Outcome& outcome : (*run)->outcomes().sorted()) {
      found.insert(comparable(outcome.text));
    }
    if (!state.finished && (*run)->next()) {
      too_large++;
      EXPECT_TRUE(std::includes(expected.begin(), expected.end(), found.begin(), found.end()))
          << test.name;
      return;
    }
    EXPECT_EQ(found, expected) << test.file << ": " << test.name;
    compared++;
  });
  RecordProperty("compared", static_cast<int>(compared));
  RecordProperty("too_large", static_cast<int>(too_large));
  EXPECT_GE(compared, 100u) << too_large << " are too large";
}

}  // namespace
}  // namespace weft::suite::litmus
