// Writes the binary format of modules (core spec, binary): integers, byte ranges, constants. Knows
// no choices.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "reference/base/files.h"
#include "reference/module/module.h"

namespace weft::fuzz {

struct BinaryWriter {
  Bytes bytes;

  BinaryWriter() = default;
  BinaryWriter(std::initializer_list<unsigned> values) {
    for (unsigned value : values) byte(value);
  }

  void byte(unsigned value) { bytes.push_back(static_cast<uint8_t>(value)); }
  void type(module::ValType value) { byte(static_cast<uint8_t>(value)); }
  void unsigned_leb(uint64_t value) {
    for (; value >= 0x80; value >>= 7) byte((value & 0x7F) | 0x80);
    byte(static_cast<unsigned>(value));
  }
  void signed_leb(int64_t value) {
    for (;;) {
      const unsigned low = value & 0x7F;
      value >>= 7;
      if ((value == 0 && !(low & 0x40)) || (value == -1 && (low & 0x40))) return byte(low);
      byte(low | 0x80);
    }
  }
  void little_endian(uint64_t value, unsigned size) {
    for (unsigned i = 0; i < size; ++i) byte((value >> (8 * i)) & 0xFF);
  }
  void append(const Bytes& more) { bytes.insert(bytes.end(), more.begin(), more.end()); }
  // A vector of value types.
  void types(const std::vector<module::ValType>& values) {
    unsigned_leb(values.size());
    for (module::ValType value : values) type(value);
  }
  // With its length in front.
  void sized(const Bytes& more) {
    unsigned_leb(more.size());
    append(more);
  }
  void section(unsigned id, const BinaryWriter& content) {
    byte(id);
    sized(content.bytes);
  }
  // `high`: of a v128. A reference is null.
  void constant(module::ValType type, uint64_t bits, uint64_t high = 0) {
    using enum module::ValType;
    if (type == kFuncRef || type == kExternRef) {
      byte(0xD0);
      this->type(type);
    } else if (type == kV128) {
      byte(0xFD), byte(0x0C);
      little_endian(bits, 8);
      little_endian(high, 8);
    } else if (type == kI32) {
      byte(0x41);
      signed_leb(static_cast<int32_t>(bits));
    } else if (type == kI64) {
      byte(0x42);
      signed_leb(static_cast<int64_t>(bits));
    } else {
      byte(type == kF32 ? 0x43 : 0x44);
      little_endian(bits, type == kF32 ? 4 : 8);
    }
  }
};

}  // namespace weft::fuzz
