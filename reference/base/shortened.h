// Text from outside in a message: names and tokens may be megabytes long, a message may not. Knows
// no format.
#pragma once

#include <string>
#include <string_view>

namespace weft {

// At most `most` bytes of `text` and "..." where it is longer; no UTF-8 sequence is cut in two.
inline std::string shortened(std::string_view text, size_t most = 200) {
  if (text.size() <= most) return std::string(text);
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return std::string(text.substr(0, most)) + "...";
}

}  // namespace weft
