// Faults that these tests catch: an operator that is split at its first sign, locations that
// overlap by default, an error without its place, a conversion that drops a
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
locate x=0 y=128 z=192
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
      "litmus t\nthread 0\n  i32.store y 2\n  i64.store x 1\n  r0 = i32.load8_u x\n  i32.store y "
      "1\n"
      "thread 1\n  i32.store16 z 1\n");
  ASSERT_EQ(test.locations.size(), 3u);
  EXPECT_EQ(test.locations[0].name, "y");
  EXPECT_EQ(test.locations[1].address, 64u);
  EXPECT_EQ(test.locations[2].address, 128u);
  ASSERT_EQ(test.inits.size(), 3u);
  EXPECT_EQ(test.inits[1].opcode->name, "i64.store");  // the widest access of x
  EXPECT_EQ(test.inits[2].opcode->name, "i32.store16");
}

// What comes back when a test is written as WAT and read again.
LitmusTest through_wat(const LitmusTest& test) {
  const std::string wat = print_wat(test, "t");
  auto wasm = module::assemble(wat, "t.wat");
  EXPECT_TRUE(wasm.has_value()) << wasm.error().message << wat;
  std::string header;
  for (size_t at = 0; wat.compare(at, 3, ";;!") == 0;) {
    const size_t end = wat.find('\n', at);
    header += wat.substr(at + 3, end - at - 3);
    at = end + 1;
  }
  auto back = read_wat(*wasm, nlohmann::json::parse(header)["litmus"], "t", "t.wat", wat);
  EXPECT_TRUE(back.has_value()) << back.error().message << wat;
  if (!back) return {};
  EXPECT_FALSE(back->lost.empty());
  return std::move(back->test);
}

TEST(LitmusText, TheWatFormKeepsTheTest) {
  const LitmusTest test = read_one(
      "litmus t\nlocate x=0 y=64\ninit i32 x=0\ninit i32 y=0\nthread 0\n  i32.atomic.store x 1\n"
      "  r0 = i32.atomic.load y\n  if r0 == 1 {\n    i32.store x+2 r0\n  }\n"
      "thread 1\n  old = i32.atomic.rmw.add y 3\n  i32.store x old+1\n  i64.store y+8 9\n"
      "observe i32 x\nforbid 0:r0=0 1:old=0\n");
  EXPECT_EQ(print_litmus(through_wat(test)), print_litmus(with_wat_names(test)));
}

// Every kind of operation that a text can hold, in the order of its thread. Fault: memory.copy,
// whose operands the opcode table leaves open, taken for an instruction with a result.
TEST(LitmusText, TheWatFormKeepsEveryOperation) {
  const LitmusTest test = read_one(
      "litmus t\nmemory 1 2 shared\nlocate x=0 y=64\ninit i32 x=0 y=0\ndata \"\\01\\02\"\n"
      "thread 0\n  memory.fill x 7 4\n  memory.copy x+1 y 2\n  memory.init x 0 2\n"
      "  atomic.fence\n  f64.store y 1.5\nthread 1\n  r0 = memory.grow 1\n  r1 = memory.size\n"
      "  r2 = f32.load x\n  r3 = memory.atomic.wait64 y 0 -1\n"
      "  r4 = memory.atomic.notify y r1+1\n"
      "  r5 = i64.atomic.rmw16.cmpxchg_u y+2 0 1\nobserve f64 y\nallow 0:end\n");
  EXPECT_EQ(print_litmus(through_wat(test)), print_litmus(with_wat_names(test)));
}

// The header's strings are read as lines of a text; errors stand where they are in the file.
// Faults: the line of that text, which is nowhere in the file; an unknown key passed over.
TEST(LitmusText, ErrorsOfTheWatFormStandInItsHeader) {
  const std::string module =
      "(module (import \"env\" \"memory\" (memory 1 1 shared))\n"
      "  (func (export \"thread0\") (param i32) (i32.store (local.get 0) (i32.const 1))))\n";
  const auto wasm = module::assemble(module, "t.wat");
  ASSERT_TRUE(wasm.has_value());
  struct Row {
    const char *keys, *message;
  };
  const Row rows[] = {
      {"\"locate\": {\"x\": 0},\n;;!   \"init\": [\"i32 x=0\",\n;;! \"i32 q=0\"]",
       "t.wat:3:10: `q` is no location"},
      {"\"locate\": {\"x\": 0},\n;;! \"observe\": [\"i33 x\"]", "t.wat:2:18: type i33 is unknown"},
      {"\"locate\": {\"x\": 0},\n;;! \"forbid\": [\"0:r9=0\"]", "t.wat:2:17: `0:r9=0`: thread 0"},
      {"\"locate\": {\"7\": 0}", "t.wat:1:18: expected NAME=ADDRESS"},
      {"\"locate\": {\"x\": 0},\n;;! \"forbids\": []",
       "t.wat:2:5: header key \"litmus\": \"forbids\""},
  };
  for (const Row& row : rows) {
    const std::string header = fmt::format(R"({{"litmus": {{{}}}}})", row.keys);
    const std::string source = ";;!  " + header + "\n" + module;
    std::string joined = header;
    for (size_t at; (at = joined.find("\n;;!")) != std::string::npos;) joined.erase(at, 4);
    const auto back =
        read_wat(*wasm, nlohmann::json::parse(joined)["litmus"], "t", "t.wat", source);
    ASSERT_FALSE(back.has_value()) << row.keys;
    EXPECT_TRUE(back.error().message.starts_with(row.message)) << back.error().message;
  }
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
  std::string text;
  const char* message;
};

std::string repeated(const char* what, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += what;
  return out;
}

// Each: drop the check, and the text is read (a wrong test), or another complaint comes.
TEST(LitmusText, EveryErrorHasItsPlace) {
  const std::string load = "litmus t\nthread 0\n  r0 = i32.load x\n";
  const Bad bad[] = {
      {"thread 0\n", "t.litmus:1:1: `thread` before"},
      {"litmus t\n", "t.litmus:1:1: test t has no thread"},
      {"litmus a b\n", "t.litmus:1:1: expected `litmus NAME`"},
      {"litmus t\nthread 1\n", "t.litmus:2:1: expected `thread 0`"},
      {"litmus t\nthread 0\n  i32.atomic.lod x\n",
       "t.litmus:3:3: instruction i32.atomic.lod is unknown"},
      {"litmus t\nthread 0\n  r0 = f32.atomic.load x\n",
       "t.litmus:3:8: instruction f32.atomic.load is unknown: floats have no atomic accesses"},
      {"litmus t\nthread 0\n  v128.store x 1\n", "t.litmus:3:3: instruction v128.store"},
      {"litmus t\ninit v128 x=0\nthread 0\n", "t.litmus:2:6: type v128 is unknown"},
      {"litmus t\nthread 0\n  i32.store x\n", "t.litmus:3:3: i32.store takes 2 operands"},
      {"litmus t\nthread 0\n  i32.store x 1 2\n", "t.litmus:3:17: `2` is one operand too many"},
      {"litmus t\nthread 0\n  i32.load x\n", "t.litmus:3:3: i32.load gives a value"},
      {"litmus t\nthread 0\n  r0 = i32.store x 1\n", "t.litmus:3:3: i32.store gives no value"},
      {"litmus t\nthread 0\n  i32.store x r9\n", "t.litmus:3:15: `r9` is neither"},
      {"litmus t\nlocate x=0\nthread 0\n  i32.store y 1\n",
       "t.litmus:4:13: `y` is no location of this test: `locate` places x"},
      {"litmus t\ninit i32 x=1\nlocate x=8\nthread 0\n", "t.litmus:3:1: `locate` must stand"},
      {"litmus t\nlocate x=0 x=8\nthread 0\n", "t.litmus:2:12: location x is placed twice"},
      {"litmus t\nlocate x=4294967296\nthread 0\n", "t.litmus:2:8: expected NAME=ADDRESS"},
      {"litmus t\nlocate x=8\nthread 0\n  i32.store x+4294967288 1\n",
       "t.litmus:4:13: `x+4294967288` lies beyond"},
      {"litmus t\nthread 0\n  if r0 == 1 {\n", "t.litmus:3:6: register r0 has no value"},
      {load + "  if r0 == 4294967296 {\n", "t.litmus:4:12: expected a number of 32 bits"},
      {"litmus t\nthread 0\n  repeat 9 {\n", "t.litmus:3:10: expected 1 to 8 repetitions"},
      {load + repeated(" repeat 8 {", 5) + " r0 = i32.load x" + repeated(" }", 5) + "\n",
       "t.litmus:4:2: more than 4096 operations"},
      {load + repeated(" if r0 == 1 {", 17) + repeated(" }", 17) + "\n",
       "t.litmus:4:210: `if` and `repeat` nested deeper than 16"},
      {load + "  i32.store x 1" + repeated("+1", 70) + "\n",
       "t.litmus:4:15: more than 64 operands"},
      {"litmus t\nthread 0\n  repeat 2 {\nthread 1\n", "t.litmus:4:1: a `}` is missing"},
      {"litmus t\nthread 0\n  }\n", "t.litmus:3:3: `}` without `{`"},
      {"litmus t\nthread 0\n  i32.store x 4294967296\n",
       "t.litmus:3:15: `4294967296` is no number of 32 bits"},
      {"litmus t\nthread 0\n  i32.store x -2147483649\n",
       "t.litmus:3:15: `-2147483649` is no number of 32 bits"},
      {"litmus t\nthread 0\n  i64.store x 18446744073709551616\n",
       "t.litmus:3:15: `18446744073709551616` is no number of 64 bits"},
      {"litmus t\nthread 0\n  f32.store x 1e39\n", "t.litmus:3:15: `1e39` is no number"},
      {"litmus t\nthread 0\n  f32.store x nan:0\n", "t.litmus:3:15: `nan:0` is neither"},
      {"litmus t\ninit i32_8 x=256\nthread 0\n", "t.litmus:2:12: expected NAME=VALUE of 8 bits"},
      {"litmus t\ninit i32 x=1\ninit i32 x=1\nthread 0\n", "t.litmus:3:10: x is initialised twice"},
      {"litmus t\ninit zero\ninit i32 x=1\nthread 0\n", "t.litmus:3:1: `init zero` and"},
      {"litmus t\ninit i32 x=1\ninit zero\nthread 0\n", "t.litmus:3:1: `init zero` and"},
      {"litmus t\ndata \"\\zz\"\nthread 0\n", "t.litmus:2:6: expected two hexadecimal digits"},
      {"litmus t\ndata \"ab\nthread 0\n", "t.litmus:2:1: expected `data"},
      {load + "forbid 0:r1=1\n", "t.litmus:4:8: `0:r1=1`: thread 0 has no register r1"},
      {load + "forbid 0:r0=4294967296\n", "t.litmus:4:8: `0:r0=4294967296`: expected a number"},
      {load + "forbid 0:r0=0 0:r0=1\n", "t.litmus:4:15: `0:r0=1` contradicts"},
      {load + "forbid 0:trap 0:end\n", "t.litmus:4:15: `0:end` contradicts"},
      {load + "allow 0:r0=0x0\nforbid 0:r0=0\n", "t.litmus:5:1: `forbid` contradicts line 4"},
      {load + "forbid 1:r0=1\n", "t.litmus:4:8: `1:r0=1` names no thread"},
      {load + "forbid [x]=1\n", "t.litmus:4:8: [x] is not observed"},
      {load + "observe i32 y\n", "t.litmus:4:13: `y` is no location"},
      {load + "observe i32 x x\n", "t.litmus:4:15: [x] is observed already"},
      {load + "observe i32 x\nobserve i32_8 x\n", "t.litmus:5:15: [x] is observed already"},
      {load + "observe i32 7=x\n", "t.litmus:4:13: `7` is no name"},
      {load + "forbid 0:r0=1\nobserve i32 x\n", "t.litmus:5:1: `observe` must stand before"},
      {load + "forbid 0:r0=1\nthread 1\n", "t.litmus:5:1: `thread` must stand before"},
      {"litmus t\ninit i33 x=0\nthread 0\n", "t.litmus:2:6: type i33 is unknown"},
      {"litmus t\nmemory 2 1 shared\n", "t.litmus:2:8: expected pages"},
      {"litmus t\nmemory 1 1 shared\nmemory 1 1 shared\nthread 0\n",
       "t.litmus:3:1: a second memory"},
      {"litmus t\nthread 0\nlitmus t\n", "t.litmus:3:8: test t occurs twice"},
      {";;! {\"tags\": [\n" + load, "t.litmus:2:8: test t: header: the `;;!` lines"},
      {";;! {\"kind\": \"program\"}\n" + load, "t.litmus:2:8: test t: header: kind \"program\""},
      {";;! {\"id\": \"a/b\"}\n" + load, "t.litmus:2:8: test t: header: id \"a/b\" contradicts"},
      {";;! {\"expect\": \"explore\"}\n" + load, "header: expect \"explore\" contradicts"},
      {";;! {\"litmus\": {}}\n" + load, "t.litmus:2:8: test t: header: litmus:"},
      {";;! {\"colour\": 1}\n" + load, "t.litmus:2:8: test t: header"},
      {load + ";;! {}\n", "t.litmus:4:1: a `;;!` header behind the last test"},
      {"litmus t\xff\n", "t.litmus:1:9: a byte that is no UTF-8"},
      {"litmus t # \xed\xa0\x80\n", "t.litmus:1:12: a byte that is no UTF-8"},
      {std::string("litmus t\0x\n", 11), "t.litmus:1:9: a control character"},
      {"", "t.litmus:1:1: has no test"},
      {"# nothing\n", "t.litmus:1:1: has no test"},
  };
  for (const Bad& one : bad) {
    auto tests = read_litmus(one.text, "t.litmus");
    ASSERT_FALSE(tests.has_value()) << one.text;
    EXPECT_NE(tests.error().message.find(one.message), std::string::npos) << one.text << "\n"
                                                                          << tests.error().message;
    EXPECT_EQ(tests.error().message.find('\n'), std::string::npos) << tests.error().message;
  }
}

// Two reads of one location may differ, so each has a name. Fault: the label of the place for both.
TEST(LitmusText, ObservationsOfOneLocationHaveNames) {
  const std::string text =
      "litmus t\nlocate x=0\ninit i32 x=0\nthread 0\n  i32.store x 1\nobserve i32 x\n"
      "observe i32 again=x\nobserve i32_8 low=x+1\nallow [x]=1 [again]=0 [low]=0\n";
  const LitmusTest test = read_one(text);
  EXPECT_EQ(print_litmus(test), text);
  auto program = to_program(test);
  ASSERT_TRUE(program.has_value()) << program.error().message;
  ASSERT_EQ(program->observe.size(), 3u);
  EXPECT_EQ(program->observe[1].name, "again");
  EXPECT_EQ(program->observe[2].address, 1u);
  EXPECT_EQ(program->observe[2].shape.bytes, 1u);
}

TEST(LitmusText, AcceptsWhatLooksOdd) {
  const LitmusTest windows = read_one("litmus t\r\nthread 0\r\n  r0 = i32.load x\r\n");
  EXPECT_EQ(windows.name, "t");
  // A register whose name ends in e is no number with an exponent.
  const LitmusTest sum = read_one("litmus t\nthread 0\n  re = i32.load x\n  i32.store x re+1\n");
  EXPECT_EQ(sum.threads[0].body[1].operands[0].kind, Expr::Kind::kSum);
  const LitmusTest grow =
      read_one("litmus t\nthread 0\n  r0 = memory.grow 1\nallow 0:r0=-1 0:end 0:r0=4294967295\n");
  EXPECT_EQ(grow.expectations[0].outcome, "0:r0=4294967295 0:end");
  EXPECT_EQ(read_one("litmus t\ninit i32_8 x=-1\nthread 0\n").inits[0].value, 0xFFFFFFFFu);
}

}  // namespace
}  // namespace weft::suite::litmus
