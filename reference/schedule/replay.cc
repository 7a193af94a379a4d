// Replay: the choices of a token, once.
#include <utility>

#include "reference/schedule/random_numbers.h"
#include "reference/schedule/scheduler.h"

namespace weft::schedule {
namespace {

class Replay final : public Scheduler {
 public:
  explicit Replay(TokenReader reader) : reader_(std::move(reader)), numbers_(reader_.seed()) {}
  bool new_execution() override {
    if (std::exchange(done_, true)) return false;
    reader_.rewind();
    numbers_ = RandomNumbers(reader_.seed());
    return true;
  }
  uint32_t next_thread(const Moment& moment) override {
    const uint32_t index = reader_.next(static_cast<uint32_t>(moment.enabled.size()));
    return reader_.diverged() ? kNobody : index;
  }
  uint32_t next_outcome(uint32_t n) override {
    return reader_.any_time_expires() ? reader_.next(n) : 0;
  }
  uint64_t next_random() override { return numbers_.next(); }
  bool any_time_expires() const override { return reader_.any_time_expires(); }
  uint64_t seed() const override { return reader_.seed(); }
  uint32_t program() const override { return reader_.program(); }
  uint64_t most_steps() const override {
    return reader_.cut_off_at() != 0 ? reader_.cut_off_at() : UINT64_MAX;
  }
  // Ending before the token does is one, too.
  bool diverged() const override { return reader_.diverged() || (done_ && !reader_.at_end()); }

 private:
  TokenReader reader_;
  RandomNumbers numbers_;
  bool done_ = false;
};

}  // namespace

std::unique_ptr<Scheduler> make_replay(TokenReader reader) {
  return std::make_unique<Replay>(std::move(reader));
}

}  // namespace weft::schedule
