// What the reader and the validator know of an instruction, from opcodes.def. Knows no execution.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "reference/module/module.h"

namespace weft::module {

// What follows an opcode in the binary (core spec, binary/instructions).
enum class Immediate : uint8_t {
  kNone,
  kBlock,         // block type
  kLabel,         // label index
  kLabelTable,    // vector of labels, default label
  kFunction,      // function index
  kCallIndirect,  // type index, table index
  kSelectTypes,   // vector of value types
  kLocal,
  kGlobal,
  kTable,
  kMemArg,      // alignment (and memory index), offset
  kAtomicArg,   // the same; the alignment must be the natural one
  kMemArgLane,  // the same, then a lane index
  kMemory,
  kMemoryMemory,  // destination, source
  kDataMemory,    // data segment, memory
  kData,
  kElemTable,  // element segment, table
  kElem,
  kTableTable,  // destination, source
  kI32,
  kI64,
  kF32,
  kF64,
  kV128,
  kShuffle,  // 16 lane indices
  kLane,
  kRefType,
  kRefFunc,
  kFence,  // one zero byte
};

enum class Feature : uint8_t {
  kMvp,
  kSignExtension,
  kSaturating,
  kBulkMemory,
  kReferenceTypes,
  kSimd,
  kThreads,
  kTailCall,
};

struct OpcodeInfo {
  uint8_t prefix;
  uint32_t code;
  std::string_view name;
  std::string_view signature;
  Immediate immediate;
  uint8_t argument;
  Feature feature;
};

// The type that a letter of a signature stands for; 'p' depends on the memory and is the caller's.
constexpr ValType signature_type(char letter) {
  switch (letter) {
    case 'i':
      return ValType::kI32;
    case 'I':
      return ValType::kI64;
    case 'f':
      return ValType::kF32;
    case 'F':
      return ValType::kF64;
    default:
      return ValType::kV128;
  }
}

// Bytes that the instruction accesses, which is its natural alignment; 0: it is no access.
constexpr uint32_t access_bytes(const OpcodeInfo& info) {
  const bool accesses = info.immediate == Immediate::kMemArg ||
                        info.immediate == Immediate::kAtomicArg ||
                        info.immediate == Immediate::kMemArgLane;
  return accesses ? 1u << info.argument : 0;
}

// All instructions, in the order of opcodes.def.
std::span<const OpcodeInfo> opcodes();
// Null: no such instruction.
const OpcodeInfo* find_opcode(uint8_t prefix, uint32_t code);

// The feature to name when an opcode of a proposal that weft does not take is met ("exception
// handling", "relaxed SIMD", ...); empty: simply an illegal opcode.
std::string_view refused_feature(uint8_t prefix, uint32_t code);

}  // namespace weft::module
