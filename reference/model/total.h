// Is there a total order `tot` that extends hb and satisfies SC-last-visible? By constraint
// propagation on a partial order: any linear extension of a solution is a tot, so no linearisation
// is ever enumerated (docs/memory-model.md).
#pragma once

#include <vector>

#include "reference/model/axioms.h"

namespace weft::model {

// A read and the writes of one region from which it takes bytes.
struct ReadSources {
  unsigned reader = 0;
  Mask sources = 0;
};

struct TotEdge {
  unsigned from = 0, to = 0;
};

class TotalOrder {
 public:
  // `sync_with[e]`: the writes of that region, without e, that synchronise with e.
  struct Region {
    const ReadSources* reads = nullptr;
    unsigned count = 0;
    const Mask* sync_with = nullptr;
  };

  // True if tot exists; `order` is then a partial order whose linear extensions all are one.
  // `edges`: further demands (the order of the queues). Allocates nothing once warm.
  bool solve(const Relation& hb, const TotEdge* edges, unsigned edge_count, const Region* regions,
             unsigned region_count);
  const Relation& order() const { return order_; }

 private:
  // W' before W, or R before W'.
  struct Either {
    unsigned other, w, r;
  };
  bool propagate(unsigned depth);

  Relation order_;
  std::vector<Either> eithers_;
  std::vector<Relation> saved_;
};

}  // namespace weft::model
