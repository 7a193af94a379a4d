// Lowering: what a body becomes. The shapes that the interpreter's speed rests on, and our limits.
#include "reference/module/lower.h"

#include <gtest/gtest.h>

#include <string>

#include "reference/module/assemble.h"
#include "reference/module/code.h"

namespace weft::module {
namespace {

const char* name_of(Op op) {
  static constexpr const char* kNames[] = {
#define OP(name, visible) #name,
#include "reference/module/code.def"
#undef OP
  };
  return kNames[static_cast<size_t>(op)];
}

// The instructions of the first function, in order. An instruction is at least where a new origin
// begins; the bodies here have one instruction an origin.
std::string lowered(const std::string& wat) {
  auto bytes = assemble(wat, "test.wat");
  if (!bytes) return bytes.error().message;
  auto module = load_module(std::move(*bytes));
  if (!module) return module.error().message;
  const Code& code = *(*module)->code;
  std::string text;
  for (const Code::Origin& origin : code.origins) {
    if (code.entries.size() > 1 && origin.word >= code.entries[1]) break;
    if (!text.empty()) text += " ";
    text += name_of(op_of(code.words[origin.word]));
  }
  return text;
}

TEST(Lower, ALoopOfThreeInstructions) {
  EXPECT_EQ(lowered(R"((module (memory 1 1 shared) (func (param i32 i32)
      (loop
        (i32.store8 (local.get 0) (i32.const 0))
        (local.set 0 (i32.add (local.get 0) (i32.const 1)))
        (br_if 0 (i32.lt_u (local.get 0) (local.get 1)))))))"),
            "i32_store8_si i32_add_i br_i32_lt_u return0");
}

TEST(Lower, ConstantAddressesJoinTheOffset) {
  EXPECT_EQ(
      lowered(R"((module (memory 1) (func (result i32) (i32.load offset=8 (i32.const 100)))))"),
      "i32_load return1");
}

TEST(Lower, ConditionsAreInvertedInPlace) {
  EXPECT_EQ(lowered(R"((module (func (param i32 i64) (result i32)
      (if (i32.eqz (i64.gt_s (local.get 1) (i64.const 5))) (then (return (local.get 0))))
      (i32.eqz (i32.eqz (local.get 0))))))"),
            "br_i64_gt_s_i return1 i32_ne_i return1");
}

TEST(Lower, ConstantsThatDoNotFitABranchStayInTheirComparison) {
  EXPECT_EQ(lowered(R"((module (func (param i64)
      (block (br_if 0 (i64.eq (local.get 0) (i64.const 0x100000000))) (return)))))"),
            "i64_eq_i br_nez return0 return0");
}

TEST(Lower, AnOldValueOfALocalIsSavedBeforeItIsOverwritten) {
  EXPECT_EQ(lowered(R"((module (func (param i32) (result i32)
      (local.get 0) (local.set 0 (i32.mul (local.get 0) (i32.const 3))) (local.get 0) i32.sub)))"),
            "i32_mul_i copy i32_sub return1");
}

TEST(Lower, WhatCannotBeReachedIsNotThere) {
  EXPECT_EQ(
      lowered(R"((module (func (result i32) (block (br 1 (i32.const 7)) (drop (i32.add (i32.mul))))
      (i32.const 8))))"),
      "const32");
}

TEST(Lower, FramesBeyondOurLimitAreRefused) {
  std::string locals;
  for (int i = 0; i < 40'000; ++i) locals += " v128";
  EXPECT_EQ(lowered("(module (func (local" + locals + ")))"),
            "too many locals (limit 65535 slots of 64 bits)");
}

TEST(Lower, OffsetsLeadBackToTheBytes) {
  auto bytes = assemble(
      "(module (func nop) (func (param i32) nop nop (drop (i32.div_u (local.get 0) "
      "(local.get 0))) unreachable))",
      "test.wat");
  ASSERT_TRUE(bytes);
  auto module = load_module(std::move(*bytes));
  ASSERT_TRUE(module);
  const Code& code = *(*module)->code;
  ASSERT_EQ(code.entries.size(), 2u);
  EXPECT_EQ(code.function_of(code.entries[0]), 0u);
  EXPECT_EQ(code.function_of(code.entries[1]), 1u);
  EXPECT_EQ((*module)->binary[code.offset_of(code.entries[1])], 0x6E);
  EXPECT_EQ((*module)->binary[code.offset_of(code.entries[1] + 1)], 0x00);
}

}  // namespace
}  // namespace weft::module
