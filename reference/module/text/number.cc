#include "reference/module/text/number.h"

#include <bit>
#include <cmath>
#include <cstdlib>
#include <string>

namespace weft::module::text {
namespace {

bool is_digit(char c, bool hex) {
  return (c >= '0' && c <= '9') || (hex && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')));
}

// Digits from `at` on, "_" between two of them dropped, appended to `out`. False: none there, or a
// misplaced "_".
bool digits(std::string_view s, size_t& at, bool hex, std::string& out) {
  const size_t start = at;
  while (at < s.size()) {
    if (is_digit(s[at], hex)) {
      out += s[at++];
    } else if (s[at] == '_' && at > start && is_digit(s[at - 1], hex) && at + 1 < s.size() &&
               is_digit(s[at + 1], hex)) {
      ++at;
    } else {
      break;
    }
  }
  return at > start;
}

bool take(std::string_view s, size_t& at, std::string_view what) {
  if (s.substr(at, what.size()) != what) return false;
  at += what.size();
  return true;
}

// A float in the syntax that strtod takes, or empty: not of the grammar.
std::string clean_float(std::string_view s, size_t at) {
  std::string out;
  const bool hex = take(s, at, "0x");
  if (hex) out = "0x";
  if (!digits(s, at, hex, out)) return {};
  if (take(s, at, ".")) {
    out += '.';
    if (at < s.size() && is_digit(s[at], hex)) digits(s, at, hex, out);
  }
  if (at < s.size() && (hex ? s[at] == 'p' || s[at] == 'P' : s[at] == 'e' || s[at] == 'E')) {
    out += s[at++];
    if (at < s.size() && (s[at] == '+' || s[at] == '-')) out += s[at++];
    if (!digits(s, at, false, out)) return {};
  }
  return at == s.size() ? out : std::string();
}

template <typename Bits, typename Float, int kMantissa>
Parsed<Bits> parse_float(std::string_view s, Float (*convert)(const char*, char**)) {
  constexpr Bits kOne = 1;
  constexpr Bits kSign = kOne << (sizeof(Bits) * 8 - 1);
  constexpr Bits kInfinity = (kSign - 1) >> kMantissa << kMantissa;
  size_t at = 0;
  Bits sign = 0;
  if (s.starts_with('+') || s.starts_with('-')) {
    if (s[0] == '-') sign = kSign;
    at = 1;
  }
  const std::string_view rest = s.substr(at);
  if (rest == "inf") return {Literal::kOk, sign | kInfinity};
  if (rest == "nan") return {Literal::kOk, sign | kInfinity | kOne << (kMantissa - 1)};
  if (rest.starts_with("nan:0x")) {
    const auto payload = parse_nat(rest.substr(4), 64);
    if (payload.status != Literal::kOk) return {payload.status, 0};
    if (payload.value == 0 || payload.value >> kMantissa) return {Literal::kOutOfRange, 0};
    return {Literal::kOk, static_cast<Bits>(sign | kInfinity | payload.value)};
  }
  const std::string clean = clean_float(s, at);
  if (clean.empty()) return {};
  const Float value = convert(clean.c_str(), nullptr);
  if (std::isinf(value)) return {Literal::kOutOfRange, 0};
  return {Literal::kOk, sign | std::bit_cast<Bits>(value)};
}

}  // namespace

Parsed<uint64_t> parse_nat(std::string_view s, unsigned bits) {
  size_t at = 0;
  const bool hex = take(s, at, "0x");
  std::string clean;
  if (!digits(s, at, hex, clean) || at != s.size()) return {};
  const uint64_t base = hex ? 16 : 10, most = bits == 64 ? ~uint64_t{0} : (uint64_t{1} << bits) - 1;
  uint64_t value = 0;
  for (char c : clean) {
    const auto digit = static_cast<uint64_t>(hex_digit(c));
    if (value > (most - digit) / base) return {Literal::kOutOfRange, 0};
    value = value * base + digit;
  }
  return {Literal::kOk, value};
}

Parsed<uint64_t> parse_int(std::string_view s, unsigned bits) {
  const bool negative = s.starts_with('-');
  if (negative || s.starts_with('+')) s.remove_prefix(1);
  const uint64_t most = bits == 64 ? ~uint64_t{0} : (uint64_t{1} << bits) - 1;
  auto parsed = parse_nat(s, 64);
  if (parsed.status != Literal::kOk) return parsed;
  const uint64_t limit = negative ? uint64_t{1} << (bits - 1) : most;
  if (parsed.value > limit) return {Literal::kOutOfRange, 0};
  if (negative) parsed.value = (~parsed.value + 1) & most;
  return parsed;
}

Parsed<uint32_t> parse_f32(std::string_view s) {
  return parse_float<uint32_t, float, 23>(s, std::strtof);
}
Parsed<uint64_t> parse_f64(std::string_view s) {
  return parse_float<uint64_t, double, 52>(s, std::strtod);
}

}  // namespace weft::module::text
