// Expectation files made from a run: what failed becomes expected, for a person to review. Judges
// nothing.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "results/expectations.h"
#include "results/tally.h"

namespace weft::results {

// The file of `family` with a rule added for each failure of the run that none of its rules
// expects yet, and with the rules taken out that expect a test which no longer fails. `issue` and
// `note` of a new rule say that they are to be written. `current` is null for a new file.
nlohmann::json updated_expectations(const nlohmann::json& current, const std::string& family,
                                    const nlohmann::json& run_header, const Tally& tally);

}  // namespace weft::results
