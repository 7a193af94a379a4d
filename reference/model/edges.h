// A graph of events whose edges carry the clause that made them: finds the shortest path, and so
// the shortest cycle, to show. For explanations; the searches use Relation.
#pragma once

#include <optional>
#include <vector>

#include "reference/model/explain.h"

namespace weft::model {

class LabelledGraph {
 public:
  explicit LabelledGraph(unsigned events) : out_(events) {}

  void add(ExplainedEdge edge) { out_[edge.from].push_back(std::move(edge)); }

  // The fewest edges from `from` to `to` (at least one edge); nothing: there is no path.
  std::optional<std::vector<ExplainedEdge>> path(unsigned from, unsigned to) const {
    std::vector<const ExplainedEdge*> came(out_.size(), nullptr);
    std::vector<unsigned> front = {from};
    for (size_t i = 0; i < front.size(); ++i) {
      for (const ExplainedEdge& e : out_[front[i]]) {
        if (came[e.to] != nullptr) continue;
        came[e.to] = &e;
        if (e.to == to) {
          std::vector<ExplainedEdge> edges;
          for (unsigned at = to; edges.empty() || at != from;) {
            edges.insert(edges.begin(), *came[at]);
            at = came[at]->from;
          }
          return edges;
        }
        front.push_back(e.to);
      }
    }
    return std::nullopt;
  }

  // A cycle of the fewest edges, if there is one.
  std::optional<std::vector<ExplainedEdge>> cycle() const {
    std::optional<std::vector<ExplainedEdge>> best;
    for (unsigned e = 0; e < out_.size(); ++e) {
      auto found = path(e, e);
      if (found && (!best || found->size() < best->size())) best = std::move(found);
    }
    return best;
  }

 private:
  std::vector<std::vector<ExplainedEdge>> out_;
};

}  // namespace weft::model
