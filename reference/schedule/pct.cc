// Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte, ASPLOS 2010): the
// enabled agent of highest priority runs; a bug of depth d is hit with probability at least
// 1 / (n k^(d-1)) for n agents and k steps. An agent that gives way falls behind all others, so
// that a spinning one cannot keep the others from what it waits for.
#include <algorithm>
#include <vector>

#include "reference/schedule/random_numbers.h"
#include "reference/schedule/scheduler.h"

namespace weft::schedule {
namespace {

class Pct final : public Scheduler {
 public:
  Pct(uint32_t depth, uint64_t seed) : depth_(depth), next_seed_(seed) {}

  bool new_execution() override {
    if (steps_ > 0) length_ = steps_ + 1;
    steps_ = 0;
    seed_ = next_seed_++;
    choices_ = RandomNumbers(seed_ ^ 0x9C7);
    numbers_ = RandomNumbers(seed_);
    priorities_.clear();
    lowest_ = 0;
    changes_.clear();
    for (uint32_t i = 1; i < depth_; i++) changes_.push_back(choices_.below(length_));
    std::sort(changes_.begin(), changes_.end());
    next_change_ = 0;
    return true;
  }

  uint32_t next_thread(const Moment& moment) override {
    steps_ = static_cast<uint32_t>(std::min<uint64_t>(moment.step, UINT32_MAX - 2));
    while (next_change_ < changes_.size() && changes_[next_change_] <= moment.step) {
      next_change_++;
      if (moment.last != kNobody) yielded(moment.last);
    }
    uint32_t best = 0;
    for (uint32_t i = 1; i < moment.enabled.size(); i++) {
      if (priority(moment.enabled[i]) > priority(moment.enabled[best])) best = i;
    }
    return best;
  }

  uint64_t next_random() override { return numbers_.next(); }
  void yielded(uint32_t agent) override {
    priority(agent);
    priorities_[agent] = --lowest_;
  }
  uint64_t seed() const override { return seed_; }

 private:
  int64_t priority(uint32_t agent) {
    while (priorities_.size() <= agent) {
      priorities_.push_back(static_cast<int64_t>(choices_.next() >> 2) + 1);
    }
    return priorities_[agent];
  }

  const uint32_t depth_;
  uint64_t next_seed_, seed_ = 0;
  uint32_t length_ = 1000, steps_ = 0;
  RandomNumbers choices_, numbers_;
  std::vector<int64_t> priorities_;  // by agent; below 1: fell behind
  int64_t lowest_ = 0;
  std::vector<uint64_t> changes_;
  size_t next_change_ = 0;
};

}  // namespace

std::unique_ptr<Scheduler> make_pct(uint32_t depth, uint64_t seed) {
  return std::make_unique<Pct>(depth, seed);
}

}  // namespace weft::schedule
