// What a test whose `expect` is "explore" may end with: found by running every schedule of it on
// the reference. Knows no runtimes.
#pragma once

#include <set>
#include <string>

#include "reference/base/expected.h"
#include "reference/base/files.h"
#include "reference/wasi/process.h"
#include "suite/test/test.h"

namespace weft::results {

// Outcomes as outcome_text (reference/embed/explore.h) says them. Errors: the module is refused, it
// has more schedules than are tried (20,000), or one that does not end with an exit code.
Expected<std::set<std::string>> explored_outcomes(const suite::Test& test, const Bytes& wasm);

// What the header of a test gives its process: arguments behind `name`, environment, directories.
void give_header(const suite::Test& test, const std::string& name, wasi::ProcessConfig& process);

}  // namespace weft::results
