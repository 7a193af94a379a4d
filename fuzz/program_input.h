// What the program generator reads: choices from input bytes, numbers that are worth meeting. Knows
// no instructions and no format.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "reference/module/module.h"

namespace weft::fuzz {

// Choices, one byte each; behind the last byte every choice is 0.
class ProgramInput {
 public:
  explicit ProgramInput(std::span<const uint8_t> bytes) : bytes_(bytes) {}
  bool done() const { return at_ >= bytes_.size(); }
  uint8_t byte() { return done() ? 0 : bytes_[at_++]; }
  // `n` from 1 to 256.
  uint32_t below(uint32_t n) { return byte() % n; }
  // Once in 32: for what mostly ends in a trap.
  bool wild() { return byte() % 32 == 31; }
  uint64_t raw(unsigned size) {
    uint64_t value = 0;
    for (unsigned i = 0; i < size; ++i) value |= uint64_t{byte()} << (8 * i);
    return value;
  }

  // The bits of a value of a numeric type: small, at an edge of a range, or any.
  uint64_t bits(module::ValType type) {
    using enum module::ValType;
    static constexpr std::array<uint64_t, 12> kIntegers = {
        0,          1,          ~uint64_t{0}, 0x7FFFFFFF, 0x80000000,          0xFFFFFFFF,
        0x7FFF8000, 0xFFFFFFF0, 0x100000000,  0xFFFF,     0x7FFFFFFFFFFFFFFFu, 0x8000000000000000u};
    // Zeros, one, halves, the bounds of i32 and i64, infinities, a quiet and a signalling NaN,
    // subnormals.
    static constexpr std::array<uint32_t, 16> kSingles = {
        0,          0x80000000, 0x3F800000, 0x3F000000, 0xC0200000, 0x4F000000,
        0xCF000000, 0x4F800000, 0x5F000000, 0xDF000000, 0x5F800000, 0x7F800000,
        0xFF800000, 0x7FC00001, 0xFF800001, 0x00000001};
    static constexpr std::array<uint64_t, 16> kDoubles = {0,
                                                          0x8000000000000000u,
                                                          0x3FF0000000000000u,
                                                          0x3FE0000000000000u,
                                                          0xC004000000000000u,
                                                          0x41E0000000000000u,
                                                          0xC1E0000000200000u,
                                                          0x41F0000000000000u,
                                                          0x43E0000000000000u,
                                                          0xC3E0000000000000u,
                                                          0x43F0000000000000u,
                                                          0x7FF0000000000000u,
                                                          0xFFF0000000000000u,
                                                          0x7FF8000000000001u,
                                                          0xFFF0000000000001u,
                                                          0x47EFFFFFF0000000u};
    const bool narrow = type == kI32 || type == kF32;
    const bool whole = type == kI32 || type == kI64;
    const uint8_t kind = byte();
    uint64_t value = 0;
    if (kind % 4 == 3) {
      value = raw(narrow ? 4 : 8);
    } else if (whole) {
      value = kind % 4 == 0 ? raw(1) : kIntegers[below(kIntegers.size())];
    } else {
      const uint32_t which = below(16);
      value = type == kF32 ? kSingles[which] : kDoubles[which];
    }
    return narrow ? value & 0xFFFFFFFF : value;
  }

 private:
  std::span<const uint8_t> bytes_;
  size_t at_ = 0;
};

}  // namespace weft::fuzz
