// Outcomes by running: every interleaving of a program on a simple machine, states remembered.
// Each access is indivisible; fill, copy and init go byte by byte. Knows no axiom.
#pragma once

#include "reference/model/lower.h"
#include "reference/model/outcome_set.h"

namespace weft::model {

// sc   one memory, each operation at once
// tso  x86: plain stores go to a first-in-first-out buffer of the thread, from which its own loads
//      are served byte by byte; SC stores (xchg), RMW, compare-exchange and atomic.fence drain it
enum class Machine : uint8_t { sc, tso };

// Fills `set` (reset first). Error: the bound that is broken (states).
Expected<bool> interleave(const Lowered& program, Machine machine, OutcomeSet& set);

}  // namespace weft::model
