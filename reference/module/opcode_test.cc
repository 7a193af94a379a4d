// The table of instructions against known counts and against WABT's table.
#include "reference/module/opcode.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "wabt/opcode.h"

namespace weft::module {
namespace {

constexpr uint8_t kPrefixes[] = {0x00, 0xFC, 0xFD, 0xFE};

template <typename F>
void for_each_opcode(F f) {
  for (uint8_t prefix : kPrefixes) {
    for (uint32_t code = 0; code < 0x400; ++code) {
      if (const OpcodeInfo* info = find_opcode(prefix, code)) f(*info);
    }
  }
}

char letter(wabt::Type type) {
  switch (type) {
    case wabt::Type::I32:
      return 'i';
    case wabt::Type::I64:
      return 'I';
    case wabt::Type::F32:
      return 'f';
    case wabt::Type::F64:
      return 'F';
    case wabt::Type::V128:
      return 'v';
    default:
      return '?';
  }
}

TEST(Opcode, CountsAreThoseOfTheProposals) {
  std::map<Feature, int> counts;
  for_each_opcode([&](const OpcodeInfo& info) { ++counts[info.feature]; });
  EXPECT_EQ(counts[Feature::kMvp], 172);
  EXPECT_EQ(counts[Feature::kSignExtension], 5);
  EXPECT_EQ(counts[Feature::kSaturating], 8);
  EXPECT_EQ(counts[Feature::kBulkMemory], 7);
  EXPECT_EQ(counts[Feature::kReferenceTypes], 9);
  EXPECT_EQ(counts[Feature::kSimd], 236);
  EXPECT_EQ(counts[Feature::kThreads], 67);
  EXPECT_EQ(counts[Feature::kTailCall], 2);
}

TEST(Opcode, AgreesWithWabtAboutTypesAndAlignment) {
  int compared = 0;
  for_each_opcode([&](const OpcodeInfo& info) {
    const wabt::Opcode theirs = info.prefix ? wabt::Opcode::FromCode(info.prefix, info.code)
                                            : wabt::Opcode::FromCode(info.code);
    const std::string name(info.name);
    ASSERT_FALSE(theirs.IsInvalid()) << name;
    EXPECT_EQ(name == "select_t" ? "select" : name, theirs.GetName());
    const bool accesses = info.immediate == Immediate::kMemArg ||
                          info.immediate == Immediate::kAtomicArg ||
                          info.immediate == Immediate::kMemArgLane;
    EXPECT_EQ(accesses ? 1u << info.argument : 0, theirs.GetMemorySize()) << name;
    if (info.signature == "*" || info.immediate == Immediate::kData ||
        info.immediate == Immediate::kElem) {
      return;
    }
    ++compared;
    std::string signature;
    // A missing operand is Void there.
    for (int i = 1; i <= 3; ++i) signature += letter(theirs.GetParamType(i));
    while (!signature.empty() && signature.back() == '?') signature.pop_back();
    signature += '>';
    if (theirs.GetResultType() != wabt::Type::Void) signature += letter(theirs.GetResultType());
    std::string ours(info.signature);
    for (char& c : ours) c = c == 'p' ? 'i' : c;
    // WABT lists the operand of f32.abs ... f64.sqrt twice.
    if (info.prefix == 0 && info.code >= 0x8B && info.code <= 0x9F && ours.size() == 3) {
      signature.erase(0, 1);
    }
    EXPECT_EQ(ours, signature) << name;
  });
  EXPECT_GT(compared, 430);
}

TEST(Opcode, NamesAreUnique) {
  std::map<std::string_view, int> names;
  for_each_opcode([&](const OpcodeInfo& info) { ++names[info.name]; });
  for (const auto& [name, count] : names) EXPECT_EQ(count, 1) << name;
}

TEST(Opcode, RefusedProposalsHaveNames) {
  EXPECT_EQ(refused_feature(0, 0x06), "exception handling");
  EXPECT_EQ(refused_feature(0, 0x14), "typed function references");
  EXPECT_EQ(refused_feature(0xFB, 0), "GC");
  EXPECT_EQ(refused_feature(0xFD, 0x100), "relaxed SIMD");
  EXPECT_EQ(refused_feature(0, 0x27), "");
  EXPECT_EQ(find_opcode(0xFE, 0x04), nullptr);
  EXPECT_EQ(find_opcode(0xFE, 0x4F), nullptr);
  EXPECT_EQ(find_opcode(0xFD, 0x100), nullptr);
}

}  // namespace
}  // namespace weft::module
