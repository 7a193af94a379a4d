// The text of a new, commented descriptor (`weft runtimes new NAME`). Reads no descriptor.
#pragma once

#include <string>

namespace weft::runners {

// `family` must be a family's name: lower-case words joined by '-'.
std::string descriptor_template(const std::string& family);
bool is_family_name(const std::string& text);

}  // namespace weft::runners
