// Lanes from the ends of all accesses of a memory.
#include "reference/model/lanes.h"

#include <algorithm>

namespace weft::model {

namespace {

bool lost_store_possible(const Skeleton& skeleton, const Lane& lane) {
  bool rmw = false, plain = false;
  each_bit(lane.writers, [&](unsigned e) {
    const Access& d = skeleton.items[e].event.data;
    rmw = rmw || d.act == Act::rmw;
    plain =
        plain || (d.order == Order::unordered && skeleton.items[e].event.length.act != Act::rmw);
  });
  return rmw && plain;
}

}  // namespace

void Lanes::build(const Skeleton& skeleton, bool split) {
  const unsigned n = skeleton.size();
  lanes.clear();
  choices.clear();
  first.assign(n, 0);
  count.assign(n, 0);
  length_choice.assign(n, kNone);

  uint8_t memories = 0;
  for (const auto& item : skeleton.items) {
    const Access &d = item.event.data, &l = item.event.length;
    if (d.act != Act::none) memories = std::max<uint8_t>(memories, d.memory + 1);
    if (l.act != Act::none) memories = std::max<uint8_t>(memories, l.memory + 1);
  }
  for (uint8_t m = 0; m < memories; ++m) {
    Lane length{true, m, 0, 1, 0, 0};
    cuts_.clear();
    for (unsigned e = 0; e < n; ++e) {
      const Access &d = skeleton.items[e].event.data, &l = skeleton.items[e].event.length;
      if (l.act != Act::none && l.memory == m) {
        if (l.reads()) length.readers |= bit(e);
        if (l.writes()) length.writers |= bit(e);
      }
      if (d.act != Act::none && d.memory == m) {
        cuts_.push_back(d.offset);
        cuts_.push_back(d.offset + d.size);
      }
    }
    if (length.readers != 0) lanes.push_back(length);
    std::sort(cuts_.begin(), cuts_.end());
    cuts_.erase(std::unique(cuts_.begin(), cuts_.end()), cuts_.end());
    for (size_t i = 0; i + 1 < cuts_.size(); ++i) {
      Lane lane{false, m, cuts_[i], cuts_[i + 1] - cuts_[i], 0, 0};
      for (unsigned e = 0; e < n; ++e) {
        const Access& d = skeleton.items[e].event.data;
        if (d.act == Act::none || d.memory != m || !d.covers(lane.offset)) continue;
        if (d.reads()) lane.readers |= bit(e);
        if (d.writes()) lane.writers |= bit(e);
      }
      if (lane.readers == 0) continue;
      const uint64_t bytes = lane.size;
      if (split && lost_store_possible(skeleton, lane)) lane.size = 1;
      for (uint64_t k = 0; k < bytes; k += lane.size) {
        lanes.push_back(lane);
        lane.offset += lane.size;
      }
    }
  }
  for (unsigned l = 0; l < lanes.size(); ++l) {
    if (!lanes[l].length) continue;
    each_bit(lanes[l].readers, [&](unsigned e) {
      length_choice[e] = static_cast<unsigned>(choices.size());
      choices.push_back({e, l});
    });
  }
  for (const bool seqcst : {true, false}) {
    for (unsigned e = 0; e < n; ++e) {
      const Access& d = skeleton.items[e].event.data;
      if (!d.reads() || (d.order == Order::seqcst) != seqcst) continue;
      first[e] = static_cast<unsigned>(choices.size());
      for (unsigned l = 0; l < lanes.size(); ++l) {
        if (!lanes[l].length && has(lanes[l].readers, e)) choices.push_back({e, l});
      }
      count[e] = static_cast<unsigned>(choices.size()) - first[e];
    }
  }
}

}  // namespace weft::model
