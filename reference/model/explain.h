// Why an outcome is allowed or forbidden: a witness execution, or the shortest refutation. Values;
// how they are printed or drawn is draw.h. Slow beside the oracle, and asked only for reports.
#pragma once

#include <string>
#include <vector>

#include "reference/base/expected.h"
#include "reference/model/model.h"

namespace weft::model {

struct ExplainedEvent {
  int thread = 0;    // kParent, kObserver, or a thread
  std::string text;  // `i32.store x 1`, `r0 = i32.load y` with the value read
};

// An edge between two events (indices) and the clause that makes it.
struct ExplainedEdge {
  enum class Kind : uint8_t { program_order, reads_from, synchronises, queue, tot, conflict };
  unsigned from = 0, to = 0;
  Kind kind = Kind::program_order;
  std::string clause;
};

struct Explanation {
  bool allowed = false;
  Tier tier = Tier::literal;
  // The pattern: `allowed`, or the axiom that forbids: `HB1`, `HB3`, `TEAR`, `SCLV`, `SUSP`, `HB`
  // (a cycle), `VALUE` (no execution returns these values), or a clause of
  // `intended`: `thin-air`, `lost-store`, `stable-after-join`, or several of them: `intended`.
  std::string axiom;
  std::string reason;  // one or two sentences
  std::vector<ExplainedEvent> events;
  // The argument: for HB3 the happens-before path through the overwriting write, for SCLV the cycle
  // through tot; for a witness reads-from and what synchronises.
  std::vector<ExplainedEdge> edges;
  std::vector<unsigned> order;            // witness: a total order of the events
  uint64_t candidates = 0;                // choices of sources that give the outcome's values
  std::vector<std::string> other_axioms;  // that forbid the other candidates, each once, sorted
  bool complete = true;                   // false: too many candidates to look at all
};

// `outcome` complete or partial. Tier: literal or intended. Error: a bound that the program breaks.
Expected<Explanation> explain(const Program& program, const Outcome& outcome, Tier tier);

}  // namespace weft::model
