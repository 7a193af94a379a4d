// Goes through all sources (a byte at a time) that give the outcome's values, and finds for each
// the axiom that forbids it; keeps the shortest argument, or the first execution that none forbids.
#include "reference/model/explain.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "reference/model/axioms.h"
#include "reference/model/describe.h"
#include "reference/model/edges.h"
#include "reference/model/lanes.h"
#include "reference/model/lower.h"
#include "reference/model/queue_order.h"
#include "reference/model/unroll.h"

namespace weft::model {
namespace {

using EdgeKind = ExplainedEdge::Kind;

constexpr uint64_t kMostCandidates = 20'000;

class Explainer {
 public:
  Explainer(const Program& program, const Lowered& lowered, const Outcome& wanted, Tier tier)
      : program_(program),
        lowered_(lowered),
        wanted_(wanted),
        reading_(tier == Tier::literal ? Reading::literal() : Reading::intended()) {
    best_.tier = tier;
    best_.axiom = "VALUE";
    best_.reason = "no execution of the threads gives these values and endings";
  }

  Expected<Explanation> run() {
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

 private:
  struct Read {
    unsigned event;
    bool length;
    uint64_t byte;
    Mask writers;
    unsigned source = 0;
  };

  bool skeleton() {
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

  Mask writers(unsigned reader, bool length, uint64_t byte) const {
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

  // What the parent itself stores again is no candidate worth a word (HB3).
  bool parent_overwrites(unsigned w, bool length, uint64_t byte) const {
    for (unsigned o = w + 1; o < skeleton_.parent_events; ++o) {
      const Access& a = access(o, length);
      if (a.writes() && a.memory == access(w, length).memory && (length || a.covers(byte))) {
        return true;
      }
    }
    return false;
  }

  // Would read i, with the sources chosen before it, tear against TEAR?
  bool tears_at(size_t i) const {
    const Access& r = access(reads_[i].event, false);
    if (reads_[i].length || !tear_free(r)) return false;
    const auto whole = [&](unsigned w) { return whole_write(r, w); };
    if (!whole(reads_[i].source)) return false;
    for (size_t k = i; k-- > 0 && reads_[k].event == reads_[i].event && !reads_[k].length;) {
      if (reads_[k].source != reads_[i].source && whole(reads_[k].source)) return true;
    }
    return false;
  }

  bool whole_write(const Access& r, unsigned writer) const {
    const Access& w = access(writer, false);
    const bool initial =
        w.order == Order::init || (!reading_.zeros_race && access(writer, true).act == Act::rmw);
    return (same(r, w) && tear_free(w)) || (initial && !reading_.init_tears);
  }

  const Access& access(unsigned e, bool length) const {
    return length ? skeleton_.items[e].event.length : skeleton_.items[e].event.data;
  }

  // What is demanded of the byte, where the written value is known.
  bool fits(const Read& read, unsigned w) const {
    const Skeleton::Item &item = skeleton_.items[read.event], &writer = skeleton_.items[w];
    if (read.length) {
      return writer.length_written >= item.length_least &&
             writer.length_written <= item.length_most;
    }
    if (!item.demands_data || !pool_.is_constant(writer.written)) return true;
    const uint64_t k = read.byte - writer.event.data.offset;
    const uint64_t v = k < 8 ? pool_.at(writer.written).constant >> (8 * k) : 0;
    const uint64_t want = item.demanded >> (8 * (read.byte - item.event.data.offset));
    return (v & 0xff) == (want & 0xff);
  }

  bool choose(size_t i) {
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

  // --- values ---

  bool values_hold() {
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
    return std::all_of(skeleton_.demands.begin(), skeleton_.demands.end(), [&](const Demand& d) {
      return (value(d.left) == value(d.right)) == d.equal;
    });
  }

  // --- one choice of sources ---

  bool candidate() {
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

  void program_order(Relation& hb, LabelledGraph& graph) const {
    const unsigned parent = skeleton_.parent_events;
    for (unsigned e = 1; e < n_; ++e) {
      const int before = skeleton_.items[e - 1].event.thread, t = skeleton_.items[e].event.thread;
      if (before == t) edge(hb, graph, e - 1, e, EdgeKind::program_order, "program order");
      if (t >= 0 && before != t && parent > 0) {
        edge(hb, graph, parent - 1, e, EdgeKind::program_order, "before the threads start");
      }
    }
    const unsigned observer = n_ - skeleton_.observer_events;
    if (observer == n_) return;
    for (unsigned e = 0; e < observer; ++e) {
      const bool last = e + 1 == observer ||
                        skeleton_.items[e + 1].event.thread != skeleton_.items[e].event.thread;
      if (last)
        edge(hb, graph, e, observer, EdgeKind::program_order, "after the threads have ended");
    }
  }

  static void edge(Relation& hb, LabelledGraph& graph, unsigned a, unsigned b, EdgeKind kind,
                   std::string clause) {
    hb.add(a, b);
    graph.add({a, b, kind, std::move(clause)});
  }

  void refute(std::string axiom, std::string reason, std::vector<ExplainedEdge> edges) {
    others_.insert(axiom);
    // The most telling: whole values from one write each, an argument with edges, few of them.
    const auto rank = std::make_tuple(mixed_, edges.empty(), edges.size());
    if (best_.axiom != "VALUE" && best_rank_ <= rank) return;
    best_rank_ = rank;
    best_.axiom = std::move(axiom);
    best_.reason = std::move(reason);
    best_.edges = std::move(edges);
    describe();
  }

  std::string name(unsigned e) const {
    const int t = skeleton_.items[e].event.thread;
    const std::string text = event_text(program_, skeleton_.items[e]);
    return t < 0 ? fmt::format("`{}`", text) : fmt::format("`{}: {}`", t, text);
  }

  void describe() {
    best_.events.clear();
    for (unsigned e = 0; e < n_; ++e) {
      const Skeleton::Item& item = skeleton_.items[e];
      std::string text = event_text(program_, item);
      if (item.event.data.reads()) text += fmt::format(" reads {}", data_[e]);
      if (item.event.length.reads()) text += fmt::format(", length {}", length_[e]);
      best_.events.push_back({item.event.thread, std::move(text)});
    }
  }

  // True if no axiom forbids it: best_ is then the witness.
  bool judge(const Relation& base, const LabelledGraph& program) {
    Relation hb;
    hb.copy(base);
    LabelledGraph graph = program;
    for (const TotEdge& e : queues_.hb_edges()) {
      graph.add({e.from, e.to, EdgeKind::queue, "queue order (suspensions)"});
    }
    for (unsigned a = 0; a < n_; ++a) {
      const Event& z = skeleton_.items[a].event;
      for (unsigned b = 0; b < n_ && !reading_.zeros_race; ++b) {
        if (a != b && z.length.act == Act::rmw && z.data.writes() &&
            access(b, false).act != Act::none && overlap(z.data, access(b, false))) {
          graph.add({a, b, EdgeKind::synchronises, "zeros of a grow, read like initial bytes"});
          hb.add(a, b);
        }
      }
    }
    bool acyclic = true;
    for (const Read& r : reads_) {
      if (!synchronises(access(r.source, r.length), access(r.event, r.length))) continue;
      graph.add({r.source, r.event, EdgeKind::synchronises, "synchronises (SC, equal ranges)"});
      acyclic = hb.add(r.source, r.event) && acyclic;
    }
    if (!acyclic) {
      refute("HB", "happens-before would be cyclic", *graph.cycle());
      return false;
    }
    for (const Read& r : reads_) {
      const unsigned w = r.source;
      if (reads_from_future(hb, r.event, w)) {
        auto path = *graph.path(r.event, w);
        path.push_back({w, r.event, EdgeKind::reads_from, "reads from"});
        refute(
            "HB1",
            fmt::format("{} would read from {}, which it happens before", name(r.event), name(w)),
            std::move(path));
        return false;
      }
      const Mask over = overwriters(hb, r.event, w, r.writers);
      if (over == 0) continue;
      std::optional<std::vector<ExplainedEdge>> best;
      unsigned by = 0;
      each_bit(over, [&](unsigned o) {
        auto path = *graph.path(w, o);
        const auto rest = *graph.path(o, r.event);
        path.insert(path.end(), rest.begin(), rest.end());
        if (!best || path.size() < best->size()) {
          best = std::move(path);
          by = o;
        }
      });
      best->push_back({w, r.event, EdgeKind::conflict, "would read from"});
      refute("HB3",
             fmt::format("{} would read from {}, but {} overwrites it and happens before the read",
                         name(r.event), name(w), name(by)),
             std::move(*best));
      return false;
    }
    if (tears()) return false;
    return order(hb, std::move(graph));
  }

  bool tears() {
    for (unsigned r = 0; r < n_; ++r) {
      const Access& a = access(r, false);
      if (!a.reads()) continue;
      Mask whole = 0;
      for (const Read& read : reads_) {
        if (read.event != r || read.length) continue;
        if (whole_write(a, read.source)) whole |= bit(read.source);
      }
      if (!torn(a, whole)) continue;
      std::vector<ExplainedEdge> edges;
      each_bit(whole, [&](unsigned w) {
        edges.push_back({w, r, EdgeKind::conflict, "would give some bytes"});
      });
      refute("TEAR",
             fmt::format("{} may not tear, but would mix the bytes of several writes", name(r)),
             std::move(edges));
      return true;
    }
    return false;
  }

  // The constraints of SC-last-visible as labelled edges; a cycle, or a witness.
  bool order(const Relation& hb, LabelledGraph graph) {
    Relation tot;
    tot.copy(hb);
    bool possible = true;
    const auto add = [&](unsigned from, unsigned to, std::string clause) {
      graph.add({from, to, EdgeKind::tot, std::move(clause)});
      possible = tot.add(from, to) && possible;
      return true;
    };
    for (const TotEdge& e : queues_.tot_edges()) {
      if (!hb.less(e.from, e.to)) add(e.from, e.to, "queue order, tot only (E27)");
    }
    struct Either {
      unsigned other, w, r;
    };
    std::vector<Either> eithers;
    for (const Read& read : reads_) {
      const unsigned r = read.event, w = read.source;
      if (!hb.less(w, r)) continue;
      Mask sync_r = 0, sync_w = 0;
      for (unsigned o = 0; o < n_; ++o) {
        if (!access(o, read.length).writes()) continue;
        if (o != r && sync(access(o, read.length), access(r, read.length))) sync_r |= bit(o);
        if (o != w && sync(access(o, read.length), access(w, read.length))) sync_w |= bit(o);
      }
      sc_last_visible(
          hb, r, w, sync_r, sync_w,
          [&](int clause, unsigned from, unsigned to) {
            return add(from, to,
                       clause == 2 ? fmt::format("SC-last-visible (2): {} reads from {}, which "
                                                 "happens before {}",
                                                 name(r), name(w), name(to))
                                   : fmt::format("SC-last-visible (3): {} reads from {}, and {} "
                                                 "happens before the read",
                                                 name(r), name(w), name(from)));
          },
          [&](unsigned other, unsigned w0, unsigned r0) { eithers.push_back({other, w0, r0}); });
    }
    return settle(eithers, tot, graph, possible);
  }

  template <typename Eithers>
  bool settle(const Eithers& eithers, Relation& tot, LabelledGraph& graph, bool possible) {
    const auto clause = [&](const auto& e) {
      return fmt::format("SC-last-visible (1): {} reads from {}, so {} is not between", name(e.r),
                         name(e.w), name(e.other));
    };
    const auto* open = eithers.data();
    for (bool changed = true; possible && changed;) {
      changed = false;
      open = nullptr;
      for (const auto& e : eithers) {
        if (tot.less(e.other, e.w) || tot.less(e.r, e.other)) continue;
        const bool first = !tot.less(e.w, e.other), second = !tot.less(e.other, e.r);
        if (first && second) {
          open = &e;
          continue;
        }
        const unsigned from = first ? e.other : e.r, to = first ? e.w : e.other;
        graph.add({from, to, EdgeKind::tot, clause(e)});
        possible = tot.add(from, to);
        changed = true;
        if (!possible) break;
      }
    }
    if (!possible) {
      refute("SCLV", "the total order of SC accesses would be cyclic", *graph.cycle());
      return false;
    }
    if (eithers.empty() || open == nullptr) return witness(tot);
    for (const bool first : {true, false}) {
      Relation next;
      next.copy(tot);
      LabelledGraph branch = graph;
      const unsigned from = first ? open->other : open->r, to = first ? open->w : open->other;
      branch.add({from, to, EdgeKind::tot, clause(*open)});
      next.add(from, to);
      if (settle(eithers, next, branch, true)) return true;
    }
    return false;
  }

  // Consistent with the axioms; the further clauses of `intended` are asked of the oracle.
  bool witness(const Relation& tot) {
    if (best_.tier == Tier::intended && !intended_allows()) return false;
    best_.allowed = true;
    best_.axiom = "allowed";
    best_.reason = "an execution that satisfies every axiom";
    describe();
    best_.edges.clear();
    std::set<std::pair<unsigned, unsigned>> seen;
    for (const Read& r : reads_) {
      if (r.length || !seen.insert({r.source, r.event}).second) continue;
      const bool synchronising = synchronises(access(r.source, false), access(r.event, false));
      best_.edges.push_back({r.source, r.event,
                             synchronising ? EdgeKind::synchronises : EdgeKind::reads_from,
                             synchronising ? "reads from, synchronises" : "reads from"});
    }
    best_.order.clear();
    Mask placed = 0;
    while (best_.order.size() < n_) {
      for (unsigned e = 0; e < n_; ++e) {
        if (has(placed, e) || (tot.before(e) & ~placed) != 0) continue;
        placed |= bit(e);
        best_.order.push_back(e);
        break;
      }
    }
    return true;
  }

  bool intended_allows() {
    if (!asked_) {
      Oracle oracle;
      const auto allowed = oracle.is_allowed(program_, wanted_, Tier::intended);
      intended_ = allowed && *allowed;
      asked_ = true;
    }
    if (!intended_) {
      refute(
          "intended",
          "the axioms allow it, but only out of thin air, by a store lost to an RMW, or by values "
          "that change after the threads have ended (clauses of `intended`)",
          {});
    }
    return intended_;
  }

  const Program& program_;
  const Lowered& lowered_;
  const Outcome& wanted_;
  const Reading reading_;
  ExprPool pool_;
  Skeleton skeleton_;
  QueueOrders queues_;
  std::vector<Read> reads_;
  std::vector<uint64_t> data_, length_;
  unsigned n_ = 0;
  Explanation best_;
  std::set<std::string> others_;
  bool torn_too_ = false;
  unsigned mixed_ = 0;  // places where a read takes neighbouring bytes from different writes
  std::tuple<unsigned, bool, size_t> best_rank_;
  bool asked_ = false, intended_ = false;
};

}  // namespace

Expected<Explanation> explain(const Program& program, const Outcome& outcome, Tier tier) {
  if (tier != Tier::literal && tier != Tier::intended) {
    return fail("{} is a machine: its outcomes have no axioms to explain", tier_name(tier));
  }
  const auto lowered = lower(program);
  if (!lowered) return tl::unexpected<Error>(lowered.error());
  return Explainer(program, *lowered, outcome, tier).run();
}

}  // namespace weft::model
