// How `weft exec` reports what a run came to: messages, exit code, status file. Runs nothing.
#pragma once

#include <string>

#include "reference/base/expected.h"
#include "reference/embed/run.h"

namespace weft::cli {

// Results of --invoke on standard output, everything else on standard error after "weft:".
void print_result(const std::string& module, const embed::RunResult& result);
// docs/exit-codes.md, "weft exec".
int exit_code(const embed::RunResult& result);
// {"exit": n}, {"trap": kind, ...}, {"reject": stage, ...}, {"deadlock": [...]}, {"failed": why}.
Expected<void> write_status(const std::string& path, const embed::RunResult& result);

}  // namespace weft::cli
