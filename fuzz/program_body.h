// The body of one generated function: statements and expressions chosen by input bytes, well typed
// by construction. Numeric instructions, SIMD and memory accesses come from the table of opcodes,
// so a new line there is met without a change here. Knows nothing of sections and calls from
// outside.
#pragma once

#include <bitset>
#include <cstdint>
#include <vector>

#include "fuzz/program_input.h"
#include "reference/module/module.h"

namespace weft::fuzz {

// What a body may name.
struct ProgramScope {
  struct Memory {
    bool shared, is64;
  };
  struct Element {
    module::ValType type;
    uint32_t size;
  };
  std::vector<module::FuncType> types;
  std::vector<uint32_t> functions;  // the type of each that bodies call, imported ones first
  uint32_t imported = 0;            // of them
  std::vector<module::ValType> globals;
  std::vector<Memory> memories;
  std::vector<module::ValType> tables;  // at least kTableSize elements each; a funcref and an
                                        // externref table at least; 0: the functions, in order
  std::vector<uint32_t> data;           // bytes of each segment
  std::vector<Element> elements;

  const module::FuncType& type_of(uint32_t function) const { return types[functions[function]]; }
};

inline constexpr uint32_t kTableSize = 8;
inline constexpr uint32_t kFuelGlobal = 0;  // an i32 that no chosen instruction names
// Of one exported call; a function entry burns 16, a loop iteration 1.
inline constexpr int32_t kFuel = 640;

// The same program in two dialects: as it is, and for WABT's interpreter, which lacks instructions.
// There these are replaced by what the specification says of them where there is one thread:
//   atomic.fence          nothing
//   memory.atomic.notify  an i32.atomic.load for its traps, then 0: nobody waits
//   memory.atomic.wait    an atomic load; equal: 2, the timeout passes; not equal: 1; and
//                         unreachable where the memory is not shared
//   an offset from 2^32   unreachable: no memory is that large, and addresses do not wrap
//   a tail call           the call and a return: the same but for the depth of the stack. WABT has
//                         it, but leaves operands of the caller's frame behind (wabt_gaps_test.cc)
//   offsets of active     of the address type of memory 0, which WABT asks for whatever memory
//   data segments         they are for (the same)
enum class Dialect : uint8_t { kWhole, kWabt };

// The opcodes without prefix, and behind 0xFE, that were written: for tests of the generator.
struct WrittenOpcodes {
  std::bitset<256> plain, atomic;
};

struct GeneratedBody {
  Bytes bytes;             // local declarations, instructions and the final `end`
  bool stands_in = false;  // kWabt: some `unreachable` stands for another trap
  WrittenOpcodes written;
};
// The body of function `index` of scope.functions.
GeneratedBody generate_body(const ProgramScope& scope, uint32_t index, Dialect dialect,
                            ProgramInput& input);

}  // namespace weft::fuzz
