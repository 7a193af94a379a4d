// The oracle: which outcomes of a litmus program are allowed, and in which tier. The input is a
// program value; no text format, no interpreter loop.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "reference/base/expected.h"
#include "reference/model/outcome.h"
#include "reference/model/program.h"
#include "reference/model/reading.h"

namespace weft::model {

// Sets of outcomes, from the weakest (docs/memory-model.md):
// literal   the axioms, slips of the text read as intended, its gaps in the weakest way
// intended  literal, with what the text leaves open read as it is meant
// tso, aarch64   plain compilation to x86-TSO and to ARMv8, no reordering by a compiler;
//           not defined for programs with wait, notify or grow (aarch64: see aarch64.h)
// sc        interleavings
enum class Tier : uint8_t { literal, intended, tso, aarch64, sc };
inline constexpr unsigned kTiers = 5;
const char* tier_name(Tier tier);

// A set of tiers, one bit each.
using Tiers = uint8_t;
constexpr Tiers tier_bit(Tier tier) {
  return static_cast<Tiers>(1u << static_cast<unsigned>(tier));
}
inline constexpr Tiers kAllTiers = (1u << kTiers) - 1;

struct AllowedOutcome {
  Outcome outcome;
  Tiers tiers = 0;
  // In `literal`, but only by executions whose values come out of thin air.
  bool thin_air = false;
};

// Outcomes of a cycle of plain accesses that only copies bytes, which nothing then determines: the
// open bits at one place have the same value in all tied slots, whatever it is (thin air, `literal`
// only).
struct UndeterminedOutcome {
  struct Tie {
    unsigned slot = 0;
    uint64_t bits = 0;  // the open ones
  };
  Outcome outcome;  // tied slots are present; open bits are 0
  std::vector<Tie> tied;

  bool contains(const Outcome& partial) const;
};

struct AllowedSet {
  std::vector<AllowedOutcome> outcomes;  // sorted by values, slots present, endings
  std::vector<UndeterminedOutcome> undetermined;
  Tiers computed = 0;  // asked for and defined for this program

  // Does some outcome of the tier satisfy a partial one? (Undetermined ones count.)
  bool contains(Tier tier, const Outcome& partial) const;
};

// Keeps its working memory between calls; one thread at a time.
class Oracle {
 public:
  Oracle();
  ~Oracle();

  // The allowed outcomes in each of the asked tiers. Error: the bound that the program breaks.
  Expected<AllowedSet> allowed(const Program& program, Tiers tiers = kAllTiers);
  // Membership of one outcome, complete or partial (parse_outcome), without the whole set.
  // Error: the bound that the program breaks, or that the tier is not defined for it.
  Expected<bool> is_allowed(const Program& program, const Outcome& outcome, Tier tier);
  // The same under a reading of its own: which gap of the text an outcome needs.
  Expected<bool> is_allowed(const Program& program, const Outcome& outcome, const Reading& reading);

 private:
  struct Work;
  std::unique_ptr<Work> work_;
};

// `0:r0=v 1:r1=v`, or `0:r0=v&0xff00|0x12` where only some bits are open.
std::string to_text(const OutcomeLayout& layout, const UndeterminedOutcome& outcome);

}  // namespace weft::model
