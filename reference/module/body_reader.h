// Reads immediates of bodies and constant expressions that have been validated: no checks. Knows no
// types.
#pragma once

#include <cstdint>

#include "reference/base/files.h"

namespace weft::module {

// Reads immediates of a body that has been validated.
class BodyReader {
 public:
  BodyReader(const Bytes& binary, uint32_t begin, uint32_t end)
      : bytes_(binary), at_(begin), end_(end) {}
  bool done() const { return at_ >= end_; }
  uint32_t offset() const { return at_; }
  uint8_t byte() { return bytes_[at_++]; }
  uint8_t peek() const { return bytes_[at_]; }
  uint64_t unsigned_leb();
  int64_t signed_leb();
  uint64_t fixed(uint32_t bytes);

 private:
  const Bytes& bytes_;
  uint32_t at_, end_;
};

}  // namespace weft::module
