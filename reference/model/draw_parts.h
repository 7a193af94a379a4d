// What the writers of explanations share. Not for others.
#pragma once

#include <string>

#include "reference/model/explain.h"

namespace weft::model {

const char* kind_name(ExplainedEdge::Kind kind);
// `parent`, `after the join`, `thread 2`
std::string who(int thread);

}  // namespace weft::model
