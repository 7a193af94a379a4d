// One instruction of the binary format (core spec, binary/instructions).
#include <fmt/core.h>

#include "reference/module/decode.h"

namespace weft::module {
namespace {

void read_memarg(Reader& in, const Module& module, Instruction& out) {
  const size_t start = in.offset();
  uint32_t flags = in.u32();
  if (in.failed()) return;
  // Bit 6 announces a memory index (multi-memory); above it nothing is defined.
  if (flags >= 0x80) return in.fail("malformed memop flags", start);
  if ((flags & 0x40) && module.language.multi_memory) {
    out.memarg.memory = in.u32();
    flags &= 0x3F;
  }
  out.memarg.align = flags;
  // With memory64 a u64 whatever the address type; its range is validation.
  out.memarg.offset = module.language.memory64 ? in.u64() : in.u32();
}

uint32_t read_memory_index(Reader& in, const Module& module) {
  if (module.language.multi_memory) return in.u32();
  const size_t at = in.offset();
  if (in.byte() != 0 && !in.failed()) in.fail("zero byte expected", at);
  return 0;
}

void read_block_type(Reader& in, Instruction& out) {
  const size_t start = in.offset();
  const uint8_t first = in.peek();
  if (first == 0x40) {
    in.byte();
    out.block_type = -64;
    return;
  }
  if (first >= 0x41 && first <= 0x7F) {  // a negative s33 of one byte: a value type
    out.block_type = static_cast<int64_t>(first) - 0x80;
    read_value_type(in);
    return;
  }
  out.block_type = in.s33();
  if (!in.failed() && out.block_type < 0) in.fail("malformed block type", start);
}

}  // namespace

namespace {

// The proposal that a byte at the place of a type belongs to; empty: no proposal's.
std::string_view feature_of_type(uint8_t b) {
  switch (b) {
    case 0x63:
    case 0x64:
      return "typed function references";
    case 0x69:
    case 0x74:
      return "exception handling";
    case 0x6A:
    case 0x6B:
    case 0x6C:
    case 0x6D:
    case 0x6E:
    case 0x71:
    case 0x72:
    case 0x73:
    case 0x77:
    case 0x78:
      return "GC";
    default:
      return {};
  }
}

ValType read_type(Reader& in, bool reference) {
  const size_t start = in.offset();
  const uint8_t b = in.byte();
  if (in.failed()) return ValType::kI32;
  if (b == 0x70 || b == 0x6F || (!reference && b >= 0x7B && b <= 0x7F)) {
    return static_cast<ValType>(b);
  }
  const std::string_view feature = feature_of_type(b);
  if (!feature.empty()) {
    in.refuse(feature, fmt::format("type {:02x}", b), start);
  } else {
    in.fail(reference ? "malformed reference type" : "malformed value type", start);
  }
  return ValType::kI32;
}

}  // namespace

ValType read_value_type(Reader& in) { return read_type(in, false); }
ValType read_reference_type(Reader& in) { return read_type(in, true); }

Instruction read_instruction(Reader& in, const Module& module) {
  Instruction out;
  out.offset = in.offset();
  uint8_t prefix = 0;
  uint32_t code = in.byte();
  if (in.failed()) return out;
  if (code >= 0xFB && code <= 0xFE) {
    prefix = static_cast<uint8_t>(code);
    code = in.u32();
    if (in.failed()) return out;
  }
  out.info = find_opcode(prefix, code);
  out.immediates = in.offset();
  if (!out.info) {
    const std::string_view feature = refused_feature(prefix, code);
    if (!feature.empty()) {
      in.refuse(feature,
                prefix ? fmt::format("opcode {:02x} {:02x}", prefix, code)
                       : fmt::format("opcode {:02x}", code),
                out.offset);
    } else {
      in.fail(prefix ? fmt::format("illegal opcode {:02x} {:02x}", prefix, code)
                     : fmt::format("illegal opcode {:02x}", code),
              out.offset);
    }
    return out;
  }
  switch (out.info->immediate) {
    case Immediate::kNone:
      break;
    case Immediate::kBlock:
      read_block_type(in, out);
      break;
    case Immediate::kLabel:
    case Immediate::kFunction:
    case Immediate::kLocal:
    case Immediate::kGlobal:
    case Immediate::kTable:
    case Immediate::kData:
    case Immediate::kElem:
    case Immediate::kRefFunc:
      out.index = in.u32();
      break;
    case Immediate::kLabelTable: {
      const uint32_t n = in.count();
      for (uint32_t i = 0; i < n && !in.failed(); ++i) in.u32();
      out.index = n;
      in.u32();
      break;
    }
    case Immediate::kCallIndirect:
    case Immediate::kElemTable:
    case Immediate::kTableTable:
      out.index = in.u32();
      out.index2 = in.u32();
      break;
    case Immediate::kMemory:
      out.index = read_memory_index(in, module);
      break;
    case Immediate::kMemoryMemory:
      out.index = read_memory_index(in, module);
      out.index2 = read_memory_index(in, module);
      break;
    case Immediate::kDataMemory:
      out.index = in.u32();
      out.index2 = read_memory_index(in, module);
      break;
    case Immediate::kSelectTypes: {
      out.index = in.count();
      for (uint32_t i = 0; i < out.index && !in.failed(); ++i) read_value_type(in);
      break;
    }
    case Immediate::kMemArg:
    case Immediate::kAtomicArg:
      read_memarg(in, module, out);
      break;
    case Immediate::kMemArgLane:
      read_memarg(in, module, out);
      out.lane = in.byte();
      break;
    case Immediate::kI32:
      in.s32();
      break;
    case Immediate::kI64:
      in.s64();
      break;
    case Immediate::kF32:
      in.skip(4);
      break;
    case Immediate::kF64:
      in.skip(8);
      break;
    case Immediate::kV128:
    case Immediate::kShuffle:
      in.skip(16);
      break;
    case Immediate::kLane:
      out.lane = in.byte();
      break;
    case Immediate::kRefType:
      // A heap type that is no negative number of one byte is a type index (3.0).
      if (in.peek() >= 0x80 || (in.peek() < 0x40 && !in.done())) {
        in.refuse("typed function references", "ref.null of a type index", in.offset());
      }
      read_reference_type(in);
      break;
    case Immediate::kFence: {
      const size_t at = in.offset();
      if (in.byte() != 0 && !in.failed()) in.fail("zero byte expected", at);
      break;
    }
  }
  return out;
}

}  // namespace weft::module
