// Uniformly random: every enabled agent is as likely as the others, at every step.
#include "reference/schedule/random_numbers.h"
#include "reference/schedule/scheduler.h"

namespace weft::schedule {
namespace {

class Random final : public Scheduler {
 public:
  explicit Random(uint64_t seed) : next_seed_(seed) {}
  bool new_execution() override {
    seed_ = next_seed_++;
    choices_ = RandomNumbers(seed_ ^ 0x5C4ED01E);
    numbers_ = RandomNumbers(seed_);
    next_ = choices_.next();
    return true;
  }
  // The next number is drawn ahead: while the machine finds out what the chosen agent does.
  uint32_t next_thread(const Moment& moment) override {
    const uint64_t drawn = next_;
    next_ = choices_.next();
    return RandomNumbers::below(drawn, static_cast<uint32_t>(moment.enabled.size()));
  }
  uint64_t next_random() override { return numbers_.next(); }
  uint64_t seed() const override { return seed_; }

 private:
  uint64_t next_seed_, seed_ = 0;
  RandomNumbers choices_, numbers_;
  uint64_t next_ = 0;
};

}  // namespace

std::unique_ptr<Scheduler> make_random(uint64_t seed) { return std::make_unique<Random>(seed); }

}  // namespace weft::schedule
