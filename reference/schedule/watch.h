// Looks from outside whether deterministic executions still make steps, and asks an agent that has
// computed for long without one to stand back (machine threads test the stop word). One watch, one
// OS thread, for any number of executions after each other.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

namespace weft::schedule {

class Watch {
 public:
  // Between one and two times `milliseconds` without a step are enough.
  explicit Watch(unsigned milliseconds);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // Around an execution. `stop` is set to 1 when it hangs.
  void begin(std::atomic<uint32_t>& stop);
  void end();
  void made_step() { progress_.fetch_add(1, std::memory_order_relaxed); }

 private:
  void look();

  const unsigned milliseconds_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<uint32_t>* stop_ = nullptr;
  bool over_ = false;
  std::atomic<uint64_t> progress_{0};
  std::thread thread_;
};

}  // namespace weft::schedule
