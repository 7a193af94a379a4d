// The v128 instructions, out of line: one function each, from simd.def, in a table by opcode. Plain
// C++ on arrays of lanes; the compiler makes vector instructions of it where it can.
#include "reference/machine/simd.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "reference/machine/bytes.h"
#include "reference/machine/numeric.h"
#include "reference/module/opcode.h"

namespace weft::machine {
namespace {

using module::a_of;
using module::b_of;
using module::c_of;
using module::Word;

template <typename T>
struct Lanes {
  static constexpr size_t kCount = 16 / sizeof(T);
  T lane[kCount];
  T& operator[](size_t i) { return lane[i]; }
  const T& operator[](size_t i) const { return lane[i]; }
};

template <typename T>
Lanes<T> get(const u64* slot) {
  Lanes<T> lanes;
  std::memcpy(&lanes, slot, 16);
  return lanes;
}
template <typename T>
void put(u64* slot, const Lanes<T>& lanes) {
  std::memcpy(slot, &lanes, 16);
}

u32 third_of(const Word* pc) { return static_cast<uint16_t>(pc[1] >> 16); }
u32 lane_of(const Word* pc) { return static_cast<uint8_t>(pc[1] >> 32); }

template <typename From, typename To, typename F>
void map1(u64* fp, const Word* pc, F&& function) {
  const auto x = get<From>(fp + b_of(*pc));
  Lanes<To> result;
  for (size_t i = 0; i < result.kCount; ++i) result[i] = static_cast<To>(function(x[i]));
  put(fp + a_of(*pc), result);
}
template <typename From, typename To, typename F>
void map2(u64* fp, const Word* pc, F&& function) {
  const auto x = get<From>(fp + b_of(*pc)), y = get<From>(fp + c_of(*pc));
  Lanes<To> result;
  for (size_t i = 0; i < result.kCount; ++i) result[i] = static_cast<To>(function(x[i], y[i]));
  put(fp + a_of(*pc), result);
}

template <typename Signed, typename T>
T absolute(T x) {
  return static_cast<Signed>(x) < 0 ? static_cast<T>(T{0} - x) : x;
}
template <typename T>
T negated(T x) {
  return static_cast<T>(T{0} - x);
}
template <typename To>
To saturated(int x) {
  return static_cast<To>(
      std::clamp<int>(x, std::numeric_limits<To>::min(), std::numeric_limits<To>::max()));
}
template <typename T>
u32 any_true(const Lanes<T>& x) {
  for (T lane : x.lane) {
    if (lane != 0) return 1;
  }
  return 0;
}
template <typename T>
u32 all_true(const Lanes<T>& x) {
  for (T lane : x.lane) {
    if (lane == 0) return 0;
  }
  return 1;
}
template <typename T>
u32 bitmask(const Lanes<T>& x) {
  u32 mask = 0;
  for (size_t i = 0; i < x.kCount; ++i) mask |= static_cast<u32>(x[i] < 0) << i;
  return mask;
}

void bitselect(u64* fp, const Word* pc) {
  const auto x = get<u64>(fp + b_of(*pc)), y = get<u64>(fp + c_of(*pc));
  const auto mask = get<u64>(fp + third_of(pc));
  Lanes<u64> result;
  for (size_t i = 0; i < 2; ++i) result[i] = (x[i] & mask[i]) | (y[i] & ~mask[i]);
  put(fp + a_of(*pc), result);
}
template <typename From, typename To>
void narrow(u64* fp, const Word* pc) {
  const auto x = get<From>(fp + b_of(*pc)), y = get<From>(fp + c_of(*pc));
  Lanes<To> result;
  for (size_t i = 0; i < x.kCount; ++i) {
    result[i] = saturated<To>(x[i]);
    result[x.kCount + i] = saturated<To>(y[i]);
  }
  put(fp + a_of(*pc), result);
}
template <typename From, typename To, bool kHigh>
void extend(u64* fp, const Word* pc) {
  const auto x = get<From>(fp + b_of(*pc));
  Lanes<To> result;
  for (size_t i = 0; i < result.kCount; ++i) {
    result[i] = static_cast<To>(x[i + (kHigh ? result.kCount : 0)]);
  }
  put(fp + a_of(*pc), result);
}
template <typename From, typename To, bool kHigh>
void extended_multiply(u64* fp, const Word* pc) {
  const auto x = get<From>(fp + b_of(*pc)), y = get<From>(fp + c_of(*pc));
  Lanes<To> result;
  for (size_t i = 0; i < result.kCount; ++i) {
    const size_t k = i + (kHigh ? result.kCount : 0);
    // Products of 32 bits fit 64, smaller ones fit their lanes.
    result[i] = static_cast<To>(static_cast<To>(x[k]) * static_cast<To>(y[k]));
  }
  put(fp + a_of(*pc), result);
}
template <typename From, typename To>
void add_pairs(u64* fp, const Word* pc) {
  const auto x = get<From>(fp + b_of(*pc));
  Lanes<To> result;
  for (size_t i = 0; i < result.kCount; ++i) result[i] = static_cast<To>(x[2 * i] + x[2 * i + 1]);
  put(fp + a_of(*pc), result);
}
void dot_product(u64* fp, const Word* pc) {
  const auto x = get<s16>(fp + b_of(*pc)), y = get<s16>(fp + c_of(*pc));
  Lanes<u32> result;
  for (size_t i = 0; i < 4; ++i) {
    // Only (-32768)^2 twice leaves the signed range, and wraps.
    result[i] =
        static_cast<u32>(x[2 * i] * y[2 * i]) + static_cast<u32>(x[2 * i + 1] * y[2 * i + 1]);
  }
  put(fp + a_of(*pc), result);
}
template <typename From, typename To>
void convert_to_low(u64* fp, const Word* pc) {
  const auto x = get<From>(fp + b_of(*pc));
  Lanes<To> result{};
  for (size_t i = 0; i < x.kCount; ++i) {
    if constexpr (std::is_integral_v<To>) {
      result[i] = saturate<To>(x[i]);
    } else {
      result[i] = static_cast<To>(x[i]);
    }
  }
  put(fp + a_of(*pc), result);
}
void swizzle(u64* fp, const Word* pc) {
  const auto x = get<u8>(fp + b_of(*pc)), index = get<u8>(fp + c_of(*pc));
  Lanes<u8> result;
  for (size_t i = 0; i < 16; ++i) result[i] = index[i] < 16 ? x[index[i]] : 0;
  put(fp + a_of(*pc), result);
}
// {op, result, x, y} {opcode} {16 lane numbers}
void shuffle(u64* fp, const Word* pc) {
  const auto x = get<u8>(fp + b_of(*pc)), y = get<u8>(fp + c_of(*pc)), index = get<u8>(pc + 2);
  Lanes<u8> result;
  for (size_t i = 0; i < 16; ++i) result[i] = index[i] < 16 ? x[index[i]] : y[index[i] - 16];
  put(fp + a_of(*pc), result);
}
template <typename T>
void splat(u64* fp, const Word* pc) {
  Lanes<T> result;
  for (T& lane : result.lane) lane = static_cast<T>(fp[b_of(*pc)]);
  put(fp + a_of(*pc), result);
}
template <typename T>
void extract_lane(u64* fp, const Word* pc) {
  const T lane = get<T>(fp + b_of(*pc))[lane_of(pc)];
  if constexpr (sizeof(T) == 8) {
    fp[a_of(*pc)] = lane;
  } else {
    fp[a_of(*pc)] = static_cast<u32>(static_cast<s64>(lane));
  }
}
template <typename T>
void replace_lane(u64* fp, const Word* pc) {
  auto x = get<T>(fp + b_of(*pc));
  x[lane_of(pc)] = static_cast<T>(fp[c_of(*pc)]);
  put(fp + a_of(*pc), x);
}

constexpr std::array<SimdFunction, 256> make_table() {
  std::array<SimdFunction, 256> table{};
#define LANES1(opcode, name, from, to, expression)             \
  table[opcode] = [](u64* fp, const Word* pc) {                \
    map1<from, to>(fp, pc, [](from x) { return expression; }); \
  };
#define LANES2(opcode, name, from, to, expression)                     \
  table[opcode] = [](u64* fp, const Word* pc) {                        \
    map2<from, to>(fp, pc, [](from x, from y) { return expression; }); \
  };
#define SHIFT(opcode, name, type, expression)                               \
  table[opcode] = [](u64* fp, const Word* pc) {                             \
    const u32 n = static_cast<u32>(fp[c_of(*pc)]) & (sizeof(type) * 8 - 1); \
    map1<type, type>(fp, pc, [n](type x) { return expression; });           \
  };
#define SCALAR(opcode, name, type, expression)  \
  table[opcode] = [](u64* fp, const Word* pc) { \
    const auto x = get<type>(fp + b_of(*pc));   \
    fp[a_of(*pc)] = expression;                 \
  };
#define CUSTOM(opcode, name, function) table[opcode] = function;
#include "reference/module/simd.def"
  return table;
}

constexpr void set_access_width(std::array<uint8_t, 256>& widths, const module::OpcodeInfo& info) {
  widths[info.code] = static_cast<uint8_t>(access_bytes(info));
}
constexpr std::array<uint8_t, 256> make_access_widths() {
  using enum module::Immediate;
  using enum module::Feature;
  std::array<uint8_t, 256> widths{};
#define WASM_OPCODE(prefix, ...) \
  if ((prefix) == 0xFD) set_access_width(widths, {prefix, __VA_ARGS__});
#include "reference/module/opcodes.def"
  return widths;
}
constexpr std::array<uint8_t, 256> kAccessWidths = make_access_widths();

// Sign- or zero-extends the eight bytes of `from`.
template <typename From, typename To>
void widen(uint8_t* to, const uint8_t* from) {
  for (size_t i = 0; i < 8 / sizeof(From); ++i) {
    const auto wide = static_cast<To>(load_plain<From>(from + i * sizeof(From)));
    store_plain(to + i * sizeof(To), wide);
  }
}

}  // namespace

const std::array<SimdFunction, 256> kSimdFunctions = make_table();

uint32_t simd_access_width(uint32_t opcode) { return kAccessWidths[opcode]; }

void simd_load(uint32_t opcode, uint32_t lane, const uint8_t* bytes, const u64* x, u64* result) {
  const uint32_t width = simd_access_width(opcode);
  uint8_t out[16] = {};
  switch (opcode) {
    case 0x01:
      widen<s8, s16>(out, bytes);
      break;
    case 0x02:
      widen<u8, u16>(out, bytes);
      break;
    case 0x03:
      widen<s16, s32>(out, bytes);
      break;
    case 0x04:
      widen<u16, u32>(out, bytes);
      break;
    case 0x05:
      widen<s32, s64>(out, bytes);
      break;
    case 0x06:
      widen<u32, u64>(out, bytes);
      break;
    case 0x07:
    case 0x08:
    case 0x09:
    case 0x0A:
      for (uint32_t i = 0; i < 16; i += width) std::memcpy(out + i, bytes, width);
      break;
    case 0x54:
    case 0x55:
    case 0x56:
    case 0x57:
      std::memcpy(out, x, 16);
      std::memcpy(out + lane * width, bytes, width);
      break;
    default:  // v128.load, load32_zero, load64_zero
      std::memcpy(out, bytes, width);
      break;
  }
  std::memcpy(result, out, 16);
}

}  // namespace weft::machine
