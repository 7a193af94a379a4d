// Depth-first over the automaton of each address's queue. WOKEN and TIMEOUT directly follow their
// WAIT in program order, so the event before them is the waiter.
#include "reference/model/queue_order.h"

#include <algorithm>

namespace weft::model {

bool QueueOrders::each(const Skeleton& skeleton, const Reading& reading, const Relation& hb,
                       const std::function<bool(const Relation&)>& visit) {
  skeleton_ = &skeleton;
  reading_ = &reading;
  visit_ = &visit;
  groups_.clear();
  tot_edges_.clear();
  hb_edges_.clear();
  if (!skeleton.has_queue) return visit(hb);
  for (unsigned e = 0; e < skeleton.size(); ++e) {
    const Queueing& q = skeleton.items[e].event.queue;
    if (q.act == QueueAct::none) continue;
    const QueueAct kind = q.act == QueueAct::fence ? QueueAct::fence : QueueAct::none;
    auto group = std::find_if(groups_.begin(), groups_.end(), [&](const Group& g) {
      return g.kind == kind && g.memory == q.memory && g.address == q.address;
    });
    if (group == groups_.end()) {
      groups_.push_back({kind, q.memory, q.address, 0});
      group = groups_.end() - 1;
    }
    group->events |= bit(e);
  }
  // Who is woken must be counted by a notify of the address.
  for (const Group& g : groups_) {
    unsigned woken = 0, counted = 0;
    each_bit(g.events, [&](unsigned e) {
      const Queueing& q = skeleton.items[e].event.queue;
      woken += q.act == QueueAct::woken;
      counted += q.woken;
    });
    if (woken != counted) return false;
  }
  return group(0, hb);
}

bool QueueOrders::group(size_t g, const Relation& hb) {
  if (g == groups_.size()) return (*visit_)(hb);
  std::vector<unsigned> queue;
  return place(g, groups_[g].events, queue, kNone, kNone, hb);
}

bool QueueOrders::append(unsigned event, int& last_hb, int& last_tot, Relation& hb) {
  const Queueing& q = skeleton_->items[event].event.queue;
  if (last_tot != kNone) tot_edges_.push_back({static_cast<unsigned>(last_tot), event});
  last_tot = static_cast<int>(event);
  if (q.act == QueueAct::notify && q.woken == 0 && !reading_->notify_zero) return true;
  if (last_hb != kNone) {
    hb_edges_.push_back({static_cast<unsigned>(last_hb), event});
    if (!hb.add(static_cast<unsigned>(last_hb), event)) return false;
  }
  last_hb = static_cast<int>(event);
  return true;
}

bool QueueOrders::place(size_t g, Mask left, std::vector<unsigned>& queue, int last_hb,
                        int last_tot, const Relation& hb) {
  if (left == 0) return group(g + 1, hb);
  for (Mask candidates = left; candidates != 0; candidates &= candidates - 1) {
    const unsigned e = static_cast<unsigned>(std::countr_zero(candidates));
    if ((hb.before(e) & left) != 0) continue;  // an earlier event of the queue comes first
    const Queueing& q = skeleton_->items[e].event.queue;
    std::vector<unsigned> next = queue;
    std::vector<unsigned> sequence = {e};
    if (q.act == QueueAct::woken) continue;  // placed with its notify
    if (q.act == QueueAct::wait) {
      next.push_back(e);
    } else if (q.act == QueueAct::timeout) {
      const auto waiter = std::find(next.begin(), next.end(), waiter_of(e));
      if (waiter == next.end()) continue;
      next.erase(waiter);
    } else if (q.act == QueueAct::notify) {
      // Pops the j oldest, directly followed by their WOKEN; j < k only if the queue is then empty.
      if (q.woken > next.size() || (q.woken < q.most && next.size() != q.woken)) continue;
      bool all_woken = true;
      for (unsigned i = q.woken; i-- > 0;) {
        const unsigned woken = next[i] + 1;
        all_woken = all_woken && has(left, woken) &&
                    skeleton_->items[woken].event.queue.act == QueueAct::woken;
        sequence.push_back(woken);
        notifier_[woken] = e;
      }
      if (!all_woken) continue;
      next.erase(next.begin(), next.begin() + q.woken);
    }
    Relation extended;
    extended.copy(hb);
    const size_t edges = tot_edges_.size(), hb_edges = hb_edges_.size();
    int now_hb = last_hb, now_tot = last_tot;
    Mask placed = 0;
    bool possible = true;
    for (const unsigned event : sequence) {
      placed |= bit(event);
      possible = possible && append(event, now_hb, now_tot, extended);
    }
    const bool stop = possible && place(g, left & ~placed, next, now_hb, now_tot, extended);
    tot_edges_.resize(edges);
    hb_edges_.resize(hb_edges);
    if (stop) return true;
  }
  return false;
}

}  // namespace weft::model
