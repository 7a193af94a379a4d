// A word as a POSIX shell reads it back, for commands that people repeat. Knows no command.
#pragma once

#include <string>
#include <string_view>

namespace weft {

// The word itself where no character of it has a meaning; else in single quotes.
inline std::string shell_quoted(std::string_view word) {
  const bool plain = !word.empty() && word.find_first_not_of(
                                          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                          "0123456789-_=+:,./@%") == std::string_view::npos;
  if (plain) return std::string(word);
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? "'\\''" : std::string(1, c);
  return text + "'";
}

}  // namespace weft
