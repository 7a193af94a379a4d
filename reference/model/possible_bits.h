// Which bits of the numbers that events write can be set at all, before any source is chosen. Knows
// events and expressions; no axiom, no search.
#pragma once

#include <cstdint>

#include "reference/model/skeleton.h"

namespace weft::model {

// For each event that writes data: a mask outside which every bit of its number is 0, in all
// executions whose values do not come out of thin air.
void possible_bits(const Skeleton& skeleton, const ExprPool& pool, uint64_t* bits);

}  // namespace weft::model
