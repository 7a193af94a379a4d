// What follows from the column `type` of access.def, the type of the value that an access gives or
// takes. Knows neither opcodes nor execution.
#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>

#include "reference/module/module.h"

namespace weft::module {

struct AccessType {
  ValType value;
  uint8_t bytes;
  bool integer;
};

// `name`: i32, i64, f32 or f64.
constexpr AccessType access_type(std::string_view name) {
  return name == "i32"   ? AccessType{ValType::kI32, 4, true}
         : name == "i64" ? AccessType{ValType::kI64, 8, true}
         : name == "f32" ? AccessType{ValType::kF32, 4, false}
                         : AccessType{ValType::kF64, 8, false};
}

// The bits of such a value, as a slot holds them.
template <uint8_t bytes>
using AccessBits = std::conditional_t<bytes == 4, uint32_t, uint64_t>;

}  // namespace weft::module
