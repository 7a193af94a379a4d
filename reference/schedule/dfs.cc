// Plain depth-first enumeration of all choice sequences, no reduction. The state of the exploration
// is one value (DfsState), which can be stored and taken up again.
#include "reference/schedule/random_numbers.h"
#include "reference/schedule/scheduler.h"

namespace weft::schedule {
namespace {

class Dfs final : public Scheduler {
 public:
  explicit Dfs(DfsState& state) : state_(state) {}

  bool new_execution() override {
    numbers_ = RandomNumbers(0);
    depth_ = 0;
    if (state_.finished) return false;
    if (!state_.started) {
      state_.started = true;
      return true;
    }
    while (!state_.path.empty() &&
           state_.path.back().index + 1 >= state_.path.back().alternatives) {
      state_.path.pop_back();
    }
    if (state_.path.empty()) {
      state_.finished = true;
      return false;
    }
    state_.path.back().index++;
    return true;
  }
  uint32_t next_thread(const Moment& moment) override {
    return choose(static_cast<uint32_t>(moment.enabled.size()));
  }
  uint32_t next_outcome(uint32_t n) override { return choose(n); }
  uint64_t next_random() override { return numbers_.next(); }
  bool any_time_expires() const override { return true; }
  uint64_t seed() const override { return 0; }

 private:
  uint32_t choose(uint32_t alternatives) {
    if (depth_ == state_.path.size()) state_.path.push_back({0, alternatives});
    return state_.path[depth_++].index;
  }

  DfsState& state_;
  size_t depth_ = 0;
  RandomNumbers numbers_;
};

}  // namespace

std::unique_ptr<Scheduler> make_dfs(DfsState& state) { return std::make_unique<Dfs>(state); }

}  // namespace weft::schedule
