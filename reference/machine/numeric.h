// The numeric functions of the core specification (4.3, "Numerics") that C++ operators do not give
// directly: exact on every compiler, NaN results quiet, and canonical wherever the specification
// asks for it. Named in reference/module/numeric.def and simd.def. Knows no frames.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "reference/machine/trap.h"

namespace weft::machine {

using u8 = uint8_t;
using s8 = int8_t;
using u16 = uint16_t;
using s16 = int16_t;
using u32 = uint32_t;
using s32 = int32_t;
using u64 = uint64_t;
using s64 = int64_t;
using f32 = float;
using f64 = double;

// No trap: a value of TrapKind that no trap has.
inline constexpr TrapKind kNoTrap = static_cast<TrapKind>(0xFF);

template <typename T>
TrapKind zero_division_trap(T y) {
  return y == 0 ? TrapKind::kDivideByZero : kNoTrap;
}
template <typename T>
TrapKind signed_division_trap(T x, T y) {
  if (y == 0) return TrapKind::kDivideByZero;
  return x == std::numeric_limits<T>::min() && y == -1 ? TrapKind::kIntegerOverflow : kNoTrap;
}

template <typename T>
T count_leading_zeros(T x) {
  return static_cast<T>(std::countl_zero(x));
}
template <typename T>
T count_trailing_zeros(T x) {
  return static_cast<T>(std::countr_zero(x));
}
template <typename T>
T population_count(T x) {
  return static_cast<T>(std::popcount(x));
}
template <typename T>
T rotate_left(T x, T y) {
  return std::rotl(x, static_cast<int>(y & (sizeof(T) * 8 - 1)));
}
template <typename T>
T rotate_right(T x, T y) {
  return std::rotr(x, static_cast<int>(y & (sizeof(T) * 8 - 1)));
}

// A NaN with its quiet bit set, by bits: no compiler folds it away.
inline f32 quiet(f32 x) { return std::bit_cast<f32>(std::bit_cast<u32>(x) | 0x00400000u); }
inline f64 quiet(f64 x) { return std::bit_cast<f64>(std::bit_cast<u64>(x) | 0x0008000000000000u); }

template <typename F>
F minimum(F x, F y) {
  if (x != x) return quiet(x);
  if (y != y) return quiet(y);
  if (x == y) return std::signbit(x) ? x : y;  // zeros of two signs
  return x < y ? x : y;
}
template <typename F>
F maximum(F x, F y) {
  if (x != x) return quiet(x);
  if (y != y) return quiet(y);
  if (x == y) return std::signbit(x) ? y : x;
  return x > y ? x : y;
}
template <typename F>
F round_up(F x) {
  return x != x ? quiet(x) : std::ceil(x);
}
template <typename F>
F round_down(F x) {
  return x != x ? quiet(x) : std::floor(x);
}
template <typename F>
F round_to_zero(F x) {
  return x != x ? quiet(x) : std::trunc(x);
}
// Ties to even: the rounding mode is never changed.
template <typename F>
F round_to_even(F x) {
  return x != x ? quiet(x) : std::nearbyint(x);
}
template <typename F>
F square_root(F x) {
  return x != x ? quiet(x) : std::sqrt(x);
}

// Can x be truncated to To? The bounds are powers of two, exact in both formats.
template <typename To, typename From>
bool truncates(From x) {
  constexpr int kBits = std::numeric_limits<To>::digits;
  constexpr From above = static_cast<From>(uint64_t{1} << (kBits - 1)) * From{2};
  if constexpr (std::is_unsigned_v<To>) {
    return x > From{-1} && x < above;
  } else if constexpr (std::numeric_limits<From>::digits > kBits + 1) {
    return x > -above - From{1} && x < above;  // f64 to s32: fractions below -2^31 still fit
  } else {
    return x >= -above && x < above;
  }
}
template <typename To, typename From>
TrapKind truncation_trap(From x) {
  if (x != x) return TrapKind::kInvalidConversion;
  return truncates<To>(x) ? kNoTrap : TrapKind::kIntegerOverflow;
}
template <typename To, typename From>
To saturate(From x) {
  if (x != x) return 0;
  if (truncates<To>(x)) return static_cast<To>(x);
  return x < 0 ? std::numeric_limits<To>::min() : std::numeric_limits<To>::max();
}

// Slots: a value as the interpreter keeps it, and back. i32 and f32 are zero-extended.
template <typename T>
inline T from_slot(u64 slot) {
  if constexpr (std::is_same_v<T, f32>) {
    return std::bit_cast<f32>(static_cast<u32>(slot));
  } else if constexpr (std::is_same_v<T, f64>) {
    return std::bit_cast<f64>(slot);
  } else {
    return static_cast<T>(slot);
  }
}
template <typename T>
inline u64 to_slot(T value) {
  if constexpr (std::is_same_v<T, f32>) {
    return std::bit_cast<u32>(value);
  } else if constexpr (std::is_same_v<T, f64>) {
    return std::bit_cast<u64>(value);
  } else if constexpr (sizeof(T) == 8) {
    return static_cast<u64>(value);
  } else {
    return static_cast<u32>(value);
  }
}

}  // namespace weft::machine
