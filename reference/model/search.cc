// Sources for the reads of a skeleton, one lane after the other. Happens-before grows with each
// synchronising read, and what is chosen already is checked again only then.
#include "reference/model/search.h"

#include "reference/model/possible_bits.h"

namespace weft::model {

namespace {
constexpr unsigned kLevels = 2 * Bounds::kEvents + 2;
}

Search::Search() : levels_(kLevels) {}

void Search::begin(const Reading& reading, OutcomeSet& set, bool stop_at_first) {
  reading_ = reading;
  set_ = &set;
  stop_at_first_ = stop_at_first;
  refusal_.clear();
  tied_.clear();
  candidates_ = 0;
  key_.assign(set.width(), 0);
}

bool Search::run(const Skeleton& skeleton, const ExprPool& pool) {
  skeleton_ = &skeleton;
  pool_ = &pool;
  if (!prepare()) return false;
  if (!skeleton.has_queue) return choose(0, 0);
  Relation base;
  base.copy(levels_[0]);
  return queues_.each(skeleton, reading_, base, [&](const Relation& hb) {
    levels_[0].copy(hb);
    return choose(0, 0);
  });
}

// Program order, spawn, join and the initial writes as hb; what synchronises; lanes. False if hb is
// cyclic already.
bool Search::prepare() {
  const std::vector<Skeleton::Item>& items = skeleton_->items;
  const unsigned n = skeleton_->size();
  Relation& hb = levels_[0];
  hb.reset(n);
  const Mask parent =
      n == 64 && skeleton_->parent_events == 64 ? ~Mask{0} : bit(skeleton_->parent_events) - 1;
  Mask thread = 0;
  for (unsigned e = 0; e < n; ++e) {
    if (e == 0 || items[e].event.thread != items[e - 1].event.thread) thread = 0;
    const int t = items[e].event.thread;
    hb.set_before(e, t == kParent || t == kObserver ? bit(e) - 1 : parent | thread);
    thread |= bit(e);
  }
  data_reads_.clear();
  length_reads_.clear();
  for (unsigned e = 0; e < n; ++e) {
    const Event& event = items[e].event;
    constant_[e] = event.data.writes() && pool_->is_constant(items[e].written);
    written_[e] = constant_[e] ? pool_->at(items[e].written).constant : 0;
    sync_data_[e] = sync_length_[e] = tear_set_[e] = tear_used_[e] = 0;
    const bool zeros = event.data.writes() && event.length.writes();  // initial bytes or a grow's
    for (unsigned w = 0; w < n; ++w) {
      if (w == e) continue;
      const Event& other = items[w].event;
      if (other.length.writes() && event.length.act != Act::none &&
          synchronises(other.length, event.length)) {
        sync_length_[e] |= bit(w);
      }
      if (event.data.act == Act::none) continue;
      if (other.data.writes()) {
        if (synchronises(other.data, event.data)) sync_data_[e] |= bit(w);
        const bool initial =
            other.data.order == Order::init || (other.length.writes() && !reading_.zeros_race);
        if ((same(other.data, event.data) && tear_free(other.data)) ||
            (initial && !reading_.init_tears && overlap(other.data, event.data))) {
          tear_set_[e] |= bit(w);
        }
      }
      // The zeros of a grow as initial bytes: before every event that overlaps them.
      if (!reading_.zeros_race && zeros && event.data.order != Order::init &&
          other.data.act != Act::none && overlap(event.data, other.data) && !hb.add(e, w)) {
        return false;
      }
    }
  }
  const bool split = !reading_.rmw_loses_store;
  if (split) possible_bits(*skeleton_, *pool_, possible_bits_);
  lanes_.build(*skeleton_, split, {constant_, written_, possible_bits_});
  sources_.assign(lanes_.choices.size(), 0);
  return true;
}

// Writes of the lane that R may read as far as hb goes: HB1 and HB3.
Mask Search::candidates_of(const Lanes::Choice& choice, const Relation& hb) const {
  const Mask writers = lanes_.lanes[choice.lane].writers;
  const unsigned r = choice.event;
  Mask result = 0;
  each_bit(writers & ~bit(r), [&](unsigned w) {
    if (!reads_from_future(hb, r, w) && overwriters(hb, r, w, writers) == 0) result |= bit(w);
  });
  return result;
}

// What the path demands of the value, where the written value is known already.
bool Search::value_fits(const Lanes::Choice& choice, unsigned writer) const {
  const Skeleton::Item& r = skeleton_->items[choice.event];
  const Lane& lane = lanes_.lanes[choice.lane];
  if (lane.length) {
    const uint64_t length = skeleton_->items[writer].length_written;
    return length >= r.length_least && length <= r.length_most;
  }
  if (!r.demands_data || !constant_[writer]) return true;
  for (uint64_t byte = lane.offset; byte < lane.offset + lane.size; ++byte) {
    const uint64_t k = byte - r.event.data.offset;
    if (byte_of(writer, byte) != (r.demanded >> (8 * k) & 0xff)) return false;
  }
  return true;
}

// Can bytes from all of these sources together give a value that fewer of them cannot?
bool Search::useful_mix(const Lanes::Choice& choice, Mask sources) const {
  const Skeleton::Item& r = skeleton_->items[choice.event];
  const Lane& lane = lanes_.lanes[choice.lane];
  const unsigned count = static_cast<unsigned>(std::popcount(sources));
  if (count > lane.size) return false;
  bool all_known = true;
  each_bit(sources, [&](unsigned w) { all_known = all_known && constant_[w]; });
  if (!all_known) return true;
  unsigned differing = 0;
  for (uint64_t byte = lane.offset; byte < lane.offset + lane.size; ++byte) {
    const uint8_t demanded =
        static_cast<uint8_t>(r.demanded >> (8 * (byte - r.event.data.offset)) & 0xff);
    const uint8_t first = byte_of(static_cast<unsigned>(std::countr_zero(sources)), byte);
    bool differs = false, fits = !r.demands_data;
    each_bit(sources, [&](unsigned w) {
      differs = differs || byte_of(w, byte) != first;
      fits = fits || byte_of(w, byte) == demanded;
    });
    if (!fits) return false;
    differing += differs;
  }
  return count <= differing;
}

bool Search::choose(unsigned choice, unsigned level) {
  if (choice == lanes_.choices.size()) return leaf(level);
  const Lanes::Choice& c = lanes_.choices[choice];
  const Mask candidates = candidates_of(c, levels_[level]);
  for (Mask left = candidates; left != 0; left &= left - 1) {
    const unsigned w = static_cast<unsigned>(std::countr_zero(left));
    if (value_fits(c, w) && assign(choice, bit(w), level)) return true;
  }
  const Lane& lane = lanes_.lanes[c.lane];
  if (lane.size < 2 || lane.one_value || (candidates & (candidates - 1)) == 0) return false;
  // Sets of two and more sources, for lanes of several bytes.
  for (Mask set = candidates; set != 0; set = (set - 1) & candidates) {
    if ((set & (set - 1)) == 0 || !useful_mix(c, set)) continue;
    if (assign(choice, set, level)) return true;
  }
  return false;
}

bool Search::assign(unsigned choice, Mask sources, unsigned level) {
  if (!refusal_.empty()) return true;
  const Lanes::Choice& c = lanes_.choices[choice];
  const bool length = lanes_.lanes[c.lane].length;
  const unsigned r = c.event;
  const Mask tear_before = tear_used_[r];
  if (!length) {
    tear_used_[r] |= sources & tear_set_[r];
    if (torn(skeleton_->items[r].event.data, tear_used_[r])) {
      tear_used_[r] = tear_before;
      return false;
    }
  }
  sources_[choice] = sources;
  // (sw): a source that synchronises happens before the read.
  const Mask edges =
      sources & (length ? sync_length_[r] : sync_data_[r]) & ~levels_[level].before(r);
  bool stop = false;
  if (edges == 0) {
    stop = choose(choice + 1, level);
  } else {
    Relation& hb = levels_[level + 1];
    hb.copy(levels_[level]);
    bool possible = true;
    each_bit(edges, [&](unsigned w) { possible = possible && hb.add(w, r); });
    if (possible && still_consistent(choice, hb)) stop = choose(choice + 1, level + 1);
  }
  tear_used_[r] = tear_before;
  return stop;
}

// HB1 and HB3 of every source chosen so far, after hb grew.
bool Search::still_consistent(unsigned up_to, const Relation& hb) const {
  for (unsigned i = 0; i <= up_to; ++i) {
    const Lanes::Choice& c = lanes_.choices[i];
    const Mask writers = lanes_.lanes[c.lane].writers;
    for (Mask left = sources_[i]; left != 0; left &= left - 1) {
      const unsigned w = static_cast<unsigned>(std::countr_zero(left));
      if (reads_from_future(hb, c.event, w) || overwriters(hb, c.event, w, writers) != 0) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace weft::model
