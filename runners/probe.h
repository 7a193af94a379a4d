// What a runtime can do, found out with tiny modules and not by claims. The names are those that a
// test's `needs` uses. Knows runtimes, judges nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runners/descriptor.h"

namespace weft::runners {

struct Probe {
  std::string_view feature, wat;
};
// In the order of probes.def.
const std::vector<Probe>& probes();

// Fills info.features and info.lacks of a runtime that was found. The answer is kept in
// $WEFT_CACHE/probes under a hash of the binary, its command line and the probes, and not asked
// again. An error (the runtime cannot be started at all) leaves both empty and is not kept.
Expected<void> probe(Described& runtime);

}  // namespace weft::runners
