#include "reference/schedule/choices.h"

#include <algorithm>
#include <bit>

namespace weft::schedule {
namespace {

// Base64 of RFC 4648, section 5, without padding.
constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr uint8_t kVersion = 1;
constexpr uint8_t kAnyTime = 1;

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
  return true;
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
  std::vector<uint8_t> bytes = {kVersion, any_time_expires ? kAnyTime : uint8_t{0}};
  put_number(bytes, seed);
  put_number(bytes, list.size());
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
  size_t at = 2;
  TokenReader reader;
  if (bytes.size() < 4 || bytes[0] != kVersion || bytes[1] > kAnyTime ||
      !take_number(bytes, at, reader.seed_) || !take_number(bytes, at, reader.count_)) {
    return fail("replay token: cut off or not made by this version of weft");
  }
  reader.any_time_expires_ = bytes[1] == kAnyTime;
  reader.bits_.assign(bytes.begin() + static_cast<ptrdiff_t>(at), bytes.end());
  // Every recorded choice takes a bit at least.
  if (reader.count_ > reader.bits_.size() * 8) return fail("replay token: cut off");
  return reader;
}

uint32_t TokenReader::next(uint32_t alternatives) {
  if (at_end()) return 0;
  read_++;
  uint32_t index = 0;
  for (int bit = width_of(alternatives); bit-- > 0;) {
    if (bit_ >= bits_.size() * 8) {
      diverged_ = true;
      return 0;
    }
    index = index << 1 | (bits_[bit_ / 8] >> (bit_ % 8) & 1u);
    bit_++;
  }
  if (index < alternatives) return index;
  diverged_ = true;
  return 0;
}

}  // namespace weft::schedule
