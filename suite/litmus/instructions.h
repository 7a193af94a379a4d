// The instructions that a litmus text takes. Knows the opcode table; no text, no test.
#pragma once

#include <string>

#include "reference/module/opcode.h"

namespace weft::suite::litmus {

// May it stand in a thread?
bool has_litmus_form(const module::OpcodeInfo& opcode);
// Types of its operands in a text, the address first ('p'); of memory.copy the second is the
// source.
std::string operand_types(const module::OpcodeInfo& opcode);
// The type of the register that it assigns, 'i' or 'I'; 0: it gives no value.
char result_type(const module::OpcodeInfo& opcode);
// The complaint about a name that may not.
std::string why_no_instruction(const std::string& name);
// The access that a type of `init` (what: "store") or `observe` ("load") stands for: i32, i64, f32,
// f64, with _8, _16 or _32 behind i32 and i64. Null: there is none.
const module::OpcodeInfo* typed_access(const std::string& type, const std::string& what);

}  // namespace weft::suite::litmus
