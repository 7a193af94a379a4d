// The evidence sheet of a failure: what is known of it on one page, for a bug report. Text only;
// what the oracle says comes from outside.
#pragma once

#include <string>

#include "results/attempts.h"
#include "results/record.h"
#include "runners/runtime.h"

namespace weft::results {

// The compact form for the terminal, lines indented by two spaces: outcome and rate, why, engine
// and flags, seed, module, the command that repeats it. `repro_folder`: of this failure, or empty.
std::string evidence_lines(const Record& record, const std::string& repro_folder);

// The whole sheet (Markdown): also the test, the table of outcomes, and how strong the stimulus
// was.
std::string evidence_sheet(const Record& record, const Prepared& prepared,
                           const runners::RuntimeInfo& runtime);

// For a litmus failure: the outcomes of the histogram that the oracle forbids.
std::vector<std::string> forbidden_outcomes(const Record& record, const Prepared& prepared);

}  // namespace weft::results
