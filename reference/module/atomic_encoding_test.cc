// Encodings of the 67 atomic instructions: catalogue rows ATOM-001 to ATOM-085 as far as the
// reader decides them, MEM-010, MEM-011, MEM-015, MEM-017. The rows' facts are written here once
// more, apart from opcodes.def, so that a wrong line there cannot agree with itself.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "reference/module/module.h"
#include "reference/module/opcode.h"
#include "reference/module/test_bytes.h"

namespace weft::module {
namespace {

using namespace testing;

struct Atomic {
  uint8_t code;
  std::string name;
  std::string operands;  // behind the address: i, I
  char result;           // 0: none
  uint8_t align;
};

// The rows 001 to 067, without the fence.
std::vector<Atomic> atomics() {
  std::vector<Atomic> out = {{0x00, "memory.atomic.notify", "i", 'i', 2},
                             {0x01, "memory.atomic.wait32", "iI", 'i', 2},
                             {0x02, "memory.atomic.wait64", "II", 'i', 3}};
  struct Shape {
    char type;
    uint8_t align;
    const char* width;  // "": the type's own
  };
  static constexpr Shape kShapes[] = {{'i', 2, ""},  {'I', 3, ""},   {'i', 0, "8"}, {'i', 1, "16"},
                                      {'I', 0, "8"}, {'I', 1, "16"}, {'I', 2, "32"}};
  uint8_t code = 0x10;
  for (const char* operation :
       {"load", "store", "add", "sub", "and", "or", "xor", "xchg", "cmpxchg"}) {
    const std::string op = operation;
    const bool rmw = op != "load" && op != "store";
    for (const Shape& shape : kShapes) {
      const std::string width = shape.width;
      std::string name = std::string(shape.type == 'i' ? "i32" : "i64") + ".atomic.";
      name += rmw ? "rmw" + width + "." + op : op + width;
      if (!width.empty() && op != "store") name += "_u";
      std::string operands;
      if (op != "load") operands += shape.type;
      if (op == "cmpxchg") operands += shape.type;
      out.push_back({code++, name, operands, op == "store" ? '\0' : shape.type, shape.align});
    }
  }
  return out;
}

Bytes constants(const std::string& types) {
  Bytes out;
  for (char c : types) out = std::move(out) + Bytes{uint8_t(c == 'i' ? 0x41 : 0x42), 0x00};
  return out;
}

// Operands, the instruction as encoded by `opcode`, memarg, drop of the result.
Bytes body(const Atomic& one, const Bytes& opcode, const Bytes& memarg, char address = 'i') {
  return constants(address + one.operands) + opcode + memarg + (one.result ? Bytes{0x1A} : Bytes{});
}
Bytes plain(uint8_t code) { return {0xFE, code}; }

std::string outcome(const Bytes& bytes) {
  const auto loaded = load_module(bytes);
  return loaded ? "ok" : loaded.error().stage + ": " + loaded.error().message;
}
bool starts_with(const std::string& text, std::string_view start) {
  return text.rfind(start, 0) == 0;
}

const Bytes kUnshared{0x00, 0x01}, kShared{0x03, 0x01, 0x01};

TEST(AtomicEncoding, EveryInstructionHasItsNameTypeAndAlignment) {
  const auto all = atomics();
  ASSERT_EQ(all.size(), 66u);
  ASSERT_EQ(all.back().code, 0x4E);
  for (const Atomic& one : all) {
    const OpcodeInfo* info = find_opcode(0xFE, one.code);
    ASSERT_TRUE(info) << one.name;
    EXPECT_EQ(info->name, one.name);
    // ATOM-001 to 067, MEM-011: on both kinds of memory.
    for (const Bytes& memory : {kUnshared, kShared}) {
      EXPECT_EQ(outcome(OneFunction{.body = body(one, plain(one.code), {one.align, 0}),
                                    .memory = memory}),
                "ok")
          << one.name;
    }
    // The result's type: what is left on the stack without the drop.
    if (one.result) {
      Bytes code = body(one, plain(one.code), {one.align, 0});
      code.pop_back();
      const uint8_t type = one.result == 'i' ? 0x7F : 0x7E;
      EXPECT_EQ(outcome(OneFunction{.body = code, .memory = kShared, .results = {type}}), "ok");
      EXPECT_EQ(
          outcome(OneFunction{
              .body = code, .memory = kShared, .results = {uint8_t(type == 0x7F ? 0x7E : 0x7F)}}),
          "validate: type mismatch")
          << one.name;
    }
  }
}

TEST(AtomicEncoding, OperandTypesAreChecked) {
  // ATOM-082: every operand in turn with the other integer type.
  for (const Atomic& one : atomics()) {
    for (size_t i = 0; i <= one.operands.size(); ++i) {
      std::string types = 'i' + one.operands;
      types[i] = types[i] == 'i' ? 'I' : 'i';
      const Bytes code = constants(types) + plain(one.code) + Bytes{one.align, 0, 0x00};
      EXPECT_EQ(outcome(OneFunction{.body = code, .memory = kShared}), "validate: type mismatch")
          << one.name << " operand " << i;
    }
  }
}

TEST(AtomicEncoding, AlignmentMustBeNatural) {
  // ATOM-072, ATOM-073; ATOM-083: in dead code too.
  for (const Atomic& one : atomics()) {
    for (uint8_t align = 0; align < 32; ++align) {
      const bool good = align == one.align;
      const std::string expected = good ? "ok"
                                   : align > one.align
                                       ? "validate: alignment must not be larger than natural"
                                       : "validate: atomic alignment must be natural";
      EXPECT_EQ(
          outcome(OneFunction{.body = body(one, plain(one.code), {align, 0}), .memory = kShared}),
          expected)
          << one.name << " align 2^" << int{align};
      const Bytes dead = Bytes{0x00} + plain(one.code) + Bytes{align, 0, 0x00};
      EXPECT_EQ(outcome(OneFunction{.body = dead, .memory = kShared}), expected) << one.name;
    }
  }
}

TEST(AtomicEncoding, SubOpcodeIsALebOfAtMostFiveBytes) {
  for (const Atomic& one : atomics()) {
    // ATOM-068.
    for (size_t length = 1; length <= 5; ++length) {
      EXPECT_EQ(outcome(OneFunction{
                    .body = body(one, Bytes{0xFE} + leb(one.code, length), {one.align, 0}),
                    .memory = kShared}),
                "ok")
          << one.name << " in " << length;
    }
    // ATOM-069.
    EXPECT_EQ(outcome(OneFunction{.body = body(one, Bytes{0xFE} + leb(one.code, 6), {one.align, 0}),
                                  .memory = kShared}),
              "decode: integer representation too long");
    Bytes excess = leb(one.code, 5);
    excess.back() = 0x10;
    EXPECT_EQ(outcome(OneFunction{.body = body(one, Bytes{0xFE} + excess, {one.align, 0}),
                                  .memory = kShared}),
              "decode: integer too large");
  }
}

TEST(AtomicEncoding, UndefinedSubOpcodesAreIllegalInDeadCodeToo) {
  // ATOM-070, ATOM-081.
  const auto check = [](uint64_t code) {
    const Bytes bytes = Bytes{0xFE} + leb(code) + Bytes{0x00, 0x00};
    for (const Bytes& before : {Bytes{}, Bytes{0x00}}) {
      const std::string result = outcome(OneFunction{.body = before + bytes, .memory = kShared});
      EXPECT_TRUE(starts_with(result, "decode: illegal opcode fe") ||
                  result.find("is not supported (opcode fe") != std::string::npos)
          << fmt::format("fe {:x}: {}", code, result);
    }
  };
  for (uint64_t code = 4; code < 0x10; ++code) check(code);
  for (uint64_t code = 0x4F; code < 0x200; ++code) check(code);
  for (uint64_t code : {0x10000ull, 0x80000000ull, 0xFFFFFFFFull, 0x110ull}) check(code);
}

TEST(AtomicEncoding, NeedsAMemory) {
  // MEM-010; ATOM-079: the fence does not.
  for (const Atomic& one : atomics()) {
    EXPECT_EQ(outcome(OneFunction{body(one, plain(one.code), {one.align, 0})}),
              "validate: unknown memory 0")
        << one.name;
  }
  EXPECT_EQ(outcome(OneFunction{{0xFE, 0x03, 0x00}}), "ok");
}

TEST(AtomicEncoding, TheByteOfAFenceIsZero) {
  // ATOM-078.
  EXPECT_EQ(outcome(OneFunction{{0xFE, 0x83, 0x80, 0x00, 0x00}}), "ok");
  EXPECT_EQ(outcome(OneFunction{{0xFE, 0x03, 0x01}}), "decode: zero byte expected");
  EXPECT_EQ(outcome(OneFunction{{0xFE, 0x03, 0x80, 0x00}}), "decode: zero byte expected");
}

TEST(AtomicEncoding, HighBitsOfTheAlignmentField) {
  // ATOM-077, MEM-015: bit 6 announces a memory index, which must exist.
  const Atomic load{0x10, "i32.atomic.load", "", 'i', 2};
  const auto with = [&](const Bytes& memarg) {
    return outcome(OneFunction{.body = body(load, plain(0x10), memarg), .memory = kShared});
  };
  EXPECT_EQ(with({0x42, 0x00, 0x00}), "ok");
  EXPECT_EQ(with({0x42, 0x01, 0x00}), "validate: unknown memory 1");
  EXPECT_EQ(with({0x12, 0x00}), "validate: alignment must not be larger than natural");
  EXPECT_EQ(with({0x22, 0x00}), "validate: alignment must not be larger than natural");
  EXPECT_EQ(with({0x82, 0x01, 0x00}), "decode: malformed memop flags");
  EXPECT_EQ(with({0x82, 0x80, 0x80, 0x80, 0x00, 0x00}), "ok");  // a padded 2
}

TEST(AtomicEncoding, OffsetsHaveTheWidthOfTheAddress) {
  // ATOM-076, MEM-017.
  const Atomic load{0x10, "i32.atomic.load", "", 'i', 2};
  const auto with = [&](uint64_t offset, const Bytes& memory, char address) {
    return outcome(OneFunction{.body = body(load, plain(0x10), Bytes{2} + leb(offset), address),
                               .memory = memory});
  };
  const Bytes memory64{0x07, 0x01, 0x01};
  EXPECT_EQ(with(0xFFFFFFFF, kShared, 'i'), "ok");
  EXPECT_EQ(with(0x100000000, kShared, 'i'), "validate: offset out of range");
  EXPECT_EQ(with(0x100000000, memory64, 'I'), "ok");
  EXPECT_EQ(with(0xFFFFFFFFFFFFFFFF, memory64, 'I'), "ok");
  EXPECT_EQ(with(0, memory64, 'i'), "validate: type mismatch");
  EXPECT_EQ(with(0, kShared, 'I'), "validate: type mismatch");
}

TEST(AtomicEncoding, Memory64TakesI64AddressesAndLeavesTheRest) {
  // MEM-017.
  for (const Atomic& one : atomics()) {
    EXPECT_EQ(outcome(OneFunction{.body = body(one, plain(one.code), {one.align, 0}, 'I'),
                                  .memory = {0x07, 0x01, 0x01}}),
              "ok")
        << one.name;
  }
}

TEST(AtomicEncoding, IsNoConstantExpression) {
  // ATOM-084: as the initialiser of a global, and as the offset of a data segment.
  for (const Atomic& one : atomics()) {
    if (one.result != 'i') continue;
    const Bytes expr = constants('i' + one.operands) + plain(one.code) + Bytes{one.align, 0, 0x0B};
    EXPECT_EQ(
        outcome(module_of({section(5, Bytes{1} + kShared), section(6, Bytes{1, 0x7F, 0} + expr)})),
        "validate: constant expression required")
        << one.name;
    EXPECT_EQ(outcome(module_of(
                  {section(5, Bytes{1} + kShared), section(11, Bytes{1, 0} + expr + Bytes{0})})),
              "validate: constant expression required")
        << one.name;
  }
  EXPECT_EQ(outcome(module_of({section(6, {1, 0x7F, 0, 0xFE, 3, 0, 0x41, 0, 0x0B})})),
            "validate: constant expression required");
}

TEST(AtomicEncoding, MayStandInAStartFunction) {
  // ATOM-085.
  for (const Atomic& one : atomics()) {
    EXPECT_EQ(outcome(OneFunction{.body = body(one, plain(one.code), {one.align, 0}),
                                  .memory = kShared,
                                  .more = section(8, {0x00})}),
              "ok")
        << one.name;
  }
}

}  // namespace
}  // namespace weft::module
