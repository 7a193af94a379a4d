// Goes through all sources (a byte at a time) that give the outcome's values, and has each choice
// judged; keeps the shortest argument, or the first execution that none forbids.
#include <algorithm>

#include "reference/model/explainer.h"

namespace weft::model {

namespace {
constexpr uint64_t kMostCandidates = 20'000;
}

Expected<Explanation> Explainer::run() {
  const UnrollOptions options{reading_.fences, reading_.split_bulk, &wanted_};
  const auto done = unroll(lowered_, options, pool_, skeleton_, [&] { return skeleton(); });
  if (!done) return tl::unexpected<Error>(done.error());
  if (best_.candidates == 0) {
    // Nothing but torn values could give the outcome: show that.
    torn_too_ = true;
    const auto again = unroll(lowered_, options, pool_, skeleton_, [&] { return skeleton(); });
    if (!again) return tl::unexpected<Error>(again.error());
  }
  if (!best_.allowed) {
    // The oracle has the last word: it also solves cycles of values that are not named.
    Oracle oracle;
    const auto allowed = oracle.is_allowed(program_, wanted_, best_.tier);
    if (!allowed) return tl::unexpected<Error>(allowed.error());
    if (*allowed) {
      best_.allowed = true;
      best_.axiom = "allowed";
      best_.reason = "an execution whose values no read determines (out of thin air)";
      best_.edges.clear();
    }
  }
  others_.erase(best_.axiom);
  best_.other_axioms.assign(others_.begin(), others_.end());
  return best_;
}

bool Explainer::skeleton() {
  n_ = skeleton_.size();
  reads_.clear();
  for (unsigned e = 0; e < n_; ++e) {
    const Event& event = skeleton_.items[e].event;
    if (event.length.reads()) reads_.push_back({e, true, 0, writers(e, true, 0)});
    if (!event.data.reads()) continue;
    for (uint64_t b = event.data.offset; b < event.data.offset + event.data.size; ++b) {
      reads_.push_back({e, false, b, writers(e, false, b)});
    }
  }
  return choose(0);
}

Mask Explainer::writers(unsigned reader, bool length, uint64_t byte) const {
  Mask result = 0;
  for (unsigned w = 0; w < n_; ++w) {
    const Access& a = access(w, length);
    if (w != reader && a.writes() && a.memory == access(reader, length).memory &&
        (length || a.covers(byte)) && !parent_overwrites(w, length, byte)) {
      result |= bit(w);
    }
  }
  return result;
}

bool Explainer::parent_overwrites(unsigned w, bool length, uint64_t byte) const {
  for (unsigned o = w + 1; o < skeleton_.parent_events; ++o) {
    const Access& a = access(o, length);
    if (a.writes() && a.memory == access(w, length).memory && (length || a.covers(byte))) {
      return true;
    }
  }
  return false;
}

bool Explainer::tears_at(size_t i) const {
  const Access& r = access(reads_[i].event, false);
  if (reads_[i].length || !tear_free(r)) return false;
  const auto whole = [&](unsigned w) { return whole_write(r, w); };
  if (!whole(reads_[i].source)) return false;
  for (size_t k = i; k-- > 0 && reads_[k].event == reads_[i].event && !reads_[k].length;) {
    if (reads_[k].source != reads_[i].source && whole(reads_[k].source)) return true;
  }
  return false;
}

bool Explainer::whole_write(const Access& r, unsigned writer) const {
  const Access& w = access(writer, false);
  const bool initial =
      w.order == Order::init || (!reading_.zeros_race && access(writer, true).act == Act::rmw);
  return (same(r, w) && tear_free(w)) || (initial && !reading_.init_tears);
}

bool Explainer::fits(const Read& read, unsigned w) const {
  const Skeleton::Item &item = skeleton_.items[read.event], &writer = skeleton_.items[w];
  if (read.length) {
    return writer.length_written >= item.length_least && writer.length_written <= item.length_most;
  }
  if (!item.demands_data || !pool_.is_constant(writer.written)) return true;
  const uint64_t k = read.byte - writer.event.data.offset;
  const uint64_t v = k < 8 ? pool_.at(writer.written).constant >> (8 * k) : 0;
  const uint64_t want = item.demanded >> (8 * (read.byte - item.event.data.offset));
  return (v & 0xff) == (want & 0xff);
}

bool Explainer::choose(size_t i) {
  if (best_.candidates >= kMostCandidates) {
    best_.complete = false;
    return true;
  }
  if (i == reads_.size()) return candidate();
  Read& read = reads_[i];
  const Skeleton::Item& item = skeleton_.items[read.event];
  // Bytes that can come from the same write as their neighbour do: fewer sources are never
  // forbidden by more.
  Mask candidates = read.writers;
  if (i > 0 && !read.length && item.demands_data && reads_[i - 1].event == read.event) {
    const unsigned w = reads_[i - 1].source;
    if (!reads_[i - 1].length && has(candidates, w) &&
        pool_.is_constant(skeleton_.items[w].written) && fits(read, w)) {
      candidates = bit(w);
    }
  }
  for (Mask left = candidates; left != 0; left &= left - 1) {
    const unsigned w = static_cast<unsigned>(std::countr_zero(left));
    if (!fits(read, w)) continue;
    read.source = w;
    if (!torn_too_ && tears_at(i)) continue;
    if (choose(i + 1)) return true;
  }
  return false;
}

bool Explainer::values_hold() {
  std::vector<bool> known(n_, false);
  data_.assign(n_, 0);
  length_.assign(n_, 0);
  for (const Read& r : reads_) {
    if (r.length) length_[r.event] = skeleton_.items[r.source].length_written;
  }
  for (unsigned e = 0; e < n_; ++e) {
    const Skeleton::Item& item = skeleton_.items[e];
    known[e] = !item.event.data.reads() || item.demands_data;
    data_[e] = item.demanded;
  }
  const auto value = [&](ExprId id) {
    return pool_.evaluate(
        id, [&](unsigned e) { return data_[e]; }, [&](unsigned e) { return length_[e]; });
  };
  const auto computed = [&](unsigned e, uint64_t& result) {
    result = 0;
    for (const Read& r : reads_) {
      if (r.event != e || r.length) continue;
      const Skeleton::Item& w = skeleton_.items[r.source];
      bool ready = true;
      each_bit(pool_.at(w.written).reads, [&](unsigned d) { ready = ready && known[d]; });
      if (!ready) return false;
      const uint64_t k = r.byte - w.event.data.offset;
      const uint64_t b = k < 8 ? value(w.written) >> (8 * k) & 0xff : 0;
      result |= b << (8 * (r.byte - skeleton_.items[e].event.data.offset));
    }
    return true;
  };
  for (bool changed = true; changed;) {
    changed = false;
    for (unsigned e = 0; e < n_; ++e) {
      if (!known[e] && computed(e, data_[e])) known[e] = changed = true;
    }
  }
  for (unsigned e = 0; e < n_; ++e) {
    uint64_t v = 0;
    if (!known[e] ||
        (skeleton_.items[e].event.data.reads() && (!computed(e, v) || v != data_[e]))) {
      return false;
    }
  }
  return std::all_of(skeleton_.demands.begin(), skeleton_.demands.end(),
                     [&](const Demand& d) { return (value(d.left) == value(d.right)) == d.equal; });
}

bool Explainer::candidate() {
  if (!values_hold()) return false;
  ++best_.candidates;
  mixed_ = 0;
  for (size_t i = 1; i < reads_.size(); ++i) {
    const Read &a = reads_[i - 1], &b = reads_[i];
    mixed_ += a.event == b.event && a.length == b.length && a.source != b.source;
  }
  Relation base;
  base.reset(n_);
  LabelledGraph graph(n_);
  program_order(base, graph);
  bool queue_possible = false, found = false;
  queues_.each(skeleton_, reading_, base, [&](const Relation& hb) {
    queue_possible = true;
    found = judge(hb, graph);
    return found;
  });
  if (!queue_possible) {
    refute("SUSP",
           "no order of the waits and notifies of an address is that of a first-in-first-out "
           "queue that agrees with program order and with the numbers woken",
           {});
  }
  return found;
}

Expected<Explanation> explain(const Program& program, const Outcome& outcome, Tier tier) {
  if (tier != Tier::literal && tier != Tier::intended) {
    return fail("{} is a machine: its outcomes have no axioms to explain", tier_name(tier));
  }
  const auto lowered = lower(program);
  if (!lowered) return tl::unexpected<Error>(lowered.error());
  return Explainer(program, *lowered, outcome, tier).run();
}

}  // namespace weft::model
