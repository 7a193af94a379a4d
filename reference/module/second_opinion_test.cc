// Our reader against WABT's binary reader and validator over mutations of small modules. Where both
// differ the specification decides; WABT's known differences are data here, each with its reason.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <random>

#include "reference/module/assemble.h"
#include "reference/module/decode.h"
#include "reference/module/validate.h"
#include "wabt/binary-reader-ir.h"
#include "wabt/binary-reader.h"
#include "wabt/error.h"
#include "wabt/feature.h"
#include "wabt/ir.h"
#include "wabt/validator.h"

namespace weft::module {
namespace {

// Modules whose mutations reach every section and every kind of immediate.
constexpr const char* kSeeds[] = {
    R"((module (type $t (func (param i32 i64) (result i64)))
         (import "m" "f" (func $f (type $t))) (import "m" "g" (global $g i32))
         (memory 1 2 shared) (table 3 funcref) (global $x (mut i64) (i64.const -5))
         (export "f" (func $f)) (export "x" (global $x))
         (func $h (type $t) (local f32 f64)
           (block $b (result i64)
             (loop (br_if 0 (i32.const 0)))
             (if (result i64) (local.get 0) (then (i64.const 1)) (else (local.get 1)))
             (br_table $b 0 (i32.const 300000)))
           (call_indirect (type $t) (local.get 0) (i64.const 2) (i32.const 1))
           (i64.add) (global.set $x) (global.get $x))
         (elem (i32.const 0) $f $h) (elem declare func $h)
         (data (i32.const 4) "abc") (data "passive")
         (start $s) (func $s (drop (ref.func $h)))))",
    R"((module (memory 1 1 shared)
         (func (param i32) (result i32)
           (i32.atomic.store offset=8 (local.get 0) (i32.const 7))
           (drop (i64.atomic.rmw16.add_u (i32.const 2) (i64.const 1)))
           (drop (i64.atomic.rmw.cmpxchg (i32.const 8) (i64.const 1) (i64.const 2)))
           (atomic.fence)
           (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0)))
           (memory.atomic.notify offset=4 (i32.const 0) (i32.const 1)))))",
    R"((module (memory 1) (data $d "xyz") (table $t 2 externref) (table $f 2 funcref)
         (elem $e funcref (ref.null func)) (func $z)
         (func (param externref v128) (result v128)
           (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1)) (data.drop $d)
           (memory.copy (i32.const 0) (i32.const 1) (i32.const 2))
           (memory.fill (i32.const 0) (i32.const 1) (i32.const 2))
           (table.init $f $e (i32.const 0) (i32.const 0) (i32.const 1)) (elem.drop $e)
           (table.set $t (i32.const 0) (local.get 0))
           (drop (table.grow $t (ref.null extern) (i32.const 1)))
           (drop (ref.is_null (table.get $t (i32.const 0))))
           (drop (select (result externref) (local.get 0) (local.get 0) (i32.const 1)))
           (v128.store8_lane 3 (i32.const 0) (local.get 1))
           (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 31 (local.get 1)
             (i16x8.replace_lane 7 (v128.load32_splat (i32.const 4))
               (i32.trunc_sat_f64_s (f64.const 1.5)))))))",
    R"((module (memory i64 1 2) (global i64 (i64.const 7))
         (func $f (param i64) (result i64)
           (i64.store offset=16 (local.get 0) (i64.extend8_s (local.get 0)))
           (drop (memory.grow (i64.const 1)))
           (f32.store (local.get 0) (f32.const 3.5))
           (return_call $f (memory.size)))))",
};

bool wabt_takes(const Bytes& bytes, std::string* why) {
  wabt::Features features;
  features.EnableAll();
  features.disable_exceptions();
  features.disable_gc();
  features.disable_function_references();
  features.disable_relaxed_simd();
  features.disable_annotations();
  features.disable_code_metadata();
  wabt::Errors errors;
  wabt::Module module;
  const wabt::ReadBinaryOptions options(features, nullptr, /*read_debug_names=*/false,
                                        /*stop_on_first_error=*/true,
                                        /*fail_on_custom_section=*/false);
  const bool good =
      wabt::Succeeded(
          wabt::ReadBinaryIr("m", bytes.data(), bytes.size(), options, &errors, &module)) &&
      wabt::Succeeded(wabt::ValidateModule(&module, &errors, wabt::ValidateOptions(features)));
  *why = errors.empty() ? "" : errors.front().message;
  return good;
}

std::optional<ModuleError> we_refuse(const Bytes& bytes) {
  auto decoded = decode(bytes);
  if (!decoded) return decoded.error();
  return validate(*decoded);
}

// How WABT 1.0.32 differs. `side` says who accepts; `ours` and `theirs` are what the refusing side
// says (a part of the message).
struct Difference {
  bool we_accept;
  const char* message;
  const char* reason;
};
constexpr Difference kKnown[] = {
    {false, "is not supported", "a proposal that weft does not take"},
    {false, "weft takes at most", "a limit of ours"},
    {false, "unexpected end", "WABT reads on behind the end of a section or of a body"},
    {false, "length out of bounds", "the same: a vector that its section cannot hold"},
    {false, "malformed data segment kind", "WABT masks the flags of a data segment (0, 1 or 2)"},
    {false, "alignment must not be larger than natural",
     "WABT shifts by the exponent modulo 32, so 2^(32+n) passes as 2^n"},
};

const Difference* known(bool we_accept, const std::string& message) {
  for (const Difference& one : kKnown) {
    if (one.we_accept == we_accept && message.find(one.message) != std::string::npos) return &one;
  }
  return nullptr;
}

Bytes mutate(Bytes bytes, std::mt19937& random) {
  const auto below = [&](size_t n) { return static_cast<size_t>(random() % n); };
  const size_t changes = 1 + below(2);
  for (size_t i = 0; i < changes; ++i) {
    const size_t at = 8 + below(bytes.size() - 8);
    switch (below(4)) {
      case 0:
        bytes[at] = static_cast<uint8_t>(random());
        break;
      case 1:
        bytes[at] = static_cast<uint8_t>(bytes[at] ^ (1u << below(8)));
        break;
      case 2:
        bytes[at] = static_cast<uint8_t>(bytes[at] + (below(2) ? 1 : -1));
        break;
      case 3: {
        static constexpr uint8_t kTelling[] = {0x00, 0x0B, 0x40, 0x7F, 0x7E, 0x80, 0xFE, 0x6F};
        bytes[at] = kTelling[below(std::size(kTelling))];
        break;
      }
    }
  }
  return bytes;
}

std::string hex(const Bytes& bytes) {
  std::string out;
  for (uint8_t b : bytes) out += fmt::format("{:02x}", b);
  return out;
}

TEST(SecondOpinion, WabtAgreesOverMutationsUpToKnownDifferences) {
  std::mt19937 random(20260422);
  std::map<std::string, int> unknown;
  int accepted = 0, refused = 0;
  for (const char* seed : kSeeds) {
    const auto assembled = assemble(seed, "seed.wat");
    ASSERT_TRUE(assembled) << assembled.error().message;
    const auto whole = we_refuse(*assembled);
    ASSERT_FALSE(whole) << whole->message << "\n" << seed;
    for (int i = 0; i < 20'000; ++i) {
      const Bytes bytes = mutate(*assembled, random);
      const std::optional<ModuleError> ours = we_refuse(bytes);
      std::string why;
      const bool theirs = wabt_takes(bytes, &why);
      if (!ours == theirs) {
        ++(theirs ? accepted : refused);
        continue;
      }
      const std::string message = theirs ? ours->stage + ": " + ours->message : why;
      if (known(!theirs, message)) continue;
      const std::string line =
          (theirs ? "only WABT accepts, we say " : "only we accept, WABT says ") + message;
      if (unknown[line]++ == 0) std::printf("%s\n  %s\n", line.c_str(), hex(bytes).c_str());
    }
  }
  for (const auto& [line, count] : unknown) ADD_FAILURE() << count << " x " << line;
  EXPECT_GT(accepted, 1000);
  EXPECT_GT(refused, 10'000);
}

}  // namespace
}  // namespace weft::module
