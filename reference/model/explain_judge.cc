// One choice of sources against the axioms: the happens-before path or the cycle through tot that
// forbids it, with the clause of each edge, or the order that allows it.
#include <algorithm>

#include "reference/model/describe.h"
#include "reference/model/explainer.h"
#include "reference/model/lanes.h"

namespace weft::model {

void Explainer::program_order(Relation& hb, LabelledGraph& graph) const {
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
    const bool last =
        e + 1 == observer || skeleton_.items[e + 1].event.thread != skeleton_.items[e].event.thread;
    if (last) edge(hb, graph, e, observer, EdgeKind::program_order, "after the threads have ended");
  }
}

void Explainer::refute(std::string axiom, std::string reason, std::vector<ExplainedEdge> edges) {
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

std::string Explainer::name(unsigned e) const {
  const int t = skeleton_.items[e].event.thread;
  const std::string text = event_text(program_, skeleton_.items[e]);
  return t < 0 ? fmt::format("`{}`", text) : fmt::format("`{}: {}`", t, text);
}

void Explainer::describe() {
  best_.events.clear();
  for (unsigned e = 0; e < n_; ++e) {
    const Skeleton::Item& item = skeleton_.items[e];
    std::string text = event_text(program_, item);
    if (item.event.data.reads()) text += fmt::format(" reads {}", data_[e]);
    if (item.event.length.reads()) text += fmt::format(", length {}", length_[e]);
    best_.events.push_back({item.event.thread, std::move(text)});
  }
}

bool Explainer::judge(const Relation& base, const LabelledGraph& program) {
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
      refute("HB1",
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

bool Explainer::tears() {
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

template <typename Eithers>
bool Explainer::settle(const Eithers& eithers, Relation& tot, LabelledGraph& graph, bool possible) {
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

bool Explainer::order(const Relation& hb, LabelledGraph graph) {
  Relation tot;
  tot.copy(hb);
  bool possible = true;
  const auto add = [&](unsigned from, unsigned to, std::string clause) {
    graph.add({from, to, EdgeKind::tot, std::move(clause)});
    possible = tot.add(from, to) && possible;
    return true;
  };
  for (const TotEdge& e : queues_.tot_edges()) {
    if (!hb.less(e.from, e.to)) add(e.from, e.to, "queue order, in tot only (ruling notify_zero)");
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

bool Explainer::witness(const Relation& tot) {
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

namespace {

// The clauses of `intended` that are no axioms: the gap of the text that each closes.
struct Clause {
  bool Reading::* gap;
  const char* axiom;
  const char* reason;
};
constexpr Clause kClauses[] = {
    {&Reading::thin_air, "thin-air",
     "the axioms allow it, but only out of thin air: its values come from a cycle of reads and "
     "dependencies"},
    {&Reading::rmw_loses_store, "lost-store",
     "the axioms allow it, but only because a plain store is lost to an RMW of its range that did "
     "not read it, and whose result is seen after the join"},
    {&Reading::joined_flickers, "stable-after-join",
     "the axioms allow it, but only if two reads after all writes of a byte disagree"}};

}  // namespace

bool Explainer::intended_allows() {
  if (!asked_) {
    Oracle oracle;
    const auto allowed = oracle.is_allowed(program_, wanted_, Tier::intended);
    intended_ = allowed && *allowed;
    asked_ = true;
    for (const Clause& clause : kClauses) {
      if (intended_ || clause_) break;
      Reading without = Reading::intended();
      without.*clause.gap = true;
      const auto then = oracle.is_allowed(program_, wanted_, without);
      if (then && *then) clause_ = &clause - kClauses + 1;
    }
  }
  if (!intended_) {
    const Clause* clause = clause_ ? &kClauses[clause_ - 1] : nullptr;
    refute(clause ? clause->axiom : "intended",
           clause ? clause->reason
                  : "the axioms allow it, but only against several clauses of `intended` at once "
                    "(thin air, a store lost to an RMW, values that change after the join)",
           {});
  }
  return intended_;
}

}  // namespace weft::model
