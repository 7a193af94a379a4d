// The folder that a failure leaves: repro/TEST@RUNTIME/ with the module as bytes and as text, a
// README, evidence sheet and run.sh (results/run_script.h), with the host program and the
// directories that run.sh needs. What goes into a bug report. Knows nothing of how the failure was
// found.
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

}  // namespace weft::results
