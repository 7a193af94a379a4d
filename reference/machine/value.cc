#include "reference/machine/value.h"

#include <fmt/core.h>

namespace weft::machine {

using module::ValType;

const char* name_of(ValType type) {
  switch (type) {
    case ValType::kI32:
      return "i32";
    case ValType::kI64:
      return "i64";
    case ValType::kF32:
      return "f32";
    case ValType::kF64:
      return "f64";
    case ValType::kV128:
      return "v128";
    case ValType::kFuncRef:
      return "funcref";
    case ValType::kExternRef:
      return "externref";
  }
  return "?";
}

std::string to_string(const Value& value) {
  switch (value.type) {
    case ValType::kI32:
      return fmt::format("i32:{}", static_cast<int32_t>(value.low));
    case ValType::kI64:
      return fmt::format("i64:{}", static_cast<int64_t>(value.low));
    case ValType::kF32:
      return fmt::format("f32:0x{:08x}", static_cast<uint32_t>(value.low));
    case ValType::kF64:
      return fmt::format("f64:0x{:016x}", value.low);
    case ValType::kV128:
      return fmt::format("v128:0x{:016x}{:016x}", value.high, value.low);
    case ValType::kFuncRef:
      return value.is_null() ? "funcref:null" : "funcref";
    case ValType::kExternRef:
      return value.is_null() ? "externref:null" : fmt::format("externref:{}", value.low - 1);
  }
  return "?";
}

}  // namespace weft::machine
