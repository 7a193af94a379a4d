// Whose fault a failure is: which requirements are judged against the engine, and which against a
// host program of ours that supplies the part. Data: provider.def. Knows no observations.
#pragma once

#include <string>
#include <vector>

#include "runners/observation.h"

namespace weft::results {

// Does weft, and not the engine, provide what this requirement judges on such a runtime?
bool is_ours(const std::string& requirement, const runners::Provides& provides);

// True if `requirements` is not empty and weft provides what every one of them judges.
bool all_ours(const std::vector<std::string>& requirements, const runners::Provides& provides);

}  // namespace weft::results
