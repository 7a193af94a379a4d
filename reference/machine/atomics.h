// Sequentially consistent access to aligned cells of a linear memory (threads proposal, atomic
// instructions). Narrow and wide alike are single instructions of the machine. Knows no bounds.
#pragma once

#include <cstdint>

#include "reference/machine/bytes.h"

namespace weft::machine {

template <typename T>
inline typename Alias<T>::Type* cell_at(uint8_t* p) {
  return reinterpret_cast<typename Alias<T>::Type*>(p);
}

template <typename T>
inline T atomic_load(uint8_t* p) {
  return __atomic_load_n(cell_at<T>(p), __ATOMIC_SEQ_CST);
}
template <typename T>
inline void atomic_store(uint8_t* p, T value) {
  __atomic_store_n(cell_at<T>(p), value, __ATOMIC_SEQ_CST);
}
// Each returns the old value.
template <typename T>
inline T atomic_add(uint8_t* p, T value) {
  return __atomic_fetch_add(cell_at<T>(p), value, __ATOMIC_SEQ_CST);
}
template <typename T>
inline T atomic_sub(uint8_t* p, T value) {
  return __atomic_fetch_sub(cell_at<T>(p), value, __ATOMIC_SEQ_CST);
}
template <typename T>
inline T atomic_and(uint8_t* p, T value) {
  return __atomic_fetch_and(cell_at<T>(p), value, __ATOMIC_SEQ_CST);
}
template <typename T>
inline T atomic_or(uint8_t* p, T value) {
  return __atomic_fetch_or(cell_at<T>(p), value, __ATOMIC_SEQ_CST);
}
template <typename T>
inline T atomic_xor(uint8_t* p, T value) {
  return __atomic_fetch_xor(cell_at<T>(p), value, __ATOMIC_SEQ_CST);
}
template <typename T>
inline T atomic_xchg(uint8_t* p, T value) {
  return __atomic_exchange_n(cell_at<T>(p), value, __ATOMIC_SEQ_CST);
}
template <typename T>
inline T atomic_cmpxchg(uint8_t* p, T expected, T replacement) {
  __atomic_compare_exchange_n(cell_at<T>(p), &expected, replacement, false, __ATOMIC_SEQ_CST,
                              __ATOMIC_SEQ_CST);
  return expected;
}

}  // namespace weft::machine
