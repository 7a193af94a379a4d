// Checks JSON against a schema: the part of JSON Schema (draft 2020-12) that our own files need,
// and no more: type, required, properties, additionalProperties, enum, pattern, items, oneOf.
// Also reads JSON text, with `//` and `/* */` comments, so that one message names file, line and
// what was expected. Knows no particular format.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "reference/base/expected.h"

namespace weft {

// `where` is the file, for messages: "FILE:LINE:COLUMN: what was expected".
Expected<nlohmann::json> parse_json(std::string_view text, const std::string& where);
Expected<nlohmann::json> read_json(const std::string& path);

// The first violation: "FILE: versions[0].name: expected a string, got 3". `type` is a name or a
// list of names; `additionalProperties` false or a schema; `pattern` is an ECMAScript expression
// that is searched, not anchored. A keyword that is not one of those named above (or $schema, $id,
// title, description) is an error of the schema itself: nothing is silently left unchecked.
Expected<void> check_schema(const nlohmann::json& value, const nlohmann::json& schema,
                            const std::string& where);

}  // namespace weft
