// Every reads-from and every coherence order of every skeleton, against the three axioms.
#include "reference/model/aarch64.h"

#include <algorithm>

#include "reference/model/skeleton.h"
#include "reference/model/unroll.h"

namespace weft::model {
namespace {

using Kind = Operation::Kind;

struct Range {
  uint32_t memory;
  uint64_t offset, size;
};

// Collects the ranges; false if some operation is outside the tier.
bool collect(const Lowered& program, const std::vector<Operation>& body,
             std::vector<Range>& ranges) {
  return std::all_of(body.begin(), body.end(), [&](const Operation& op) {
    switch (op.kind) {
      case Kind::branch:
        // A branch orders all later writes of its thread: only where nothing stands behind it do
        // the skeletons know all of them.
        return &op == &body.back() && collect(program, op.then_body, ranges) &&
               collect(program, op.else_body, ranges);
      case Kind::fence:
      case Kind::size:
        return true;
      case Kind::load:
      case Kind::store:
      case Kind::rmw:
      case Kind::cmpxchg:
        ranges.push_back({op.address.memory, op.address.offset, op.shape.bytes});
        // Address dependencies would order accesses; the skeletons keep no trace of them.
        return std::none_of(op.address.operand.terms.begin(), op.address.operand.terms.end(),
                            [](const Term& t) { return t.is_register; }) &&
               op.address.operand.terms.empty() && op.address.offset % op.shape.bytes == 0 &&
               program.bound(op.address.memory, op.address.offset, op.shape.bytes) == Bound::inside;
      default:
        return false;
    }
  });
}

class Checker {
 public:
  Checker(const Lowered& program, OutcomeSet& set) : program_(program), set_(set) {}

  Expected<bool> run() {
    set_.reset(program_.slot_count, static_cast<unsigned>(program_.threads.size()));
    const UnrollOptions options{.fences = true};
    const auto done = unroll(program_, options, pool_, skeleton_, [&] { return skeleton(); });
    if (refused_) return fail("aarch64: more than 64 reads and writes in one execution");
    return done;
  }

 private:
  // --- the events of one skeleton ---

  const Access& data(unsigned e) const { return skeleton_.items[e].event.data; }
  bool initial(unsigned e) const { return data(e).order == Order::init; }
  bool reads(unsigned e) const { return data(e).reads(); }
  bool writes(unsigned e) const { return data(e).writes(); }
  bool acquires(unsigned e) const { return reads(e) && data(e).order == Order::seqcst; }
  bool releases(unsigned e) const { return writes(e) && data(e).order == Order::seqcst; }
  bool barrier(unsigned e) const { return skeleton_.items[e].event.queue.act == QueueAct::fence; }
  int thread(unsigned e) const { return skeleton_.items[e].event.thread; }
  bool program_order(unsigned a, unsigned b) const { return a < b && thread(a) == thread(b); }
  bool same_place(unsigned a, unsigned b) const {
    return data(a).act != Act::none && data(b).act != Act::none && overlap(data(a), data(b));
  }

  bool skeleton() {
    n_ = skeleton_.size();
    readers_.clear();
    source_.assign(n_, 0);
    for (unsigned e = 0; e < n_; ++e) {
      if (reads(e)) readers_.push_back(e);
    }
    // The writes of each place in coherence order: initial bytes first, then each permutation.
    places_.clear();
    for (unsigned e = 0; e < n_; ++e) {
      if (!writes(e) || initial(e)) continue;
      auto place = std::find_if(places_.begin(), places_.end(), [&](const auto& writers) {
        return same_place(writers.front(), e);
      });
      if (place == places_.end()) {
        places_.push_back({e});
      } else {
        place->push_back(e);
      }
    }
    return coherence(0);
  }

  bool coherence(size_t place) {
    if (place == places_.size()) {
      rank_.assign(n_, -1);
      for (const auto& order : places_) {
        for (size_t i = 0; i < order.size(); ++i) rank_[order[i]] = static_cast<int>(i);
      }
      return sources(0);
    }
    std::sort(places_[place].begin(), places_[place].end());
    do {
      // The parent's stores come first, and each thread's in its order (internal visibility).
      const std::vector<unsigned>& order = places_[place];
      bool possible = true;
      for (size_t i = 0; i < order.size(); ++i) {
        for (size_t j = i + 1; j < order.size(); ++j) {
          possible = possible && !program_order(order[j], order[i]) &&
                     !(thread(order[j]) == kParent && thread(order[i]) != kParent);
        }
      }
      if (possible && coherence(place + 1)) return true;
    } while (std::next_permutation(places_[place].begin(), places_[place].end()));
    return false;
  }

  // Position of a write in the coherence order of its place; initial bytes are before all.
  int rank(unsigned w) const { return rank_[w]; }

  bool sources(size_t i) {
    if (i == readers_.size()) return judge();
    const unsigned r = readers_[i];
    for (unsigned w = 0; w < n_; ++w) {
      if (w == r || !writes(w) || !same_place(w, r) || !possible_source(r, w)) continue;
      source_[r] = w;
      if (sources(i + 1)) return true;
    }
    return false;
  }

  // What `judge` would refuse anyway, whatever the other sources are: a value that the path does
  // not want, a write between the two of an RMW, internal visibility at this place alone.
  bool possible_source(unsigned r, unsigned w) const {
    const Skeleton::Item& reader = skeleton_.items[r];
    if (reader.demands_data && pool_.is_constant(skeleton_.items[w].written) &&
        low_bits(pool_.at(skeleton_.items[w].written).constant,
                 static_cast<unsigned>(8 * data(r).size)) != reader.demanded) {
      return false;
    }
    if (writes(r) && rank(w) + 1 != rank(r)) return false;
    for (unsigned other = 0; other < n_; ++other) {
      if (other == r || !writes(other) || initial(other) || !same_place(other, r)) continue;
      if (before(other, r) ? rank(other) > rank(w) : before(r, other) && rank(other) <= rank(w)) {
        return false;
      }
    }
    return true;
  }

  // --- the axioms ---

  bool coherence_before(unsigned a, unsigned b) const {
    return writes(a) && writes(b) && !initial(b) && same_place(a, b) && rank(a) < rank(b);
  }
  // b overwrites what a read.
  bool from_read(unsigned a, unsigned b) const {
    return reads(a) && writes(b) && !initial(b) && a != b && same_place(a, b) &&
           rank(source_[a]) < rank(b);
  }
  bool overwritten_by(unsigned a, unsigned b) const {
    return coherence_before(a, b) || from_read(a, b);
  }

  bool refuse() {
    refused_ = true;
    return true;
  }

  bool judge() {
    if (!evaluate() || set_.contains(key_.data(), false)) return false;
    // Internal visibility: program order at one place, reads-from and the above are acyclic. An RMW
    // is one event here, so that no write comes between its read and its write: atomic.
    Relation internal;
    internal.reset(n_);
    unsigned nodes = n_;
    for (unsigned e = 0; e < n_; ++e) {
      read_node_[e] = write_node_[e] = e;
      if (reads(e) && writes(e)) {
        if (nodes == 64) return refuse();
        write_node_[e] = nodes++;
      }
    }
    Relation external;
    external.reset(nodes);
    for (unsigned e = 0; e < n_; ++e) {
      if (write_node_[e] != e) external.add(read_node_[e], write_node_[e]);
    }
    for (unsigned a = 0; a < n_; ++a) {
      for (unsigned b = 0; b < n_; ++b) {
        if (a == b) continue;
        const bool from = reads(b) && source_[b] == a;
        const bool order = before(a, b);
        const bool edge = (order && same_place(a, b)) || from || overwritten_by(a, b);
        if (edge && !internal.add(a, b)) return false;
        if (thread(a) != thread(b)) {
          if (from && !external.add(write_node_[a], read_node_[b])) return false;
          if (coherence_before(a, b) && !external.add(write_node_[a], write_node_[b])) return false;
          if (from_read(a, b) && !external.add(read_node_[a], write_node_[b])) return false;
        }
        if (!ordered(a, b, external)) return false;
      }
    }
    set_.add(key_.data(), false);
    return false;
  }

  // Program order, with the parent before and the observer after all threads.
  bool before(unsigned a, unsigned b) const {
    return program_order(a, b) || (thread(a) == kParent && thread(b) != kParent) ||
           (thread(b) == kObserver && thread(a) != kObserver);
  }

  // Ordered-before without observation: dependencies, atomics, barriers. An RMW's read acquires and
  // its write releases, so that an acquire read of that write by its own thread comes after it as
  // after any release. Start and join need no edge: the parent reads nothing and is never
  // overwriting, the observer writes nothing and (internal visibility) reads the last write, so
  // that no cycle passes through them. False if it is cyclic.
  bool ordered(unsigned a, unsigned b, Relation& order) const {
    const unsigned read_a = read_node_[a], write_a = write_node_[a];
    const unsigned read_b = read_node_[b], write_b = write_node_[b];
    const auto all = [&] {  // both parts of a before both of b
      return order.add(read_a, read_b) && order.add(read_a, write_b) &&
             order.add(write_a, read_b) && order.add(write_a, write_b);
    };
    if (!program_order(a, b)) return true;
    if (barrier(a) || barrier(b)) return all();
    bool possible = true;
    const Skeleton::Item& later = skeleton_.items[b];
    const auto depends = [&](unsigned w) {
      return has(pool_.at(skeleton_.items[w].written).reads, a);
    };
    // Data, and control to a write.
    if (writes(b) && (depends(b) || has(later.control, a))) {
      possible = possible && order.add(read_a, write_b);
    }
    // Data or control, then a coherence-later write; data, then a read of that write.
    for (unsigned m = a + 1; m < b; ++m) {
      if (!program_order(m, b) || !writes(m) || !same_place(m, b)) continue;
      // A release, then a coherence-later write of its thread.
      if (writes(b) && releases(m)) {
        possible = possible && order.add(read_a, write_b) && order.add(write_a, write_b);
      }
      if (writes(b) && (depends(m) || has(skeleton_.items[m].control, a))) {
        possible = possible && order.add(read_a, write_b);
      }
      if (reads(b) && source_[b] == m && depends(m))
        possible = possible && order.add(read_a, read_b);
    }
    if (acquires(a)) possible = possible && order.add(read_a, read_b) && order.add(read_a, write_b);
    if (releases(b))
      possible = possible && order.add(read_a, write_b) && order.add(write_a, write_b);
    if (releases(a) && acquires(b)) possible = possible && order.add(write_a, read_b);
    return possible;
  }

  // --- values ---

  // The outcome of the chosen sources; false if there is none.
  bool evaluate() {
    data_.assign(n_, 0);
    std::vector<bool> known(n_, false);
    const auto value = [&](ExprId id) {
      return pool_.evaluate(
          id, [&](unsigned e) { return data_[e]; }, [](unsigned) { return uint64_t{0}; });
    };
    size_t left = readers_.size();
    for (bool changed = true; changed && left > 0;) {
      changed = false;
      for (const unsigned r : readers_) {
        if (known[r]) continue;
        const Skeleton::Item& w = skeleton_.items[source_[r]];
        bool ready = true;
        each_bit(pool_.at(w.written).reads, [&](unsigned e) { ready = ready && known[e]; });
        if (!ready) continue;
        data_[r] = initial(source_[r])
                       ? 0
                       : low_bits(value(w.written), static_cast<unsigned>(8 * data(r).size));
        known[r] = changed = true;
        --left;
      }
    }
    if (left > 0) return false;  // a cycle of values: ordered-before forbids it
    for (const Demand& d : skeleton_.demands) {
      if ((value(d.left) == value(d.right)) != d.equal) return false;
    }
    key_.assign(set_.width(), 0);
    const unsigned slots = program_.slot_count;
    for (const SlotValue& v : skeleton_.values) {
      key_[v.slot] = value(v.value);
      key_[slots] |= bit(v.slot);
    }
    return true;
  }

  const Lowered& program_;
  OutcomeSet& set_;
  ExprPool pool_;
  Skeleton skeleton_;
  unsigned n_ = 0;
  unsigned read_node_[64], write_node_[64];  // of event, in ordered-before
  bool refused_ = false;
  std::vector<unsigned> readers_, source_;
  std::vector<std::vector<unsigned>> places_;
  std::vector<uint64_t> data_, key_;
  std::vector<int> rank_;  // of event
};

}  // namespace

bool aarch64_defined(const Lowered& lowered) {
  const Program& program = *lowered.program;
  std::vector<Range> ranges;
  for (const Thread& t : program.threads) {
    if (!collect(lowered, t.body, ranges)) return false;
  }
  for (const InitialStore& s : program.init) {
    ranges.push_back({s.memory, s.address, s.shape.bytes});
  }
  for (const Observation& o : program.observe) {
    ranges.push_back({o.memory, o.address, o.shape.bytes});
  }
  for (const Range& a : ranges) {
    for (const Range& b : ranges) {
      const bool meet =
          a.memory == b.memory && a.offset < b.offset + b.size && b.offset < a.offset + a.size;
      if (meet && (a.offset != b.offset || a.size != b.size)) return false;
    }
  }
  return true;
}

Expected<bool> aarch64(const Lowered& program, OutcomeSet& set) {
  return Checker(program, set).run();
}

}  // namespace weft::model
