// Forced edges first, then unit propagation of the alternatives, then branching on what is left.
#include "reference/model/total.h"

namespace weft::model {

bool TotalOrder::solve(const Relation& hb, const TotEdge* edges, unsigned edge_count,
                       const Region* regions, unsigned region_count) {
  order_.copy(hb);
  eithers_.clear();
  for (unsigned i = 0; i < edge_count; ++i) {
    if (!order_.add(edges[i].from, edges[i].to)) return false;
  }
  bool possible = true;
  for (unsigned k = 0; k < region_count && possible; ++k) {
    const Region& region = regions[k];
    for (unsigned i = 0; i < region.count && possible; ++i) {
      const unsigned r = region.reads[i].reader;
      const Mask sync_r = region.sync_with[r];
      each_bit(region.reads[i].sources & hb.before(r), [&](unsigned w) {
        possible =
            possible && sc_last_visible(
                            hb, r, w, sync_r, region.sync_with[w],
                            [&](int, unsigned from, unsigned to) { return order_.add(from, to); },
                            [&](unsigned other, unsigned w0, unsigned r0) {
                              eithers_.push_back({other, w0, r0});
                            });
      });
    }
  }
  return possible && propagate(0);
}

bool TotalOrder::propagate(unsigned depth) {
  const Either* open = nullptr;
  for (bool changed = true; changed;) {
    changed = false;
    open = nullptr;
    for (const Either& e : eithers_) {
      if (order_.less(e.other, e.w) || order_.less(e.r, e.other)) continue;  // holds
      const bool first = !order_.less(e.w, e.other), second = !order_.less(e.other, e.r);
      if (!first && !second) return false;
      if (first && second) {
        open = &e;
      } else {
        if (!(first ? order_.add(e.other, e.w) : order_.add(e.r, e.other))) return false;
        changed = true;
      }
    }
  }
  if (open == nullptr) return true;
  const Either choice = *open;
  if (saved_.size() <= depth) saved_.resize(depth + 1);
  saved_[depth].copy(order_);
  if (order_.add(choice.other, choice.w) && propagate(depth + 1)) return true;
  order_.copy(saved_[depth]);
  return order_.add(choice.r, choice.other) && propagate(depth + 1);
}

}  // namespace weft::model
