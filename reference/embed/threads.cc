#include "reference/embed/threads.h"

namespace weft::embed {

std::optional<uint32_t> ThreadIds::take() {
  const std::lock_guard lock(mutex_);
  if (living_.size() >= most_) return std::nullopt;
  while (true) {
    const uint32_t tid = next_;
    next_ = next_ + 1 < kEnd ? next_ + 1 : 1;
    if (living_.insert(tid).second) return tid;
  }
}

void ThreadIds::release(uint32_t tid) {
  const std::lock_guard lock(mutex_);
  living_.erase(tid);
}

void ThreadIds::reset() {
  const std::lock_guard lock(mutex_);
  living_.clear();
  next_ = 1;
}

size_t ThreadIds::living() const {
  const std::lock_guard lock(mutex_);
  return living_.size();
}

}  // namespace weft::embed
