#include "reference/schedule/choices.h"

#include <algorithm>
#include <bit>

namespace weft::schedule {
namespace {

// Base64 of RFC 4648, section 5, without padding.
constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
// Version 1 knew no program and no end by the limit.
constexpr uint8_t kVersion = 2;
constexpr uint8_t kAnyTime = 1, kCutOff = 2;  // flags

std::string encode(const std::vector<uint8_t>& bytes) {
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t three = 0;
    const size_t n = std::min<size_t>(3, bytes.size() - i);
    for (size_t k = 0; k < 3; k++) three = three << 8 | (k < n ? bytes[i + k] : 0);
    for (size_t k = 0; k <= n; k++) text += kAlphabet[three >> (18 - 6 * k) & 63];
  }
  return text;
}

bool decode(std::string_view text, std::vector<uint8_t>& bytes) {
  uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) return false;
    bits = bits << 6 | static_cast<uint32_t>(value);
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes.push_back(static_cast<uint8_t>(bits >> held));
    }
  }
  return held < 6 && (bits & ((1u << held) - 1)) == 0;
}

void put_number(std::vector<uint8_t>& bytes, uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<uint8_t>(value | 0x80));
  bytes.push_back(static_cast<uint8_t>(value));
}

bool take_number(const std::vector<uint8_t>& bytes, size_t& at, uint64_t& value) {
  value = 0;
  for (int shift = 0; shift < 64 && at < bytes.size(); shift += 7) {
    const uint8_t byte = bytes[at++];
    value |= uint64_t{byte & 0x7Fu} << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

int width_of(uint32_t alternatives) {
  return alternatives <= 1 ? 0 : std::bit_width(alternatives - 1);
}

}  // namespace

std::string Choices::token() const {
  const int flags = (any_time_expires ? kAnyTime : 0) | (cut_off_at != 0 ? kCutOff : 0);
  std::vector<uint8_t> bytes = {kVersion, static_cast<uint8_t>(flags)};
  for (int i = 0; i < 4; i++) bytes.push_back(static_cast<uint8_t>(program >> (8 * i)));
  put_number(bytes, seed);
  if (cut_off_at != 0) put_number(bytes, cut_off_at);
  uint64_t bit_count = 0;
  for (const Choice& choice : list)
    bit_count += static_cast<uint64_t>(width_of(choice.alternatives));
  put_number(bytes, bit_count);
  int used = 8;  // bits of the last byte
  for (const Choice& choice : list) {
    for (int bit = width_of(choice.alternatives); bit-- > 0;) {
      if (used == 8) {
        bytes.push_back(0);
        used = 0;
      }
      bytes.back() |= static_cast<uint8_t>((choice.index >> bit & 1) << used++);
    }
  }
  return encode(bytes);
}

Expected<TokenReader> TokenReader::make(std::string_view token) {
  std::vector<uint8_t> bytes;
  if (!decode(token, bytes)) return fail("replay token: expected letters, digits, '-' and '_'");
  constexpr size_t kFixed = 6;  // version, flags, program
  size_t at = kFixed;
  TokenReader reader;
  if (bytes.size() < kFixed || bytes[0] != kVersion || bytes[1] > (kAnyTime | kCutOff) ||
      !take_number(bytes, at, reader.seed_) ||
      ((bytes[1] & kCutOff) != 0 && !take_number(bytes, at, reader.cut_off_at_)) ||
      !take_number(bytes, at, reader.bit_count_)) {
    return fail("replay token: cut off or not made by this version of weft");
  }
  reader.any_time_expires_ = (bytes[1] & kAnyTime) != 0;
  for (int i = 0; i < 4; i++) reader.program_ |= uint32_t{bytes[2 + i]} << (8 * i);
  reader.bits_.assign(bytes.begin() + static_cast<ptrdiff_t>(at), bytes.end());
  const uint64_t has = reader.bits_.size(),
                 wants = reader.bit_count_ / 8 + (reader.bit_count_ % 8 != 0);
  if (has < wants) return fail("replay token: cut off: {} of {} bytes of choices", has, wants);
  if (has > wants) return fail("replay token: {} bytes more than it says", has - wants);
  return reader;
}

uint32_t TokenReader::next(uint32_t alternatives) {
  const int width = width_of(alternatives);
  if (diverged_ || bit_count_ - bit_ < static_cast<uint64_t>(width)) {
    diverged_ = true;
    return 0;
  }
  uint32_t index = 0;
  for (int bit = width; bit-- > 0; bit_++) {
    index = index << 1 | (bits_[bit_ / 8] >> (bit_ % 8) & 1u);
  }
  if (index < alternatives) return index;
  diverged_ = true;
  return 0;
}

}  // namespace weft::schedule
