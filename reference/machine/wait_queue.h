// The wait queues of one shared memory (threads proposal, exec "wait and notify"): FIFO per
// effective address, shared by wait32, wait64 and notify. Owns who waits where; knows no clock and
// never blocks: who waits, parks (schedule/), and `Waiter::wake` tells the parker.
//
// Thread-safe: every operation is one step under the lock of the address's bucket.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

namespace weft::machine {

class WaitQueues;

// One suspended agent. Belongs to the thread that waits and must stay where it is until
// WaitQueues::finish has returned.
struct Waiter {
  enum class State : uint8_t { kIdle, kQueued, kNotified };

  // Called once by the notifier, with the bucket locked, after the waiter has left its queue: wake
  // the parked thread and return; call nothing of WaitQueues. Set by the scheduler; may be empty.
  void (*wake)(Waiter& waiter) = nullptr;
  void* parker = nullptr;  // for `wake`

  WaitQueues* queues = nullptr;  // where it waits; null when idle
  uint64_t address = 0;          // effective address, in bytes
  State state = State::kIdle;    // guarded by the bucket's lock
  Waiter* previous = nullptr;
  Waiter* next = nullptr;
};

class WaitQueues {
 public:
  // Compare-and-enqueue in one step: `still_equal` reads the cell (seq_cst) under the lock; when it
  // is true the waiter joins the end of the queue of `address`. False: "not-equal", nothing done.
  template <typename StillEqual>
  bool enqueue_if(Waiter& waiter, uint64_t address, StillEqual&& still_equal) {
    Bucket& bucket = bucket_of(address);
    std::lock_guard lock(bucket.mutex);
    if (!still_equal()) return false;
    append(bucket, waiter, address);
    return true;
  }

  // Removes up to `count` waiters of `address`, first come first, and wakes them. Returns how many.
  uint32_t notify(uint64_t address, uint32_t count);

  // Ends a wait, whatever the reason: 0 when a notify had selected the waiter (even if its deadline
  // has passed), else 2, and the waiter has left the queue.
  uint32_t finish(Waiter& waiter);

  // Has a notify selected it? For a parker that was woken for an unclear reason.
  bool notified(const Waiter& waiter) const;

  struct Entry {
    uint64_t address;
    const Waiter* waiter;
  };
  // All waiters, by address, then in queue order: for deadlock reports and tests.
  std::vector<Entry> snapshot() const;

 private:
  struct Bucket {
    mutable std::mutex mutex;
    Waiter* first = nullptr;
    Waiter* last = nullptr;
  };
  static constexpr size_t kBuckets = 64;

  Bucket& bucket_of(uint64_t address) { return buckets_[index_of(address)]; }
  static size_t index_of(uint64_t address) { return (address >> 2) % kBuckets; }
  static void append(Bucket& bucket, Waiter& waiter, uint64_t address);
  static void remove(Bucket& bucket, Waiter& waiter);

  std::array<Bucket, kBuckets> buckets_;
};

}  // namespace weft::machine
