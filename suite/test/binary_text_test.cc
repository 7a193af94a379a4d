#include "suite/test/binary_text.h"

#include <gtest/gtest.h>

namespace weft::suite {
namespace {

Bytes read(std::string_view text) {
  auto bytes = read_binary_text(text, "t.wat");
  EXPECT_TRUE(bytes.has_value());
  return bytes.value_or(Bytes{});
}

std::string error(std::string_view text) {
  auto bytes = read_binary_text(text, "t.wat");
  return bytes ? "accepted" : bytes.error().message;
}

TEST(BinaryText, StringsAreConcatenatedAndEscapesAreBytes) {
  EXPECT_EQ(read("(module binary \"\\00asm\" (; x (; y ;) ;) \"\\fe\\83\\n\\\"\") ;; end\n"),
            (Bytes{0, 'a', 's', 'm', 0xfe, 0x83, '\n', '"'}));
}

TEST(BinaryText, OnlyABinaryFormIsOne) {
  EXPECT_TRUE(is_binary_text(";;! {}\n ( module binary\"\" )"));
  EXPECT_FALSE(is_binary_text("(module (func))"));
  EXPECT_FALSE(is_binary_text("(module binaryx \"\")"));
  EXPECT_FALSE(is_binary_text("(module quote \"binary\")"));
  EXPECT_FALSE(is_binary_text(""));
}

TEST(BinaryText, BadTextIsOneErrorWithItsLine) {
  EXPECT_EQ(error("(module binary\n \"\\0g\")"),
            "t.wat:2: expected two hexadecimal digits after `\\`");
  EXPECT_EQ(error("(module binary \"ab"), "t.wat:1: the string does not end");
  EXPECT_EQ(error("(module binary \"a\nb\")"), "t.wat:1: the string does not end on its line");
  EXPECT_EQ(error("(module binary \"a\""), "t.wat:1: expected a string or `)`, found the end");
  EXPECT_EQ(error("(module binary 7)"), "t.wat:1: expected a string or `)`");
  EXPECT_EQ(error("(module binary \"\") (module)"), "t.wat:1: expected the end of the file");
  EXPECT_EQ(error("(module)"), "t.wat:1: expected (module binary ...)");
}

}  // namespace
}  // namespace weft::suite
