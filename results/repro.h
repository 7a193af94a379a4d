// The folder that a failure leaves: repro/TEST@RUNTIME/ with the module as bytes and as text, a
// README and run.sh, which needs no weft and exits 1 when the failure shows. What goes into a bug
// report. Knows nothing of how the failure was found.
#pragma once

#include <string>

#include "results/attempts.h"
#include "results/record.h"
#include "runners/runtime.h"
#include "suite/test/requirements.h"

namespace weft::results {

// Name of the folder below repro/: `/` and `:` are written as `+`.
std::string repro_name(const Record& record);

Expected<void> write_repro(const std::string& run_folder, const Record& record,
                           const Prepared& prepared, const runners::RuntimeInfo& runtime,
                           const suite::Requirements& requirements);

// run.sh for this case; a sentence in a comment where it cannot be replayed without weft.
std::string repro_script(const Record& record, const Prepared& prepared,
                         const runners::RuntimeInfo& runtime);

}  // namespace weft::results
