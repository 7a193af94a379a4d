#include "reference/module/reader.h"

#include <fmt/core.h>

#include <algorithm>

namespace weft::module {

bool valid_utf8(std::span<const uint8_t> s) {
  for (size_t i = 0; i < s.size();) {
    const uint8_t b = s[i];
    size_t more = 0;
    uint32_t point = 0, least = 0;
    if (b < 0x80) {
      ++i;
      continue;
    } else if ((b & 0xE0) == 0xC0) {
      more = 1, point = b & 0x1F, least = 0x80;
    } else if ((b & 0xF0) == 0xE0) {
      more = 2, point = b & 0x0F, least = 0x800;
    } else if ((b & 0xF8) == 0xF0) {
      more = 3, point = b & 0x07, least = 0x10000;
    } else {
      return false;
    }
    if (s.size() - i <= more) return false;
    for (size_t k = 1; k <= more; ++k) {
      if ((s[i + k] & 0xC0) != 0x80) return false;
      point = point << 6 | (s[i + k] & 0x3F);
    }
    if (point < least || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return false;
    i += more + 1;
  }
  return true;
}

void Reader::fail(std::string message, std::optional<size_t> at) {
  if (!error_) error_ = ModuleError{"decode", at.value_or(at_), std::move(message)};
  at_ = end_;
}

void Reader::refuse(std::string_view feature, std::string_view what, size_t at) {
  if (error_) return;
  fail(fmt::format("{} is not supported ({})", feature, what), at);
  error_->refused = true;
}

void Reader::adopt(const Reader& other) {
  if (other.error_ && !error_) {
    error_ = other.error_;
    at_ = end_;
  }
}

uint8_t Reader::byte() {
  if (at_ >= end_) {
    fail("unexpected end");
    return 0;
  }
  return bytes_[at_++];
}

uint64_t Reader::unsigned_leb(unsigned bits) {
  const size_t start = at_;
  uint64_t value = 0;
  for (unsigned shift = 0;; shift += 7) {
    if (at_ >= end_) {
      fail("unexpected end");
      return 0;
    }
    const uint8_t b = bytes_[at_++];
    const unsigned room = bits - shift;  // bits of the value that this byte may still hold
    if (room < 7) {
      if (b & 0x80) {
        fail("integer representation too long", start);
        return 0;
      }
      if ((b & 0x7F) >> room) {
        fail("integer too large", start);
        return 0;
      }
    }
    value |= uint64_t{static_cast<uint8_t>(b & 0x7F)} << shift;
    if (!(b & 0x80)) return value;
    if (room <= 7) {
      fail("integer representation too long", start);
      return 0;
    }
  }
}

int64_t Reader::signed_leb(unsigned bits) {
  const size_t start = at_;
  uint64_t value = 0;
  for (unsigned shift = 0;; shift += 7) {
    if (at_ >= end_) {
      fail("unexpected end");
      return 0;
    }
    const uint8_t b = bytes_[at_++];
    const unsigned room = bits - shift;
    if (room <= 7) {
      if (b & 0x80) {
        fail("integer representation too long", start);
        return 0;
      }
      // The bits above the value must repeat its sign.
      const uint8_t above = static_cast<uint8_t>((b & 0x7F) >> (room - 1));
      const uint8_t all = static_cast<uint8_t>(0x7F >> (room - 1));
      if (above != 0 && above != all) {
        fail("integer too large", start);
        return 0;
      }
    }
    value |= uint64_t{static_cast<uint8_t>(b & 0x7F)} << shift;
    if (!(b & 0x80)) {
      const unsigned used = shift + 7;
      if (used < 64 && (b & 0x40)) value |= ~uint64_t{0} << used;
      return static_cast<int64_t>(value);
    }
  }
}

uint32_t Reader::fixed32() {
  uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value |= uint32_t{byte()} << (8 * i);
  return value;
}

void Reader::skip(size_t bytes) {
  if (bytes > left()) {
    fail("unexpected end", end_);
  } else {
    at_ += bytes;
  }
}

uint32_t Reader::count() {
  const size_t start = at_;
  const uint32_t n = u32();
  if (!failed() && n > left()) {
    fail("length out of bounds", start);
    return 0;
  }
  return n;
}

std::string Reader::name() {
  const size_t start = at_;
  const uint32_t size = u32();
  if (failed()) return {};
  if (size > left()) {
    fail("length out of bounds", start);
    return {};
  }
  const auto text = bytes_.subspan(at_, size);
  if (!valid_utf8(text)) {
    fail("malformed UTF-8 encoding");
    return {};
  }
  at_ += size;
  return std::string(text.begin(), text.end());
}

Reader Reader::sub(size_t size) {
  const size_t begin = at_;
  skip(size);
  return Reader(bytes_, begin, failed() ? begin : begin + size);
}

}  // namespace weft::module
