// Where one OS thread sleeps until it is woken or a deadline has passed, on Linux's futex: absolute
// monotonic deadlines in nanoseconds, never early. Knows no agent.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

namespace weft::schedule {

// Nanoseconds of CLOCK_MONOTONIC.
uint64_t monotonic_now();
// `timeout` in nanoseconds from `now`; empty: no end (negative, or beyond what can be said).
std::optional<uint64_t> deadline_after(uint64_t now, int64_t timeout);

class Parker {
 public:
  // Forgets earlier wake-ups. By the owner, before it makes itself findable.
  void reset() { word_.store(0); }
  // Thread-safe; the parker must outlive the call.
  void wake();
  // Returns when woken (now or since reset), when the deadline has passed, or spuriously.
  void park(std::optional<uint64_t> deadline);
  bool woken() const { return word_.load() != 0; }

 private:
  std::atomic<uint32_t> word_{0};
};

}  // namespace weft::schedule
