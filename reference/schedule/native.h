// The native scheduler: every agent on an OS thread of its own, visible operations at once. Parks
// agents that wait, ends all of them when one ends the group, joins all before it returns.
// Knows no WASI and no model.
#pragma once

#include "reference/schedule/embedder.h"

namespace weft::schedule {

struct NativeOptions {
  uint32_t max_threads = 4096;  // agents alive at once, the main one included
  // End with Kind::kDeadlock when every agent waits for a notify without a timeout; otherwise such
  // a program waits for ever, as on any runtime.
  bool end_deadlocks = false;
};

// Runs `main` on the calling thread and what it spawns on threads of their own. Returns with every
// thread joined and no agent left. Uses no process-wide state: programs may run one after the other
// and at the same time.
Ending run_native(Embedder& embedder, std::unique_ptr<Agent> main, NativeOptions options = {});

}  // namespace weft::schedule
