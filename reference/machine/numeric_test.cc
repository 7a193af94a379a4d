// Numeric edges: traps, NaNs, signed zeros, rounding, saturation; under every policy.
#include <fmt/format.h>

#include "reference/machine/testing.h"

namespace weft::machine {
namespace {

std::string eval(const std::string& type, const std::string& body) {
  SCOPED_TRACE(body);
  const std::string direct = testing::call_in_all(
      fmt::format("(module (func (export \"f\") (result {}) {}))", type, body), "f");
  return direct;
}
// The operands once as immediates, once as locals: both forms of the instruction.
std::string both(const std::string& op, const std::string& from, const std::string& to,
                 const std::string& x, const std::string& y) {
  const std::string direct =
      eval(to, fmt::format("({0} ({1}.const {2}) ({1}.const {3}))", op, from, x, y));
  const std::string locals = testing::call_in_all(
      fmt::format(
          "(module (func (export \"f\") (result {1}) (local {0} {0}) (local.set 0 ({0}.const "
          "{3})) (local.set 1 ({0}.const {4})) ({2} (local.get 0) (local.get 1))))",
          from, to, op, x, y),
      "f");
  EXPECT_EQ(direct, locals) << op << " " << x << " " << y;
  return direct;
}

TEST(Numeric, DivisionTraps) {
  EXPECT_EQ(both("i32.div_s", "i32", "i32", "7", "0"), "trap: integer divide by zero");
  EXPECT_EQ(both("i32.div_s", "i32", "i32", "0x80000000", "-1"), "trap: integer overflow");
  EXPECT_EQ(both("i32.rem_s", "i32", "i32", "0x80000000", "-1"), "i32:0");
  EXPECT_EQ(both("i32.div_u", "i32", "i32", "0x80000000", "-1"), "i32:0");
  EXPECT_EQ(both("i64.rem_u", "i64", "i64", "7", "0"), "trap: integer divide by zero");
  EXPECT_EQ(both("i64.div_s", "i64", "i64", "0x8000000000000000", "-1"), "trap: integer overflow");
  EXPECT_EQ(both("i64.rem_s", "i64", "i64", "-7", "2"), "i64:-1");
}

TEST(Numeric, ShiftsTakeTheCountModuloTheWidth) {
  EXPECT_EQ(both("i32.shl", "i32", "i32", "1", "33"), "i32:2");
  EXPECT_EQ(both("i32.shr_s", "i32", "i32", "-8", "1"), "i32:-4");
  EXPECT_EQ(both("i32.shr_u", "i32", "i32", "-8", "-31"), "i32:2147483644");
  EXPECT_EQ(both("i64.rotl", "i64", "i64", "0x8000000000000001", "65"), "i64:3");
  EXPECT_EQ(both("i64.rotr", "i64", "i64", "1", "1"), "i64:-9223372036854775808");
}

TEST(Numeric, ComparisonsInBranchesAgreeWithTheirValues) {
  const char* ops[] = {"eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u"};
  const char* values[] = {"0", "1", "-1", "0x7fffffff", "-2147483648"};
  for (const char* type : {"i32", "i64"}) {
    for (const char* op : ops) {
      for (const char* x : values) {
        for (const char* y : values) {
          const std::string name = fmt::format("{}.{}", type, op);
          const std::string value = both(name, type, "i32", x, y);
          // As a condition: fused, inverted, with a constant on either side.
          const std::string branches = testing::call_in_all(
              fmt::format(
                  "(module (func (export \"f\") (result i32) (local {0} {0} i32) "
                  "(local.set 0 ({0}.const {2})) (local.set 1 ({0}.const {3})) "
                  "(if ({1} (local.get 0) (local.get 1)) (then (local.set 2 (i32.const 1)))) "
                  "(block (br_if 0 (i32.eqz ({1} (local.get 0) ({0}.const {3})))) "
                  "  (local.set 2 (i32.add (local.get 2) (i32.const 2)))) "
                  "(block (br_if 0 ({1} ({0}.const {2}) (local.get 1))) "
                  "  (local.set 2 (i32.add (local.get 2) (i32.const 4)))) (local.get 2)))",
                  type, name, x, y),
              "f");
          EXPECT_EQ(branches, value == "i32:1" ? "i32:3" : "i32:4") << name << " " << x << " " << y;
        }
      }
    }
  }
}

TEST(Numeric, MinimumAndMaximumKnowZerosAndNaNs) {
  EXPECT_EQ(both("f32.min", "f32", "f32", "0", "-0"), "f32:0x80000000");
  EXPECT_EQ(both("f32.max", "f32", "f32", "-0", "0"), "f32:0x00000000");
  EXPECT_EQ(both("f64.min", "f64", "f64", "-0", "0"), "f64:0x8000000000000000");
  EXPECT_EQ(both("f64.max", "f64", "f64", "1", "-inf"), "f64:0x3ff0000000000000");
  EXPECT_EQ(both("f32.min", "f32", "f32", "nan:0x200000", "1"), "f32:0x7fe00000");
  EXPECT_EQ(both("f64.max", "f64", "f64", "1", "nan"), "f64:0x7ff8000000000000");
}

TEST(Numeric, SignallingNaNsBecomeQuiet) {
  for (const char* op : {"ceil", "floor", "trunc", "nearest", "sqrt"}) {
    EXPECT_EQ(eval("f32", fmt::format("(f32.{} (f32.const nan:0x200001))", op)), "f32:0x7fe00001");
    EXPECT_EQ(eval("f64", fmt::format("(f64.{} (f64.const nan:0x4000000000001))", op)),
              "f64:0x7ffc000000000001");
  }
  EXPECT_EQ(eval("f32", "(f32.neg (f32.const nan:0x200001))"), "f32:0xffa00001");
  EXPECT_EQ(eval("f64", "(f64.abs (f64.const -nan:0x4000000000001))"), "f64:0x7ff4000000000001");
  EXPECT_EQ(both("f32.copysign", "f32", "f32", "nan:0x1", "-1"), "f32:0xff800001");
}

TEST(Numeric, RoundsTiesToEven) {
  EXPECT_EQ(eval("f64", "(f64.nearest (f64.const 2.5))"), "f64:0x4000000000000000");
  EXPECT_EQ(eval("f32", "(f32.nearest (f32.const -0.5))"), "f32:0x80000000");
  EXPECT_EQ(eval("f32", "(f32.ceil (f32.const -0.9))"), "f32:0x80000000");
  EXPECT_EQ(eval("f32", "(f32.convert_i64_u (i64.const 0x7fffff4000000001))"), "f32:0x5effffff");
  EXPECT_EQ(eval("f64", "(f64.convert_i64_u (i64.const -1))"), "f64:0x43f0000000000000");
}

TEST(Numeric, TruncationTrapsExactlyOutsideTheRange) {
  EXPECT_EQ(eval("i32", "(i32.trunc_f64_s (f64.const -2147483648.9))"), "i32:-2147483648");
  EXPECT_EQ(eval("i32", "(i32.trunc_f64_s (f64.const -2147483649))"), "trap: integer overflow");
  EXPECT_EQ(eval("i32", "(i32.trunc_f32_s (f32.const 2147483648))"), "trap: integer overflow");
  EXPECT_EQ(eval("i32", "(i32.trunc_f32_u (f32.const -0.99))"), "i32:0");
  EXPECT_EQ(eval("i32", "(i32.trunc_f32_u (f32.const -1))"), "trap: integer overflow");
  EXPECT_EQ(eval("i64", "(i64.trunc_f64_u (f64.const 18446744073709549568))"), "i64:-2048");
  EXPECT_EQ(eval("i64", "(i64.trunc_f64_s (f64.const 9223372036854775808))"),
            "trap: integer overflow");
  EXPECT_EQ(eval("i64", "(i64.trunc_f32_s (f32.const nan))"),
            "trap: invalid conversion to integer");
  EXPECT_EQ(eval("i32", "(i32.trunc_sat_f64_s (f64.const -1e10))"), "i32:-2147483648");
  EXPECT_EQ(eval("i64", "(i64.trunc_sat_f32_u (f32.const 1e30))"), "i64:-1");
  EXPECT_EQ(eval("i32", "(i32.trunc_sat_f32_s (f32.const nan))"), "i32:0");
}

TEST(Numeric, ExtensionsAndCounts) {
  EXPECT_EQ(eval("i32", "(i32.extend8_s (i32.const 0x80))"), "i32:-128");
  EXPECT_EQ(eval("i64", "(i64.extend32_s (i64.const 0x180000000))"), "i64:-2147483648");
  EXPECT_EQ(eval("i64", "(i64.extend_i32_u (i32.const -1))"), "i64:4294967295");
  EXPECT_EQ(eval("i32", "(i32.wrap_i64 (i64.const 0x1ffffffff))"), "i32:-1");
  EXPECT_EQ(eval("i32", "(i32.clz (i32.const 0))"), "i32:32");
  EXPECT_EQ(eval("i64", "(i64.ctz (i64.const 0))"), "i64:64");
  EXPECT_EQ(eval("i64", "(i64.popcnt (i64.const -1))"), "i64:64");
}

TEST(Numeric, VectorsOfEveryShape) {
  EXPECT_EQ(eval("i32",
                 "(i8x16.extract_lane_s 3 (i8x16.add_sat_s (i8x16.splat (i32.const 100)) "
                 "(i8x16.splat (i32.const 100))))"),
            "i32:127");
  EXPECT_EQ(
      eval("v128",
           "(i8x16.shuffle 16 0 17 1 18 2 19 3 20 4 21 5 22 6 23 7 "
           "(v128.const i64x2 0x0706050403020100 0) (v128.const i64x2 0x1716151413121110 0))"),
      "v128:0x07170616051504140313021201110010");
  EXPECT_EQ(eval("v128",
                 "(v128.bitselect (v128.const i64x2 -1 -1) (v128.const i64x2 0 0) "
                 "(v128.const i32x4 1 2 3 4))"),
            "v128:0x00000004000000030000000200000001");
  EXPECT_EQ(
      eval("f64", "(f64x2.extract_lane 1 (f64x2.promote_low_f32x4 (v128.const f32x4 1 2 3 4)))"),
      "f64:0x4000000000000000");
  EXPECT_EQ(
      eval("i32",
           "(i32x4.extract_lane 2 (select (v128.const i32x4 1 2 3 4) (v128.const i32x4 5 6 7 8) "
           "(i32.const 0)))"),
      "i32:7");
}

}  // namespace
}  // namespace weft::machine
