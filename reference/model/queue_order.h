// The orders of the waiter queues (threads proposal, core/exec/relaxed, "suspensions"): for each
// address, every sequence of its WAIT, WOKEN, TIMEOUT and NOTIFY events that a first-in-first-out
// queue generates, with the hb edges and the tot edges that it brings. Knows no reads-from.
#pragma once

#include <functional>
#include <vector>

#include "reference/model/reading.h"
#include "reference/model/relation.h"
#include "reference/model/skeleton.h"
#include "reference/model/total.h"

namespace weft::model {

class QueueOrders {
 public:
  // Calls `visit` with hb closed over each combination of queue orders; `tot_edges()` then holds
  // the edges that only tot has. Returns true if `visit` did, to stop.
  bool each(const Skeleton& skeleton, const Reading& reading, const Relation& hb,
            const std::function<bool(const Relation&)>& visit);
  const std::vector<TotEdge>& tot_edges() const { return tot_edges_; }
  // The edges that hb has from the queues (for explanations).
  const std::vector<TotEdge>& hb_edges() const { return hb_edges_; }
  // The notify that woke this WOKEN event, in the present combination.
  unsigned notifier_of(unsigned woken) const { return notifier_[woken]; }

 private:
  struct Group {
    QueueAct kind;  // fence, or anything else for an address
    uint8_t memory;
    uint64_t address;
    Mask events;
  };
  static constexpr int kNone = -1;

  bool group(size_t g, const Relation& hb);
  bool place(size_t g, Mask left, std::vector<unsigned>& queue, int last_hb, int last_tot,
             const Relation& hb);
  // Appends `event` to the sequence: edges from the last ones; false if hb becomes cyclic.
  bool append(unsigned event, int& last_hb, int& last_tot, Relation& hb);
  unsigned waiter_of(unsigned event) const { return event - 1; }

  const Skeleton* skeleton_ = nullptr;
  const Reading* reading_ = nullptr;
  const std::function<bool(const Relation&)>* visit_ = nullptr;
  std::vector<Group> groups_;
  std::vector<TotEdge> tot_edges_, hb_edges_;
  unsigned notifier_[64] = {};
};

}  // namespace weft::model
