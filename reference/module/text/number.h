// Numeric literals of the text format (core spec, text/values). Knows no tokens and no grammar.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace weft::module::text {

enum class Literal : uint8_t { kOk, kMalformed, kOutOfRange };

template <typename T>
struct Parsed {
  Literal status = Literal::kMalformed;
  T value = 0;
};

// -1: `c` is no hexadecimal digit.
constexpr int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// An unsigned number of at most `bits` bits, without sign.
Parsed<uint64_t> parse_nat(std::string_view text, unsigned bits);
// iN: signed or unsigned, as its bits.
Parsed<uint64_t> parse_int(std::string_view text, unsigned bits);
// fN as its bits, correctly rounded; "nan", "nan:0x...", "inf".
Parsed<uint32_t> parse_f32(std::string_view text);
Parsed<uint64_t> parse_f64(std::string_view text);

}  // namespace weft::module::text
