// Matching of names against patterns: `*` any characters, `/` included; `?` one character.
// Knows nothing of what the names mean.
#pragma once

#include <string_view>

namespace weft::suite {

bool glob_match(std::string_view pattern, std::string_view name);
bool has_glob(std::string_view pattern);

}  // namespace weft::suite
