// A WebAssembly value outside the interpreter: arguments, results, globals (core spec 4.2.1).
// Knows no execution. Plain values.
#pragma once

#include <bit>
#include <cstdint>
#include <string>

#include "reference/module/code.h"
#include "reference/module/module.h"

namespace weft::machine {

// `low` holds the bits of an i32 or f32 zero-extended, of an i64 or f64 whole, of a reference (see
// instance.h), or bytes 0 to 7 of a v128, whose bytes 8 to 15 are in `high`.
struct Value {
  module::ValType type = module::ValType::kI32;
  uint64_t low = 0, high = 0;

  static Value i32(uint32_t v) { return {module::ValType::kI32, v, 0}; }
  static Value i64(uint64_t v) { return {module::ValType::kI64, v, 0}; }
  static Value f32(float v) { return {module::ValType::kF32, std::bit_cast<uint32_t>(v), 0}; }
  static Value f64(double v) { return {module::ValType::kF64, std::bit_cast<uint64_t>(v), 0}; }
  static Value v128(uint64_t low, uint64_t high) { return {module::ValType::kV128, low, high}; }
  // Externrefs carry a number of the embedder's; null is another value than number 0.
  static Value externref(uint64_t payload) { return {module::ValType::kExternRef, payload + 1, 0}; }
  static Value null(module::ValType type) { return {type, 0, 0}; }
  bool is_null() const { return low == 0; }

  uint32_t as_i32() const { return static_cast<uint32_t>(low); }
  uint64_t as_i64() const { return low; }
  float as_f32() const { return std::bit_cast<float>(static_cast<uint32_t>(low)); }
  double as_f64() const { return std::bit_cast<double>(low); }

  bool operator==(const Value&) const = default;
};

using module::slots_of;

// "i32", "i64", ..., and "i32:5" in decimal (floats as their bits in hex).
const char* name_of(module::ValType type);
std::string to_string(const Value& value);

}  // namespace weft::machine
