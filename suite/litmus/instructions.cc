// What a litmus text can name: the instructions of opcodes.def that it takes, and the accesses that
// the types of `init` and `observe` stand for.
#include "suite/litmus/instructions.h"

#include <map>

#include "suite/litmus/ast.h"

namespace weft::suite::litmus {

using module::Immediate;
using module::OpcodeInfo;

const OpcodeInfo* opcode_by_name(std::string_view name) {
  static const std::map<std::string_view, const OpcodeInfo*> names = [] {
    std::map<std::string_view, const OpcodeInfo*> all;
    for (const OpcodeInfo& one : module::opcodes()) {
      if (one.prefix != 0xFD) all[one.name] = &one;
    }
    return all;
  }();
  const auto found = names.find(name);
  return found == names.end() ? nullptr : found->second;
}

bool has_litmus_form(const OpcodeInfo& o) {
  switch (o.immediate) {
    case Immediate::kMemArg:
      return o.signature.find('v') == std::string_view::npos;
    case Immediate::kAtomicArg:
    case Immediate::kFence:
    case Immediate::kMemory:
      return true;
    default:
      return o.name == "memory.copy" || o.name == "memory.init";
  }
}

std::string operand_types(const OpcodeInfo& o) {
  if (o.name == "memory.grow") return "i";
  if (o.name == "memory.fill" || o.name == "memory.copy" || o.name == "memory.init") return "pii";
  return std::string(o.signature.substr(0, o.signature.find('>')));
}

char result_type(const OpcodeInfo& o) {
  // memory.copy has its operands checked apart ("*") and gives nothing.
  if (o.signature.ends_with(">") || o.signature == "*") return 0;
  const char type = o.signature.back();
  return type == 'I' || type == 'F' ? 'I' : 'i';
}

std::string why_no_instruction(const std::string& name) {
  if (name.starts_with("f32.atomic") || name.starts_with("f64.atomic")) {
    return "instruction " + name +
           " is unknown: floats have no atomic accesses, only load and store";
  }
  if (name.starts_with("v128")) {
    return "instruction " + name + " is unknown here: write a v128 access as two of i64";
  }
  return "instruction " + name + " is unknown here";
}

const OpcodeInfo* typed_access(const std::string& type, const std::string& what) {
  // i32, i32_8, i328: the last two mean the same.
  std::string base = type.substr(0, 3), narrow = type.size() > 3 ? type.substr(3) : "";
  if (narrow.starts_with("_")) narrow = narrow.substr(1);
  std::string name = base + "." + what + narrow;
  if (what == "load" && !narrow.empty()) name += "_u";
  const OpcodeInfo* found = opcode_by_name(name);
  return found && found->immediate == Immediate::kMemArg && has_litmus_form(*found) ? found
                                                                                    : nullptr;
}

}  // namespace weft::suite::litmus
