// A case as a process and back: what it binds of the process that runs it, and what supervision saw
// as an observation. Knows no engine and no oracle.
#pragma once

#include "runners/observation.h"
#include "runners/process.h"

namespace weft::runners {

// Takes streams, times and the way it ended into `seen`. An exit is End::kExit with the process's
// own code; what that code means is the adapter's to say.
void observe(ProcessResult&& result, Observation& seen);

// What of a case binds the process that runs it: standard input, limits, processors. `seen` keeps
// the directories that it is given.
void bind_case(const Case& one, ProcessSpec& spec, Observation& seen);

// Runs the process and observes it; false: it could not be started, and `seen` says why.
bool run_observed(const ProcessSpec& spec, Observation& seen);

}  // namespace weft::runners
