// Relaxed access to the bytes of a linear memory that other threads may race on: the building
// blocks of guest accesses, bulk instructions and host copies. Knows no bounds and no memory.
//
// Aligned accesses of 1, 2, 4 and 8 bytes are single relaxed atomics; unaligned ones go byte by
// byte; longer ranges go in aligned 8-byte chunks with bytes at the ends. That is stronger than
// the threads proposal asks (exec/relaxed: plain accesses are unordered and may tear) and it is
// never a C++ data race. Atomic instructions use seq_cst (see atomics.h).
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace weft::machine {

static_assert(std::endian::native == std::endian::little, "linear memory is little-endian");

// The same integer, allowed to alias whatever the guest keeps there.
template <typename T>
struct Alias;
template <>
struct Alias<uint8_t> {
  using Type __attribute__((may_alias)) = uint8_t;
};
template <>
struct Alias<uint16_t> {
  using Type __attribute__((may_alias)) = uint16_t;
};
template <>
struct Alias<uint32_t> {
  using Type __attribute__((may_alias)) = uint32_t;
};
template <>
struct Alias<uint64_t> {
  using Type __attribute__((may_alias)) = uint64_t;
};

inline uint8_t load_byte(const uint8_t* p) { return __atomic_load_n(p, __ATOMIC_RELAXED); }
inline void store_byte(uint8_t* p, uint8_t v) { __atomic_store_n(p, v, __ATOMIC_RELAXED); }

template <typename T>
inline bool is_aligned(const uint8_t* p) {
  return (reinterpret_cast<uintptr_t>(p) & (sizeof(T) - 1)) == 0;
}

// T is an unsigned integer of 1, 2, 4 or 8 bytes.
template <typename T>
inline T load_relaxed(const uint8_t* p) {
  if (__builtin_expect(is_aligned<T>(p), 1)) {
    return __atomic_load_n(reinterpret_cast<const typename Alias<T>::Type*>(p), __ATOMIC_RELAXED);
  }
  T value = 0;
  for (size_t i = 0; i < sizeof(T); ++i) value |= static_cast<T>(T{load_byte(p + i)} << (8 * i));
  return value;
}

template <typename T>
inline void store_relaxed(uint8_t* p, T value) {
  if (__builtin_expect(is_aligned<T>(p), 1)) {
    __atomic_store_n(reinterpret_cast<typename Alias<T>::Type*>(p), value, __ATOMIC_RELAXED);
    return;
  }
  for (size_t i = 0; i < sizeof(T); ++i) store_byte(p + i, static_cast<uint8_t>(value >> (8 * i)));
}

// Unshared memory: plain, any alignment.
template <typename T>
inline T load_plain(const uint8_t* p) {
  T value;
  std::memcpy(&value, p, sizeof(T));
  return value;
}
template <typename T>
inline void store_plain(uint8_t* p, T value) {
  std::memcpy(p, &value, sizeof(T));
}

// Ranges. `guest` may be raced on, `host` is private.
void copy_from_guest(uint8_t* host, const uint8_t* guest, size_t size);
void copy_to_guest(uint8_t* guest, const uint8_t* host, size_t size);
// Both sides are guest memory and may overlap (memory.copy).
void move_in_guest(uint8_t* to, const uint8_t* from, size_t size);
void fill_guest(uint8_t* guest, uint8_t value, size_t size);

}  // namespace weft::machine
