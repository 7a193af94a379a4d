#include "reference/machine/wait_queue.h"

#include <map>

namespace weft::machine {

void WaitQueues::append(Bucket& bucket, Waiter& waiter, uint64_t address) {
  waiter.address = address;
  waiter.state = Waiter::State::kQueued;
  waiter.previous = bucket.last;
  waiter.next = nullptr;
  (bucket.last ? bucket.last->next : bucket.first) = &waiter;
  bucket.last = &waiter;
}

void WaitQueues::remove(Bucket& bucket, Waiter& waiter) {
  (waiter.previous ? waiter.previous->next : bucket.first) = waiter.next;
  (waiter.next ? waiter.next->previous : bucket.last) = waiter.previous;
  waiter.previous = waiter.next = nullptr;
}

uint32_t WaitQueues::notify(uint64_t address, uint32_t count) {
  Bucket& bucket = bucket_of(address);
  std::lock_guard lock(bucket.mutex);
  uint32_t woken = 0;
  for (Waiter* waiter = bucket.first; waiter && woken < count;) {
    Waiter* const next = waiter->next;
    if (waiter->address == address) {
      remove(bucket, *waiter);
      waiter->state = Waiter::State::kNotified;
      ++woken;
      if (waiter->wake) waiter->wake(*waiter);
    }
    waiter = next;
  }
  return woken;
}

uint32_t WaitQueues::finish(Waiter& waiter) {
  Bucket& bucket = bucket_of(waiter.address);
  std::lock_guard lock(bucket.mutex);
  const bool notified = waiter.state == Waiter::State::kNotified;
  if (waiter.state == Waiter::State::kQueued) remove(bucket, waiter);
  waiter.state = Waiter::State::kIdle;
  return notified ? 0 : 2;
}

bool WaitQueues::notified(const Waiter& waiter) const {
  const Bucket& bucket = buckets_[index_of(waiter.address)];
  std::lock_guard lock(bucket.mutex);
  return waiter.state == Waiter::State::kNotified;
}

std::vector<WaitQueues::Entry> WaitQueues::snapshot() const {
  std::map<uint64_t, std::vector<const Waiter*>> by_address;
  for (const Bucket& bucket : buckets_) {
    std::lock_guard lock(bucket.mutex);
    for (const Waiter* waiter = bucket.first; waiter; waiter = waiter->next) {
      by_address[waiter->address].push_back(waiter);
    }
  }
  std::vector<Entry> entries;
  for (const auto& [address, waiters] : by_address) {
    for (const Waiter* waiter : waiters) entries.push_back({address, waiter});
  }
  return entries;
}

}  // namespace weft::machine
