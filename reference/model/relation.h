// A strict partial order on at most 64 events, kept transitively closed as bit rows. Adding an edge
// is a few word operations; nothing is allocated. Knows nothing of what the order means.
#pragma once

#include <bit>
#include <cstdint>

namespace weft::model {

using Mask = uint64_t;

constexpr Mask bit(unsigned event) { return Mask{1} << event; }
constexpr bool has(Mask mask, unsigned event) { return mask >> event & 1; }
// Calls `f(i)` for each set bit, lowest first.
template <typename F>
constexpr void each_bit(Mask mask, F&& f) {
  for (; mask != 0; mask &= mask - 1) f(static_cast<unsigned>(std::countr_zero(mask)));
}

class Relation {
 public:
  void reset(unsigned events) {
    events_ = events;
    for (unsigned i = 0; i < events; ++i) after_[i] = before_[i] = 0;
  }
  void copy(const Relation& other) {
    events_ = other.events_;
    for (unsigned i = 0; i < events_; ++i) {
      after_[i] = other.after_[i];
      before_[i] = other.before_[i];
    }
  }

  unsigned events() const { return events_; }
  Mask after(unsigned event) const { return after_[event]; }
  Mask before(unsigned event) const { return before_[event]; }
  bool less(unsigned a, unsigned b) const { return has(after_[a], b); }

  // Adds a < b and what follows by transitivity; false if that made a cycle (then the relation is
  // unchanged).
  bool add(unsigned a, unsigned b) {
    if (has(after_[a], b)) return true;
    if (a == b || has(after_[b], a)) return false;
    const Mask down = before_[a] | bit(a), up = after_[b] | bit(b);
    each_bit(down, [&](unsigned x) { after_[x] |= up; });
    each_bit(up, [&](unsigned y) { before_[y] |= down; });
    return true;
  }

  // The caller gives rows that are already closed (program order, built row by row).
  void set_before(unsigned event, Mask before) {
    before_[event] = before;
    each_bit(before, [&](unsigned x) { after_[x] |= bit(event); });
  }

 private:
  unsigned events_ = 0;
  Mask after_[64], before_[64];
};

}  // namespace weft::model
