#include "suite/litmus/lexer.h"

#include <algorithm>
#include <charconv>
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
        if (!given) return std::nullopt;
        payload = *given;
      }
      return sign | payload | (type == 'f' ? uint64_t{0xFF} << 23 : uint64_t{0x7FF} << 52);
    }
    const std::string copy(text);
    char* end = nullptr;
    if (type == 'f') {
      const float value = std::strtof(copy.c_str(), &end);
      if (*end || copy.empty()) return std::nullopt;
      uint32_t bits;
      std::memcpy(&bits, &value, sizeof bits);
      return bits;
    }
    const double value = std::strtod(copy.c_str(), &end);
    if (*end || copy.empty()) return std::nullopt;
    uint64_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
  }
  const auto value = parse_unsigned(digits);
  if (!value) return std::nullopt;
  return negative ? uint64_t{0} - *value : *value;
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
