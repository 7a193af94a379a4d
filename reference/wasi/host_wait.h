// Waiting on the host for what a blocked call reported: for threads that may really sleep. Knows no
// guest and no scheduler.
#pragma once

#include "reference/wasi/call.h"

namespace weft::wasi {

// Returns when one of the call's descriptors is ready or was closed, when its time has come, or
// when the process stops (Process::stop). Spurious returns are allowed: the call is tried again.
void wait_on_host(Process& process, const CallState& state);

}  // namespace weft::wasi
