// What is checked once all sources are chosen: the total order, and what the tier `intended` asks
// beyond the axioms (docs/rulings.md).
#include "reference/model/search.h"

namespace weft::model {

bool Search::leaf(unsigned level) {
  ++candidates_;
  leaf_level_ = level;
  leaf_consistent_ = -1;
  leaf_thin_ = skeleton_->has_dependencies && from_thin_air();
  if (leaf_thin_ && !reading_.thin_air) return false;
  if (!reading_.joined_flickers && joined_reads_flicker()) return false;
  if (!reading_.rmw_loses_store && loses_store()) return false;
  for (unsigned e = 0; e < skeleton_->size(); ++e) {
    if (lanes_.length_choice[e] == Lanes::kNone) continue;
    const Mask source = sources_[lanes_.length_choice[e]];
    length_[e] = skeleton_->items[static_cast<unsigned>(std::countr_zero(source))].length_written;
  }
  if (!order_values()) return !refusal_.empty();
  return evaluate_all();
}

// Is there a tot? Asked only for an outcome that is new.
bool Search::consistent() {
  if (leaf_consistent_ >= 0) return leaf_consistent_ != 0;
  data_reads_.clear();
  length_reads_.clear();
  for (size_t i = 0; i < lanes_.choices.size(); ++i) {
    const Lanes::Choice& c = lanes_.choices[i];
    std::vector<ReadSources>& reads = lanes_.lanes[c.lane].length ? length_reads_ : data_reads_;
    if (!reads.empty() && reads.back().reader == c.event) {
      reads.back().sources |= sources_[i];
    } else {
      reads.push_back({c.event, sources_[i]});
    }
  }
  const TotalOrder::Region regions[] = {
      {data_reads_.data(), static_cast<unsigned>(data_reads_.size()), sync_data_},
      {length_reads_.data(), static_cast<unsigned>(length_reads_.size()), sync_length_}};
  const std::vector<TotEdge>& edges = queues_.tot_edges();
  leaf_consistent_ =
      total_.solve(levels_[leaf_level_], edges.data(),
                   skeleton_->has_queue ? static_cast<unsigned>(edges.size()) : 0, regions, 2);
  return leaf_consistent_ != 0;
}

// A cycle of reads-from and dependencies (data, control, bounds checks, wake-ups): values, or the
// reason why they are written, come out of thin air. Of one event the check of its bounds, its read
// and its write count apart.
bool Search::from_thin_air() const {
  const unsigned n = skeleton_->size();
  Mask sources[64] = {}, length_sources[64] = {};
  for (size_t i = 0; i < lanes_.choices.size(); ++i) {
    const Lanes::Choice& c = lanes_.choices[i];
    (lanes_.lanes[c.lane].length ? length_sources : sources)[c.event] |= sources_[i];
  }
  Mask woken_by[64] = {};  // of notify: the waiters that it woke
  for (unsigned e = 0; e < n; ++e) {
    if (skeleton_->items[e].event.queue.act == QueueAct::woken) {
      woken_by[queues_.notifier_of(e)] |= bit(e - 1);
    }
  }
  const Mask all = n == 64 ? ~Mask{0} : bit(n) - 1;
  Mask checked = 0, read = 0, written = 0;  // explained so far
  const auto explain = [](Mask& part, unsigned e, bool explained) {
    if (!explained || has(part, e)) return false;
    part |= bit(e);
    return true;
  };
  for (bool changed = true; changed;) {
    changed = false;
    for (unsigned e = 0; e < n; ++e) {
      const Skeleton::Item& item = skeleton_->items[e];
      if ((item.control & ~read) != 0 || (item.length_control & ~checked) != 0) continue;
      changed |= explain(checked, e, (length_sources[e] & ~written) == 0);
      if (!has(checked, e)) continue;
      changed |= explain(
          read, e,
          (sources[e] & ~written) == 0 && (woken_by[e] & ~read) == 0 &&
              (item.event.queue.act != QueueAct::woken || has(read, queues_.notifier_of(e))));
      Mask needs = item.event.data.writes() ? pool_->at(item.written).reads : 0;
      if (item.reads_first) needs |= bit(e);
      changed |= explain(written, e, (needs & ~read) == 0);
    }
  }
  return (checked & read & written) != all;
}

Mask Search::sources_in(unsigned lane, unsigned reader) const {
  for (size_t i = 0; i < lanes_.choices.size(); ++i) {
    const Lanes::Choice& c = lanes_.choices[i];
    if (c.lane == lane && c.event == reader) return sources_[i];
  }
  return 0;
}

// Stable after a join (AMB-018): reads that all writes of a byte happen before agree on its source.
bool Search::joined_reads_flicker() const {
  const Relation& hb = levels_[leaf_level_];
  for (unsigned l = 0; l < lanes_.lanes.size(); ++l) {
    const Lane& lane = lanes_.lanes[l];
    if (lane.length) continue;
    Mask agreed = 0;
    bool differ = false;
    each_bit(lane.readers & ~lane.writers, [&](unsigned r) {
      if ((lane.writers & ~hb.before(r)) != 0) return;
      const Mask sources = sources_in(l, r);
      differ = differ || (agreed != 0 && agreed != sources);
      agreed = sources;
    });
    if (differ) return true;
  }
  return false;
}

// No plain store is lost to an RMW of its range (AMB-018): a read that comes after both sees a byte
// of the last of a chain of RMWs, whose first one read what happens before the store, and none the
// store.
bool Search::loses_store() const {
  const Relation& hb = levels_[leaf_level_];
  for (size_t i = 0; i < lanes_.choices.size(); ++i) {
    const Lanes::Choice& c = lanes_.choices[i];
    const Lane& lane = lanes_.lanes[c.lane];
    if (lane.length) continue;
    for (Mask left = sources_[i] & hb.before(c.event); left != 0; left &= left - 1) {
      const unsigned last = static_cast<unsigned>(std::countr_zero(left));
      Mask chain = 0;
      unsigned base = last;
      while (skeleton_->items[base].event.data.act == Act::rmw && !has(chain, base)) {
        chain |= bit(base);
        const Mask sources = sources_in(c.lane, base);
        base = static_cast<unsigned>(std::countr_zero(sources));
      }
      if (chain == 0 || has(chain, base)) continue;
      Mask stores = lane.writers & hb.after(base) & hb.before(c.event) & ~chain;
      for (; stores != 0; stores &= stores - 1) {
        const Access& store =
            skeleton_->items[static_cast<unsigned>(std::countr_zero(stores))].event.data;
        if (store.act == Act::write && store.order == Order::unordered &&
            same(store, skeleton_->items[last].event.data)) {
          return true;
        }
      }
    }
  }
  return false;
}

}  // namespace weft::model
