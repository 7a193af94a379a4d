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

// Do all writers give this byte one value, known already? Then its source decides no value.
bool one_value(const Skeleton& skeleton, const Lane& lane, uint64_t byte,
               const Lanes::Written& written) {
  int seen = -1;
  bool same = true;
  each_bit(lane.writers, [&](unsigned w) {
    const uint64_t k = byte - skeleton.items[w].event.data.offset;
    const auto of = [&](const uint64_t* numbers) {
      return k >= 8 ? 0 : static_cast<int>(numbers[w] >> (8 * k) & 0xff);
    };
    const bool known = written.known[w];
    const int value = known ? of(written.value) : 0;
    same = same && (known || of(written.possible_bits) == 0) && (seen < 0 || seen == value);
    seen = value;
  });
  return same;
}

}  // namespace

void Lanes::add_split(const Skeleton& skeleton, Lane lane, const Written& written) {
  const uint64_t end = lane.offset + lane.size;
  while (lane.offset < end) {
    lane.size = 1;
    lane.one_value = one_value(skeleton, lane, lane.offset, written);
    while (lane.one_value && lane.offset + lane.size < end &&
           one_value(skeleton, lane, lane.offset + lane.size, written)) {
      ++lane.size;
    }
    lanes.push_back(lane);
    lane.offset += lane.size;
  }
}

void Lanes::build(const Skeleton& skeleton, bool split, const Written& written) {
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
    Lane length{true, m, 0, 1, 0, 0, false};
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
      Lane lane{false, m, cuts_[i], cuts_[i + 1] - cuts_[i], 0, 0, false};
      for (unsigned e = 0; e < n; ++e) {
        const Access& d = skeleton.items[e].event.data;
        if (d.act == Act::none || d.memory != m || !d.covers(lane.offset)) continue;
        if (d.reads()) lane.readers |= bit(e);
        if (d.writes()) lane.writers |= bit(e);
      }
      if (lane.readers == 0) continue;
      if (split && lost_store_possible(skeleton, lane)) {
        add_split(skeleton, lane, written);
      } else {
        lanes.push_back(lane);
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
