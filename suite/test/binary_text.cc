#include "suite/test/binary_text.h"

#include <algorithm>

#include "reference/module/text/number.h"

namespace weft::suite {
namespace {

using module::text::hex_digit;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Position after white space and comments; `(; ;)` may nest.
size_t skip_blank(std::string_view text, size_t at) {
  while (at < text.size()) {
    if (is_space(text[at])) {
      ++at;
    } else if (text.substr(at, 2) == ";;") {
      at = std::min(text.find('\n', at), text.size());
    } else if (text.substr(at, 2) == "(;") {
      int depth = 0;
      do {
        if (text.substr(at, 2) == "(;") {
          ++depth;
          at += 2;
        } else if (text.substr(at, 2) == ";)") {
          --depth;
          at += 2;
        } else {
          ++at;
        }
      } while (depth > 0 && at < text.size());
    } else {
      break;
    }
  }
  return at;
}

// Takes `word` at `at`, after blanks; npos if something else is there.
size_t take(std::string_view text, size_t at, std::string_view word) {
  if (at == std::string_view::npos) return at;
  at = skip_blank(text, at);
  if (text.substr(at, word.size()) != word) return std::string_view::npos;
  const size_t end = at + word.size();
  const bool letter = word.back() != '(' && word.back() != ')';
  if (letter && end < text.size() && !is_space(text[end]) && text[end] != '"' && text[end] != '(' &&
      text[end] != ')' && text[end] != ';') {
    return std::string_view::npos;
  }
  return end;
}

size_t after_head(std::string_view text) {
  return take(text, take(text, take(text, 0, "("), "module"), "binary");
}

}  // namespace

bool is_binary_text(std::string_view source) {
  return after_head(source) != std::string_view::npos;
}

Expected<Bytes> read_binary_text(std::string_view source, const std::string& path) {
  size_t at = after_head(source);
  auto here = [&] {
    const auto end = source.begin() + std::min(at, source.size());
    return fmt::format("{}:{}", path, 1 + std::count(source.begin(), end, '\n'));
  };
  if (at == std::string_view::npos) {
    at = 0;
    return fail("{}: expected (module binary ...)", here());
  }
  Bytes bytes;
  while (true) {
    at = skip_blank(source, at);
    if (at >= source.size()) return fail("{}: expected a string or `)`, found the end", here());
    if (source[at] == ')') break;
    if (source[at] != '"') return fail("{}: expected a string or `)`", here());
    ++at;
    while (at < source.size() && source[at] != '"') {
      const char c = source[at];
      if (c == '\n') return fail("{}: the string does not end on its line", here());
      if (c != '\\') {
        bytes.push_back(static_cast<uint8_t>(c));
        ++at;
        continue;
      }
      const char next = at + 1 < source.size() ? source[at + 1] : '\0';
      static constexpr std::string_view kNames = "nrt\"'\\";
      static constexpr std::string_view kValues = "\n\r\t\"'\\";
      if (const size_t named = kNames.find(next); named != std::string_view::npos) {
        bytes.push_back(static_cast<uint8_t>(kValues[named]));
        at += 2;
        continue;
      }
      const int high = hex_digit(next);
      const int low = at + 2 < source.size() ? hex_digit(source[at + 2]) : -1;
      if (high < 0 || low < 0)
        return fail("{}: expected two hexadecimal digits after `\\`", here());
      bytes.push_back(static_cast<uint8_t>(16 * high + low));
      at += 3;
    }
    if (at >= source.size()) return fail("{}: the string does not end", here());
    ++at;
  }
  at = skip_blank(source, at + 1);
  if (at < source.size()) return fail("{}: expected the end of the file", here());
  return bytes;
}

}  // namespace weft::suite
