#include "reference/module/text/number.h"

#include <gtest/gtest.h>

namespace weft::module::text {
namespace {

constexpr auto kOk = Literal::kOk;
constexpr auto kBad = Literal::kMalformed;
constexpr auto kRange = Literal::kOutOfRange;

TEST(TextNumber, Integers) {
  struct Row {
    const char* text;
    unsigned bits;
    Literal status;
    uint64_t value;
  };
  const Row rows[] = {
      {"0", 32, kOk, 0},
      {"-1", 32, kOk, 0xFFFFFFFF},
      {"+1_000", 32, kOk, 1000},
      {"0xFFFF_FFFF", 32, kOk, 0xFFFFFFFF},
      {"0x1_0000_0000", 32, kRange, 0},
      {"-0x8000_0000", 32, kOk, 0x80000000},
      {"-2147483649", 32, kRange, 0},
      {"18446744073709551615", 64, kOk, ~uint64_t{0}},
      {"18446744073709551616", 64, kRange, 0},
      {"-9223372036854775808", 64, kOk, uint64_t{1} << 63},
      {"-9223372036854775809", 64, kRange, 0},
      {"255", 8, kOk, 255},
      {"256", 8, kRange, 0},
      {"-128", 8, kOk, 0x80},
      {"", 32, kBad, 0},
      {"-", 32, kBad, 0},
      {"0x", 32, kBad, 0},
      {"1__0", 32, kBad, 0},
      {"_1", 32, kBad, 0},
      {"1_", 32, kBad, 0},
      {"1a", 32, kBad, 0},
      {"+-1", 32, kBad, 0},
  };
  for (const Row& row : rows) {
    const auto parsed = parse_int(row.text, row.bits);
    EXPECT_EQ(parsed.status, row.status) << row.text;
    EXPECT_EQ(parsed.value, row.value) << row.text;
  }
  EXPECT_EQ(parse_nat("-1", 32).status, kBad);
}

TEST(TextNumber, Floats) {
  struct Row {
    const char* text;
    Literal status;
    uint32_t f32;
    uint64_t f64;
  };
  const Row rows[] = {
      {"1", kOk, 0x3F800000, 0x3FF0000000000000},
      {"-0.0", kOk, 0x80000000, 0x8000000000000000},
      {"1.", kOk, 0x3F800000, 0x3FF0000000000000},
      {"1_0.5_0e+0_0", kOk, 0x41280000, 0x4025000000000000},
      {"0x1.8p1", kOk, 0x40400000, 0x4008000000000000},
      {"inf", kOk, 0x7F800000, 0x7FF0000000000000},
      {"-nan", kOk, 0xFFC00000, 0xFFF8000000000000},
      {"nan:0x1", kOk, 0x7F800001, 0x7FF0000000000001},
      {"nan:0x0", kRange, 0, 0},
      {".5", kBad, 0, 0},
      {"1e", kBad, 0, 0},
      {"0x1.p", kBad, 0, 0},
      {"1._5", kBad, 0, 0},
      {"nan:1", kBad, 0, 0},
      {"infinity", kBad, 0, 0},
  };
  for (const Row& row : rows) {
    const auto single = parse_f32(row.text);
    const auto twice = parse_f64(row.text);
    EXPECT_EQ(single.status, row.status) << row.text;
    EXPECT_EQ(twice.status, row.status) << row.text;
    if (row.status != kOk) continue;
    EXPECT_EQ(single.value, row.f32) << row.text;
    EXPECT_EQ(twice.value, row.f64) << row.text;
  }
}

TEST(TextNumber, FloatsAreRoundedOnce) {
  // Halfway between two floats, and a hair above: rounding by way of a double would lose the hair.
  EXPECT_EQ(parse_f32("0x1.000001p0").value, 0x3F800000u);
  EXPECT_EQ(parse_f32("0x1.00000100000000000001p0").value, 0x3F800001u);
  EXPECT_EQ(parse_f32("0x1.fffffep127").value, 0x7F7FFFFFu);
  EXPECT_EQ(parse_f32("0x1.ffffffp127").status, Literal::kOutOfRange);
  EXPECT_EQ(parse_f32("0x1p-149").value, 1u);
  EXPECT_EQ(parse_f64("1e309").status, Literal::kOutOfRange);
}

}  // namespace
}  // namespace weft::module::text
