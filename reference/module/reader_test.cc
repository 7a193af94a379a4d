#include "reference/module/reader.h"

#include <gtest/gtest.h>

#include "reference/module/test_bytes.h"

namespace weft::module {
namespace {

struct Number {
  Bytes bytes;
  const char* error;  // empty: none
  int64_t value = 0;
};

template <typename F>
void check(const std::vector<Number>& numbers, F read) {
  for (const Number& one : numbers) {
    Reader in(one.bytes, 0, one.bytes.size());
    const int64_t value = static_cast<int64_t>(read(in));
    const std::string shown = ::testing::PrintToString(one.bytes);
    EXPECT_EQ(in.failed() ? in.error().message : "", one.error) << shown;
    if (!in.failed()) {
      EXPECT_EQ(value, one.value) << shown;
      EXPECT_TRUE(in.done()) << shown;
    }
  }
}

constexpr const char* kLong = "integer representation too long";
constexpr const char* kLarge = "integer too large";

TEST(Reader, UnsignedLebIsExactAboutLengthAndUnusedBits) {
  check({{{0x00}, "", 0},
         {{0x80, 0x00}, "", 0},
         {{0x83, 0x80, 0x80, 0x80, 0x00}, "", 3},
         {{0xFF, 0xFF, 0xFF, 0xFF, 0x0F}, "", 0xFFFFFFFF},
         {{0xFF, 0xFF, 0xFF, 0xFF, 0x1F}, kLarge},
         {{0x80, 0x80, 0x80, 0x80, 0x70}, kLarge},
         {{0x80, 0x80, 0x80, 0x80, 0x80, 0x00}, kLong},
         {{0x80}, "unexpected end"},
         {{}, "unexpected end"}},
        [](Reader& in) { return in.u32(); });
  check({{{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01}, "", -1},
         {{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02}, kLarge},
         {{0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00}, kLong}},
        [](Reader& in) { return in.u64(); });
}

TEST(Reader, SignedLebIsExactAboutLengthAndUnusedBits) {
  check({{{0x7F}, "", -1},
         {{0xFF, 0x7F}, "", -1},
         {{0x80, 0x80, 0x80, 0x80, 0x78}, "", INT32_MIN},
         {{0xFF, 0xFF, 0xFF, 0xFF, 0x07}, "", INT32_MAX},
         {{0xFF, 0xFF, 0xFF, 0xFF, 0x0F}, kLarge},
         {{0x80, 0x80, 0x80, 0x80, 0x70}, kLarge},
         {{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F}, kLong}},
        [](Reader& in) { return in.s32(); });
  check({{{0x80, 0x80, 0x80, 0x80, 0x70}, "", -(int64_t{1} << 32)},
         {{0xFF, 0xFF, 0xFF, 0xFF, 0x0F}, "", (int64_t{1} << 32) - 1},
         {{0xFF, 0xFF, 0xFF, 0xFF, 0x1F}, kLarge},
         {{0x80, 0x80, 0x80, 0x80, 0x80, 0x00}, kLong}},
        [](Reader& in) { return in.s33(); });
  check({{{0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7F}, "", INT64_MIN},
         {{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00}, "", INT64_MAX},
         {{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01}, kLarge},
         {{0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0xFF, 0x7F}, kLong}},
        [](Reader& in) { return in.s64(); });
}

TEST(Reader, NamesAreUtf8) {
  using testing::text;
  const auto error = [](const Bytes& bytes) {
    Reader in(bytes, 0, bytes.size());
    in.name();
    return in.failed() ? in.error().message : "";
  };
  for (const char* good : {"", "a", "\xC2\x80", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
                           "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_EQ(error(text(good)), "") << good;
  }
  for (const char* bad : {"\x80", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x41", "\xE0\x9F\xBF",
                          "\xED\xA0\x80", "\xED\xBF\xBF", "\xE1\x80", "\xF0\x8F\xBF\xBF",
                          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xF8\x88\x80\x80\x80", "\xFF"}) {
    EXPECT_EQ(error(text(bad)), "malformed UTF-8 encoding") << bad;
  }
  EXPECT_EQ(error({0x05, 'a'}), "length out of bounds");
  EXPECT_EQ(error({}), "unexpected end");
}

TEST(Reader, TheFirstErrorSticks) {
  const Bytes bytes{0x01};
  Reader in(bytes, 0, bytes.size());
  in.fail("first");
  in.fail("second");
  EXPECT_EQ(in.byte(), 0);
  EXPECT_EQ(in.u32(), 0u);
  EXPECT_EQ(in.error().message, "first");
  EXPECT_EQ(in.error().offset, 0u);
}

}  // namespace
}  // namespace weft::module
