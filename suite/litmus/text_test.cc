// Faults that these tests catch: an operator that is split at its first sign, a location whose
// default place overlaps a given one, an error without its place, a conversion that drops a
// statement.
#include <gtest/gtest.h>

#include "reference/module/assemble.h"
#include "suite/litmus/ast.h"
#include "suite/litmus/to_program.h"
#include "suite/litmus/to_wat.h"
#include "suite/litmus/wat_reader.h"

namespace weft::suite::litmus {
namespace {

constexpr char kEverything[] = R"(
litmus everything            # a comment
memory 1 2 shared
locate x=0 y=128
init i32 x=1
init i64 y=0xFFFFFFFFFFFFFFFF
data "\01\02ab"
thread 0
  i32.atomic.store x 7; r0 = i32.atomic.load y
  _ = i32.atomic.rmw.cmpxchg x 0 1
  r1 = i64.atomic.rmw16.add_u y+2 r0+3^r0
  if r1 == 5 { i32.store8 z 1 } else { i32.store8 z+1 2; r2 = i32.load8_s z }
  repeat 3 { _ = memory.atomic.notify x 1 }
thread 1
  r0 = memory.atomic.wait32 x 0 -1
  r1 = memory.grow 1
  r2 = memory.size
  atomic.fence
  memory.fill x 7 4
  memory.copy x y 8
  memory.init x 0 4
  f64.store y 1.5
  r3 = f32.load x
  f32.store x nan:0x200000
  i32.store x r3+1
observe i32 x
observe i64 y
forbid 0:r0=0 1:r1=0
allow [x]=2 1:waiting
)";

LitmusTest read_one(const std::string& text) {
  auto tests = read_litmus(text, "t.litmus");
  EXPECT_TRUE(tests.has_value()) << (tests ? "" : tests.error().message);
  return tests ? tests->front() : LitmusTest{};
}

TEST(LitmusText, WhatIsPrintedReadsBackToTheSame) {
  const std::string once = print_litmus(read_one(kEverything));
  EXPECT_EQ(print_litmus(read_one(once)), once);
  EXPECT_NE(once.find("if r1 == 5 {"), std::string::npos) << once;
  EXPECT_NE(once.find("r0 = memory.atomic.wait32 x 0 -1"), std::string::npos) << once;
  EXPECT_NE(once.find("f64.store y 1.5"), std::string::npos) << once;
}

TEST(LitmusText, PlacesAndInitialValuesThatAreNotGiven) {
  const LitmusTest test = read_one(
      "litmus t\nlocate y=0\nthread 0\n  i64.store x 1\n  r0 = i32.load8_u x\n  i32.store y 1\n"
      "thread 1\n  i32.store16 z 1\n");
  ASSERT_EQ(test.locations.size(), 3u);
  EXPECT_EQ(test.locations[0].name, "y");
  EXPECT_EQ(test.locations[1].address, 64u);  // x: clear of y
  EXPECT_EQ(test.locations[2].address, 128u);
  ASSERT_EQ(test.inits.size(), 3u);
  EXPECT_EQ(test.inits[1].opcode->name, "i64.store");  // the widest access of x
  EXPECT_EQ(test.inits[2].opcode->name, "i32.store16");
}

TEST(LitmusText, TheWatFormKeepsTheTest) {
  const std::string text =
      "litmus t\nlocate x=0 y=64\ninit i32 x=0\ninit i32 y=0\nthread 0\n  i32.atomic.store x 1\n"
      "  r0 = i32.atomic.load y\n  if r0 == 1 {\n    i32.store x+2 r0\n  }\n"
      "thread 1\n  old = i32.atomic.rmw.add y 3\n  i32.store x old+1\n  i64.store y+8 9\n"
      "observe i32 x\nforbid 0:r0=0 1:old=0\n";
  const LitmusTest test = read_one(text);
  const std::string wat = print_wat(test, "t");
  auto wasm = module::assemble(wat, "t.wat");
  ASSERT_TRUE(wasm.has_value()) << wasm.error().message << wat;
  std::string header;
  for (size_t at = 0; wat.compare(at, 3, ";;!") == 0;) {
    const size_t end = wat.find('\n', at);
    header += wat.substr(at + 3, end - at - 3);
    at = end + 1;
  }
  auto back = read_wat(*wasm, nlohmann::json::parse(header)["litmus"], "t", "t.wat");
  ASSERT_TRUE(back.has_value()) << back.error().message;
  EXPECT_EQ(print_litmus(back->test), print_litmus(with_wat_names(test)));
  EXPECT_FALSE(back->lost.empty());
}

TEST(LitmusText, LoopsAreUnrolledForTheModel) {
  auto program = to_program(read_one(kEverything));
  ASSERT_TRUE(program.has_value()) << program.error().message;
  ASSERT_EQ(program->threads.size(), 2u);
  // store, load, cmpxchg, rmw, branch, three notifies
  EXPECT_EQ(program->threads[0].body.size(), 8u);
  EXPECT_EQ(program->threads[0].body[4].else_body.size(), 2u);
  EXPECT_EQ(program->threads[0].body[3].value.terms.size(), 3u);
  EXPECT_FALSE(program->threads[1].body[0].has_timeout);
  EXPECT_EQ(program->threads[1].body[6].bytes.size(), 4u);
}

TEST(LitmusText, WhyATestIsNotBatched) {
  EXPECT_EQ(why_not_batched(read_one("litmus t\nthread 0\n  r0 = i32.load x\n")), "");
  EXPECT_NE(why_not_batched(read_one("litmus t\nthread 0\n  r0 = memory.grow 1\n")), "");
  EXPECT_NE(why_not_batched(read_one("litmus t\nthread 0\n  r0 = memory.atomic.wait32 x 0 -1\n")),
            "");
  EXPECT_NE(why_not_batched(read_one("litmus t\nthread 0\n  r0 = i32.atomic.load x+1\n")), "");
  EXPECT_EQ(why_not_batched(read_one("litmus t\nthread 0\n  r0 = memory.atomic.wait32 x 0 9\n")),
            "");
}

struct Bad {
  const char* text;
  const char* message;
};

TEST(LitmusText, EveryErrorHasItsPlace) {
  const Bad bad[] = {
      {"thread 0\n", "t.litmus:1:1: `thread` before"},
      {"litmus t\n", "test t has no thread"},
      {"litmus t\nthread 1\n", "t.litmus:2:1: expected `thread 0`"},
      {"litmus t\nthread 0\n  i32.atomic.lod x\n",
       "t.litmus:3:3: instruction i32.atomic.lod is unknown"},
      {"litmus t\nthread 0\n  i32.store x\n", "t.litmus:3:3: i32.store takes 2 operands"},
      {"litmus t\nthread 0\n  i32.store x 1 2\n", "t.litmus:3:17: `2` is one operand too many"},
      {"litmus t\nthread 0\n  i32.load x\n", "t.litmus:3:3: i32.load gives a value"},
      {"litmus t\nthread 0\n  r0 = i32.store x 1\n", "t.litmus:3:3: i32.store gives no value"},
      {"litmus t\nthread 0\n  i32.store x r9\n", "t.litmus:3:15: `r9` is neither"},
      {"litmus t\nthread 0\n  if r0 == 1 {\n", "register r0 has no value"},
      {"litmus t\nthread 0\n  repeat 9 {\n", "t.litmus:3:10: expected 1 to 8 repetitions"},
      {"litmus t\nthread 0\n  repeat 2 {\nthread 1\n", "a `}` is missing"},
      {"litmus t\nthread 0\n  }\n", "`}` without `{`"},
      {"litmus t\nthread 0\n  r0 = i32.load x\nforbid 0:r1=1\n",
       "t.litmus:4:8: `0:r1=1`: thread 0 has no register r1"},
      {"litmus t\nthread 0\n  r0 = i32.load x\nforbid 1:r0=1\n", "names no thread"},
      {"litmus t\nthread 0\n  r0 = i32.load x\nforbid [x]=1\n", "[x] is not observed"},
      {"litmus t\nthread 0\n  r0 = i32.load x\nobserve i32 y\n", "`y` is no location"},
      {"litmus t\ninit i33 x=0\nthread 0\n", "t.litmus:2:6: type i33 is unknown"},
      {"litmus t\nmemory 2 1 shared\n", "t.litmus:2:8: expected pages"},
      {"litmus t\nthread 0\n  v128.store x 1\n", "instruction v128.store is unknown here"},
      {"litmus t\nthread 0\nlitmus t\n", "test t has no thread"},
      {"", "has no test"},
  };
  for (const Bad& one : bad) {
    auto tests = read_litmus(one.text, "t.litmus");
    if (std::string_view(one.text) == "litmus t\nthread 0\nlitmus t\n") {
      ASSERT_FALSE(tests.has_value());
      EXPECT_NE(tests.error().message.find("occurs twice"), std::string::npos);
      continue;
    }
    ASSERT_FALSE(tests.has_value()) << one.text;
    EXPECT_NE(tests.error().message.find(one.message), std::string::npos) << one.text << "\n"
                                                                          << tests.error().message;
  }
}

}  // namespace
}  // namespace weft::suite::litmus
