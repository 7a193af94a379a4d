// Events of an execution: what one instruction step does to the shared memories (threads proposal,
// core/exec/relaxed: actions; the tables of docs/memory-model.md). Values only; knows no program,
// no axiom and no search.
#pragma once

#include <cstdint>

namespace weft::model {

enum class Order : uint8_t { unordered, seqcst, init };

enum class Act : uint8_t { none, read, write, rmw };

// What an event does in one region: the bytes of a memory, or its length. The length is one
// indivisible unit (offset 0, size 1) whose value is a number of bytes.
struct Access {
  Act act = Act::none;
  Order order = Order::unordered;
  bool no_tears = false;  // the flag NOTEARS: an aligned plain integer of at most 32 bits
  uint8_t memory = 0;
  uint64_t offset = 0;
  uint64_t size = 0;

  bool reads() const { return act == Act::read || act == Act::rmw; }
  bool writes() const { return act == Act::write || act == Act::rmw; }
  bool covers(uint64_t byte) const { return byte >= offset && byte - offset < size; }
};

// What an event does to the queue of waiters of an address. `fence` is no action of the
// specification: in the tier `intended` all fences are ordered like the events of one queue.
enum class QueueAct : uint8_t { none, wait, woken, timeout, notify, fence };

struct Queueing {
  QueueAct act = QueueAct::none;
  uint8_t memory = 0;
  uint64_t address = 0;
  uint32_t woken = 0;  // notify: how many it woke (j)
  uint32_t most = 0;   // notify: how many it may wake (k)
};

inline constexpr int kParent = -1;    // allocates, stores the initial values
inline constexpr int kObserver = -2;  // the parent after all threads have ended

struct Event {
  int thread = kParent;
  Access data;    // bytes of a memory
  Access length;  // the length of a memory: size, grow, bounds checks that a grow can decide
  Queueing queue;
};

// overlap(a,b): same region and ranges that meet (the text says union: a slip).
inline bool overlap(const Access& a, const Access& b) {
  return a.memory == b.memory && a.offset < b.offset + b.size && b.offset < a.offset + a.size;
}

// same(a,b): same region and equal ranges.
inline bool same(const Access& a, const Access& b) {
  return a.memory == b.memory && a.offset == b.offset && a.size == b.size;
}

// sync(a,b): both SC, and equal ranges. Overlap is not enough.
inline bool sync(const Access& a, const Access& b) {
  return a.order == Order::seqcst && b.order == Order::seqcst && same(a, b);
}

// tearfree(a): RMW, SC, or unordered with NOTEARS; never the initial bytes.
inline bool tear_free(const Access& a) {
  return a.order == Order::seqcst || (a.order == Order::unordered && a.no_tears);
}

}  // namespace weft::model
