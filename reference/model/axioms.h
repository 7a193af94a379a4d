// The axioms of consistency (threads proposal, core/exec/relaxed), each a small function beside its
// sentence. They look at events, happens-before and a read's sources; they search nothing.
//
// R is a reading event, W the event from which it reads byte k, W' another event that writes in the
// same region.
#pragma once

#include "reference/model/event.h"
#include "reference/model/relation.h"

namespace weft::model {

// "Value-consistent", "happens-before-consistent", part 1 (HB1): a read never reads from a write
// that it happens before: not R hb W.
inline bool reads_from_future(const Relation& hb, unsigned r, unsigned w) { return hb.less(r, w); }

// "Happens-before-consistent", part 2 (HB3): there is no W' that writes byte k with W hb W' hb R,
// whatever its mode and size. Gives those W'.
inline Mask overwriters(const Relation& hb, unsigned r, unsigned w, Mask writers_of_byte) {
  return hb.after(w) & hb.before(r) & writers_of_byte;
}

// "Synchronises with" (HB2): sync(W, R) implies W hb R. As a generating edge of hb.
inline bool synchronises(const Access& w, const Access& r) { return sync(w, r); }

// "No-tear": a tear-free read reads from at most one tear-free write of its own range.
// `sources` are those writes.
inline bool torn(const Access& r, Mask tear_free_same_range_sources) {
  return tear_free(r) && std::popcount(tear_free_same_range_sources) > 1;
}

// "SC-last-visible": for W hb R and every W':
//   (1) W tot W' tot R and sync(W, R)  imply not sync(W', R)
//   (2) W hb  W' tot R                 implies not sync(W', R)
//   (3) W tot W' hb  R                 implies not sync(W, W')
// As demands on tot, which extends hb: (2) R before W'; (3) W' before W; (1) one of both.
// `sync_r` and `sync_w` are the writes W' that synchronise with R and with W (not R, not W).
// Calls edge(clause, from, to) and either(w', w, r) for "W' before W, or R before W'".
// False as soon as a call returns false.
template <typename Edge, typename Either>
bool sc_last_visible(const Relation& hb, unsigned r, unsigned w, Mask sync_r, Mask sync_w,
                     Edge&& edge, Either&& either) {
  bool possible = true;
  each_bit(sync_r & hb.after(w), [&](unsigned other) { possible &= edge(2, r, other); });
  each_bit(sync_w & hb.before(r), [&](unsigned other) { possible &= edge(3, other, w); });
  if (possible && has(sync_r, w)) {
    each_bit(sync_r & ~bit(w), [&](unsigned other) { either(other, w, r); });
  }
  return possible;
}

}  // namespace weft::model
