// run.sh of a repro folder: starts the engine on the module beside it, as often as asked, and exits
// 1 when the failure shows. It needs a shell, the engine and what lies in the folder; no weft.
// Knows what a record says of the command line; not how folders are written.
#pragma once

#include <string>

#include "results/attempts.h"
#include "results/record.h"
#include "runners/runtime.h"

namespace weft::results {

// The text of run.sh. It expects copies of the test's directories (suite::host_directories) as
// `dirs/0`, `dirs/1`... beside itself. `${1:-20}` tries; ENGINE names another binary than the one
// of the record. A host program that is not ours cannot be driven from a shell: the script says so
// and exits 2.
std::string run_script(const Record& record, const Prepared& prepared,
                       const runners::RuntimeInfo& runtime);

// Folder of our host program, if the record's command line starts it; else empty. The script
// expects a copy of it as `host` beside itself.
std::string host_folder(const Record& record);

}  // namespace weft::results
