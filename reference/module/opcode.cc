#include "reference/module/opcode.h"

#include <algorithm>
#include <array>

namespace weft::module {
namespace {

using enum Immediate;
using enum Feature;

constexpr OpcodeInfo kOpcodes[] = {
#define WASM_OPCODE(prefix, code, name, signature, immediate, argument, feature) \
  {prefix, code, name, signature, immediate, argument, feature},
#include "reference/module/opcodes.def"
};

constexpr size_t kPages = 4, kCodes = 256;

constexpr size_t page(uint8_t prefix) { return prefix == 0 ? 0 : size_t{prefix} - 0xFC + 1; }

// Index + 1 into kOpcodes by prefix and code; 0: none.
constexpr std::array<std::array<uint16_t, kCodes>, kPages> kIndex = [] {
  std::array<std::array<uint16_t, kCodes>, kPages> index{};
  for (size_t i = 0; i < std::size(kOpcodes); ++i) {
    index[page(kOpcodes[i].prefix)][kOpcodes[i].code] = static_cast<uint16_t>(i + 1);
  }
  return index;
}();

}  // namespace

std::span<const OpcodeInfo> opcodes() { return kOpcodes; }

const OpcodeInfo* find_opcode(uint8_t prefix, uint32_t code) {
  if (prefix != 0 && (prefix < 0xFC || prefix > 0xFE)) return nullptr;
  if (code >= kCodes) return nullptr;
  const uint16_t found = kIndex[page(prefix)][code];
  return found ? &kOpcodes[found - 1] : nullptr;
}

std::string_view refused_feature(uint8_t prefix, uint32_t code) {
  if (prefix == 0) {
    switch (code) {
      case 0x06:
      case 0x07:
      case 0x08:
      case 0x09:
      case 0x0A:
      case 0x18:
      case 0x19:
      case 0x1F:
        return "exception handling";
      case 0x14:
      case 0x15:
      case 0xD4:
      case 0xD5:
      case 0xD6:
        return "typed function references";
      case 0xD3:
        return "GC";
      default:
        return {};
    }
  }
  if (prefix == 0xFB) return "GC";
  if (prefix == 0xFC && code >= 19 && code <= 22) return "wide arithmetic";
  if (prefix == 0xFD && code >= 0x100 && code <= 0x12F) return "relaxed SIMD";
  if (prefix == 0xFE && code == 0x04) return "acquire-release atomics (pause)";
  if (prefix == 0xFE && code >= 0x4F && code <= 0x71) return "shared-everything threads";
  return {};
}

}  // namespace weft::module
