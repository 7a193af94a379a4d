// An explanation printed: as text, JSON, DOT, and as an SVG drawing of our own (threads side by
// side, the argument as arrows, its clauses below). Knows no axiom.
#pragma once

#include <string>

#include "reference/model/explain.h"

namespace weft::model {

std::string explanation_text(const Explanation& explanation);
// {"allowed", "tier", "axiom", "reason", "events": [{"thread", "text"}], "edges": [{"from", "to",
// "kind", "clause"}], "order", "candidates", "other_axioms", "complete"}
std::string explanation_json(const Explanation& explanation);
std::string explanation_dot(const Explanation& explanation, const std::string& name);
// A whole SVG document; dark mode by `prefers-color-scheme`; no fonts or scripts from elsewhere.
std::string explanation_svg(const Explanation& explanation, const std::string& name);

}  // namespace weft::model
