#include "suite/litmus/lexer.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>

namespace weft::suite::litmus {

std::vector<Token> words(std::string_view line, unsigned number) {
  std::vector<Token> out;
  size_t at = 0;
  while (at < line.size()) {
    const char c = line[at];
    if (c == '#') break;
    if (c == ' ' || c == '\t' || c == '\r') {
      ++at;
      continue;
    }
    const size_t start = at;
    if (c == '"') {
      ++at;
      while (at < line.size() && line[at] != '"') at += line[at] == '\\' ? 2 : 1;
      at = std::min(at + 1, line.size());
    } else if (c == '{' || c == '}' || c == ';') {
      ++at;
    } else {
      while (at < line.size() && !std::strchr(" \t\r#{};", line[at])) ++at;
    }
    out.push_back(
        {std::string(line.substr(start, at - start)), {number, static_cast<unsigned>(start + 1)}});
  }
  return out;
}

std::optional<uint64_t> parse_unsigned(std::string_view text) {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    base = 16;
    text.remove_prefix(2);
  }
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

std::optional<uint64_t> parse_constant(std::string_view text, char type) {
  const bool negative = text.starts_with("-");
  std::string_view digits = text;
  if (negative || text.starts_with("+")) digits.remove_prefix(1);
  if (type == 'f' || type == 'F') {
    const uint64_t sign = negative ? (type == 'f' ? uint64_t{1} << 31 : uint64_t{1} << 63) : 0;
    if (digits.starts_with("nan")) {
      uint64_t payload = type == 'f' ? uint64_t{1} << 22 : uint64_t{1} << 51;
      if (digits.size() > 3) {
        const auto given = digits[3] == ':' ? parse_unsigned(digits.substr(4)) : std::nullopt;
        if (!given || *given == 0 || *given >> (type == 'f' ? 23 : 52) != 0) return std::nullopt;
        payload = *given;
      }
      return sign | payload | (type == 'f' ? uint64_t{0xFF} << 23 : uint64_t{0x7FF} << 52);
    }
    const std::string copy(text);
    char* end = nullptr;
    const bool infinite = digits.starts_with("inf");
    if (type == 'f') {
      const float value = std::strtof(copy.c_str(), &end);
      if (*end || copy.empty() || (std::isinf(value) && !infinite)) return std::nullopt;
      uint32_t bits;
      std::memcpy(&bits, &value, sizeof bits);
      return bits;
    }
    const double value = std::strtod(copy.c_str(), &end);
    if (*end || copy.empty() || (std::isinf(value) && !infinite)) return std::nullopt;
    uint64_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
  }
  const auto value = parse_unsigned(digits);
  if (!value) return std::nullopt;
  const uint64_t most = type == 'i' ? 0xFFFFFFFF : ~uint64_t{0};
  if (*value > (negative ? most / 2 + 1 : most)) return std::nullopt;
  return (negative ? uint64_t{0} - *value : *value) & most;
}

std::optional<NoText> no_text(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  for (size_t i = 0; i < line.size();) {
    const unsigned column = static_cast<unsigned>(i + 1);
    const unsigned char c = static_cast<unsigned char>(line[i]);
    if ((c < 0x20 && c != '\t') || c == 0x7F) {
      return NoText{column, "a control character: expected text"};
    }
    // Length of a sequence, and the least value of its second byte (no overlong forms, no
    // surrogates, nothing beyond U+10FFFF).
    const size_t length = c < 0x80                ? 1
                          : c >= 0xC2 && c < 0xE0 ? 2
                          : c >= 0xE0 && c < 0xF0 ? 3
                          : c >= 0xF0 && c < 0xF5 ? 4
                                                  : 0;
    bool good = length != 0 && i + length <= line.size();
    for (size_t k = 1; good && k < length; ++k) {
      const unsigned char next = static_cast<unsigned char>(line[i + k]);
      good = next >= 0x80 && next < 0xC0;
      if (k > 1) continue;
      good = good && (c != 0xE0 || next >= 0xA0) && (c != 0xED || next < 0xA0) &&
             (c != 0xF0 || next >= 0x90) && (c != 0xF4 || next < 0x90);
    }
    if (!good) return NoText{column, "a byte that is no UTF-8: expected text in UTF-8"};
    i += length;
  }
  return std::nullopt;
}

bool is_name(std::string_view text) {
  if (text.empty() || !(std::isalpha(static_cast<unsigned char>(text[0])) || text[0] == '_')) {
    return false;
  }
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '_' || c == '.' || c == '\'';
  });
}

}  // namespace weft::suite::litmus
