// The search of explain.h as a class in two parts: sources that give the outcome (explain.cc), and
// the judgement on one choice of them (explain_judge.cc).
#pragma once

#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "reference/model/axioms.h"
#include "reference/model/edges.h"
#include "reference/model/explain.h"
#include "reference/model/lower.h"
#include "reference/model/queue_order.h"
#include "reference/model/unroll.h"

namespace weft::model {

class Explainer {
  using EdgeKind = ExplainedEdge::Kind;

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

  Expected<Explanation> run();

 private:
  struct Read {
    unsigned event;
    bool length;
    uint64_t byte;
    Mask writers;
    unsigned source = 0;
  };

  bool skeleton();

  Mask writers(unsigned reader, bool length, uint64_t byte) const;

  // What the parent itself stores again is no candidate worth a word (HB3).
  bool parent_overwrites(unsigned w, bool length, uint64_t byte) const;

  // Would read i, with the sources chosen before it, tear against TEAR?
  bool tears_at(size_t i) const;

  bool whole_write(const Access& r, unsigned writer) const;

  const Access& access(unsigned e, bool length) const {
    return length ? skeleton_.items[e].event.length : skeleton_.items[e].event.data;
  }

  // What is demanded of the byte, where the written value is known.
  bool fits(const Read& read, unsigned w) const;

  bool choose(size_t i);

  bool values_hold();

  bool candidate();

  void program_order(Relation& hb, LabelledGraph& graph) const;

  static void edge(Relation& hb, LabelledGraph& graph, unsigned a, unsigned b, EdgeKind kind,
                   std::string clause) {
    hb.add(a, b);
    graph.add({a, b, kind, std::move(clause)});
  }

  void refute(std::string axiom, std::string reason, std::vector<ExplainedEdge> edges);

  std::string name(unsigned e) const;

  void describe();

  // True if no axiom forbids it: best_ is then the witness.
  bool judge(const Relation& base, const LabelledGraph& program);

  bool tears();

  // The constraints of SC-last-visible as labelled edges; a cycle, or a witness.
  bool order(const Relation& hb, LabelledGraph graph);

  template <typename Eithers>
  bool settle(const Eithers& eithers, Relation& tot, LabelledGraph& graph, bool possible);

  // Consistent with the axioms; the further clauses of `intended` are asked of the oracle.
  bool witness(const Relation& tot);

  bool intended_allows();

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
  ptrdiff_t clause_ = 0;  // of `intended`, counted from 1, that alone forbids it
};

}  // namespace weft::model
