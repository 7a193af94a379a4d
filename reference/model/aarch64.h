// Outcomes under the plain mapping to ARMv8: ldr/str for plain accesses, ldar/stlr for SC ones,
// acquire-release LSE instructions for RMW and compare-exchange, dmb ish for atomic.fence; no
// reordering by a compiler. By the axioms of the architecture (Arm ARM, section B2.3, "external"
// and "internal visibility", "atomic"); they are simple as long as accesses that overlap have equal
// ranges, and only then the tier is defined.
#pragma once

#include "reference/model/lower.h"
#include "reference/model/outcome_set.h"

namespace weft::model {

// Is the tier defined: no wait, notify, grow, bulk operation or trap, and all accesses that overlap
// aligned and of equal ranges?
bool aarch64_defined(const Lowered& program);

// Fills `set` (reset first). Error: a bound that the program breaks.
Expected<bool> aarch64(const Lowered& program, OutcomeSet& set);

}  // namespace weft::model
