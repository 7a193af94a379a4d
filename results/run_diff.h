// What changed between two runs: improved, regressed, changed otherwise, new, gone. Judges nothing
// and prints nothing.
#pragma once

#include <string>
#include <vector>

#include "results/tally.h"

namespace weft::results {

struct Changes {
  std::vector<std::string> improved, regressed, changed, added, gone;  // lines for people, sorted
};

// Regressed: a case that did not fail, and now does.
Changes diff(const Tally& before, const Tally& after);
std::string to_text(const Changes& changes);

}  // namespace weft::results
