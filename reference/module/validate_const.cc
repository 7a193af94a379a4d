// Constant expressions (core spec, valid/instructions "Constant Expressions"; extended-const
// proposal: integer add, sub and mul).
#include <fmt/core.h>

#include "reference/module/decode.h"
#include "reference/module/validate.h"

namespace weft::module {

std::optional<ModuleError> validate_const(const Module& module, ConstExpr expr, ValType expected,
                                          uint32_t readable_globals, std::vector<bool>& refs) {
  Reader in(module.binary, expr.begin, expr.end);
  std::vector<ValType> stack;
  const auto fail = [](std::string message, size_t offset) {
    return ModuleError{"validate", offset, std::move(message)};
  };
  while (!in.failed() && !in.done()) {
    const Instruction one = read_instruction(in, module);
    if (in.failed()) return in.error();
    const OpcodeInfo& info = *one.info;
    Reader immediate(module.binary, one.immediates, expr.end);
    const auto integers = [&](ValType type) {
      if (stack.size() < 2 || stack.back() != type || stack[stack.size() - 2] != type) return false;
      stack.pop_back();
      return true;
    };
    bool good = true;
    if (info.prefix == 0xFD && info.immediate == Immediate::kV128) {
      stack.push_back(ValType::kV128);
      continue;
    }
    if (info.prefix != 0) return fail("constant expression required", one.offset);
    switch (info.code) {
      case 0x0B:  // end
        if (!in.done()) return fail("constant expression required", one.offset);
        break;
      case 0x23:  // global.get
        if (one.index >= readable_globals) {
          return fail(fmt::format("unknown global {}", one.index), one.offset);
        }
        if (module.globals[one.index].is_mutable) {
          return fail("constant expression required", one.offset);
        }
        stack.push_back(module.globals[one.index].type);
        break;
      case 0x41:
        stack.push_back(ValType::kI32);
        break;
      case 0x42:
        stack.push_back(ValType::kI64);
        break;
      case 0x43:
        stack.push_back(ValType::kF32);
        break;
      case 0x44:
        stack.push_back(ValType::kF64);
        break;
      case 0x6A:
      case 0x6B:
      case 0x6C:
        good = integers(ValType::kI32);
        break;
      case 0x7C:
      case 0x7D:
      case 0x7E:
        good = integers(ValType::kI64);
        break;
      case 0xD0:
        stack.push_back(read_reference_type(immediate));
        break;
      case 0xD2:
        if (one.index >= module.function_types.size()) {
          return fail(fmt::format("unknown function {}", one.index), one.offset);
        }
        refs[one.index] = true;
        stack.push_back(ValType::kFuncRef);
        break;
      default:
        return fail("constant expression required", one.offset);
    }
    if (!good) return fail("type mismatch", one.offset);
  }
  if (in.failed()) return in.error();
  if (stack.size() != 1 || stack[0] != expected) return fail("type mismatch", expr.begin);
  return std::nullopt;
}

}  // namespace weft::module
