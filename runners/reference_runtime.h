// The reference as a runtime: `weft exec` in a child process, isolated like every other engine. The
// status file says how the run ended, so that kinds of traps and refusals are known.
#pragma once

#include <memory>

#include "runners/descriptor.h"

namespace weft::runners {

// Fills found, bin and version: the reference is this very program (or ${WEFT_BINARY}, for tests
// and for a library inside another program).
void locate_reference(RuntimeInfo& info);

// `set.threading_model` of the descriptor and `info.flags` go to `weft exec`.
std::unique_ptr<Runtime> make_reference_runtime(const Described& runtime);

}  // namespace weft::runners
