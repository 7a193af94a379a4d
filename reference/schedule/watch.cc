#include "reference/schedule/watch.h"

#include <chrono>

namespace weft::schedule {

Watch::Watch(unsigned milliseconds) : milliseconds_(milliseconds), thread_([this] { look(); }) {}

Watch::~Watch() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Watch::begin(std::atomic<uint32_t>& stop) {
  const std::lock_guard lock(mutex_);
  stop_ = &stop;
  made_step();
}

void Watch::end() {
  const std::lock_guard lock(mutex_);
  stop_ = nullptr;
}

void Watch::look() {
  std::unique_lock lock(mutex_);
  uint64_t seen = 0;
  while (
      !wake_.wait_for(lock, std::chrono::milliseconds(milliseconds_), [this] { return over_; })) {
    const uint64_t now = progress_.load(std::memory_order_relaxed);
    if (stop_ && now == seen) stop_->store(1);
    seen = now;
  }
}

}  // namespace weft::schedule
