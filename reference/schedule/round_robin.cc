// Round-robin: after each step the next agent in order of creation.
#include "reference/schedule/random_numbers.h"
#include "reference/schedule/scheduler.h"

namespace weft::schedule {
namespace {

class RoundRobin final : public Scheduler {
 public:
  explicit RoundRobin(uint64_t seed) : seed_(seed), numbers_(seed) {}
  bool new_execution() override {
    numbers_ = RandomNumbers(seed_);
    return true;
  }
  uint32_t next_thread(const Moment& moment) override {
    for (uint32_t i = 0; i < moment.enabled.size(); i++) {
      if (moment.last != kNobody && moment.enabled[i] > moment.last) return i;
    }
    return 0;
  }
  uint64_t next_random() override { return numbers_.next(); }
  uint64_t seed() const override { return seed_; }

 private:
  const uint64_t seed_;
  RandomNumbers numbers_;
};

}  // namespace

std::unique_ptr<Scheduler> make_round_robin(uint64_t seed) {
  return std::make_unique<RoundRobin>(seed);
}

}  // namespace weft::schedule
