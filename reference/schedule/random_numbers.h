// Seeded random numbers that are the same with every compiler: SplitMix64. Knows no choices.
#pragma once

#include <cstdint>

namespace weft::schedule {

class RandomNumbers {
 public:
  explicit RandomNumbers(uint64_t seed = 0) : state_(seed) {}
  uint64_t next() {
    uint64_t z = state_ += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  // In [0, n), n at least 1. The bias is below n / 2^32.
  uint32_t below(uint32_t n) { return below(next(), n); }
  static uint32_t below(uint64_t drawn, uint32_t n) {
    return static_cast<uint32_t>(((drawn >> 32) * n) >> 32);
  }

 private:
  uint64_t state_;
};

}  // namespace weft::schedule
