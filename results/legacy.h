// The profile wasi-threads-legacy: for engines that were frozen before the questions were settled,
// a failure of what the text of wasi-threads leaves open is a divergence. Knows no observations.
#pragma once

#include "results/record.h"

namespace weft::results {

// A FAIL or TIMEOUT whose rule is one of those rows becomes DIVERGES with severity low, and its
// reason says why.
void downgrade_for_legacy(Record& record);

}  // namespace weft::results
