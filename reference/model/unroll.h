// All choices of control paths of a program, as skeletons: compare-exchange that succeeds or fails,
// branches, waits that differ, are woken, time out or stay suspended, bounds checks that a grow can
// decide, grows that succeed or fail. Knows what each instruction emits (threads proposal,
// exec/instructions); no reads-from, no axiom.
#pragma once

#include <functional>
#include <string>

#include "reference/model/lower.h"
#include "reference/model/skeleton.h"

namespace weft::model {

// What the readings of the specification's gaps change in the events themselves.
struct UnrollOptions {
  bool fences = false;              // atomic.fence has an effect (tier intended)
  bool split_bulk = true;           // a bulk operation may trap in the middle
  const Outcome* wanted = nullptr;  // only paths that can still give this partial outcome
};

// Calls `visit` for each skeleton; it returns true to stop. The skeleton is changed afterwards.
// Error: the bound that the program breaks.
Expected<bool> unroll(const Lowered& program, const UnrollOptions& options, ExprPool& pool,
                      Skeleton& skeleton, const std::function<bool()>& visit);

}  // namespace weft::model
