// Reads a binary exactly: LEB128 lengths and unused bits (core spec, binary/values), ends of
// sections, UTF-8. The first error sticks: later reads give 0, so callers test at convenient
// places. Knows no sections and no instructions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "reference/module/module.h"

namespace weft::module {

// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
bool valid_utf8(std::span<const uint8_t> bytes);

class Reader {
 public:
  // Reads `bytes` from `begin` to `end` (offsets into the whole module, which errors name).
  Reader(std::span<const uint8_t> bytes, size_t begin, size_t end)
      : bytes_(bytes), at_(begin), end_(end) {}

  bool failed() const { return error_.has_value(); }
  const ModuleError& error() const { return *error_; }
  bool done() const { return at_ >= end_; }
  size_t offset() const { return at_; }
  size_t end() const { return end_; }
  size_t left() const { return end_ - at_; }

  uint8_t byte();
  uint8_t peek() const { return at_ < end_ ? bytes_[at_] : 0; }
  uint32_t u32() { return static_cast<uint32_t>(unsigned_leb(32)); }
  uint64_t u64() { return unsigned_leb(64); }
  int32_t s32() { return static_cast<int32_t>(signed_leb(32)); }
  int64_t s33() { return signed_leb(33); }
  int64_t s64() { return signed_leb(64); }
  uint32_t fixed32();
  void skip(size_t bytes);
  // A vector's length: no more than there are bytes left (every element takes at least one).
  uint32_t count();
  std::string name();
  // The next `size` bytes as a reader of their own; this one goes behind them.
  Reader sub(size_t size);

  // Records the first error; `at` defaults to where the reader stands.
  void fail(std::string message, std::optional<size_t> at = std::nullopt);
  // The same for what another version of the language may allow; "FEATURE is not supported (WHAT)".
  void refuse(std::string_view feature, std::string_view what, size_t at);
  void adopt(const Reader& other);

 private:
  uint64_t unsigned_leb(unsigned bits);
  int64_t signed_leb(unsigned bits);

  std::span<const uint8_t> bytes_;
  size_t at_, end_;
  std::optional<ModuleError> error_;
};

}  // namespace weft::module
