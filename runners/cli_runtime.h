// Runtimes of kind `cli`: one process a case. Knows descriptors and processes, no engine.
#pragma once

#include <memory>

#include "runners/descriptor.h"

namespace weft::runners {

std::unique_ptr<Runtime> make_cli_runtime(const Described& runtime);

}  // namespace weft::runners
