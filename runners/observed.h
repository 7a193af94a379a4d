// What supervision saw of an engine's process, as an observation of a case.
#pragma once

#include "runners/observation.h"
#include "runners/process.h"

namespace weft::runners {

// Takes streams, times and the way it ended into `seen`. An exit is End::kExit with the process's
// own code; what that code means is the adapter's to say.
void observe(ProcessResult&& result, Observation& seen);

}  // namespace weft::runners
