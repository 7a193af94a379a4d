// Accesses to memories: values, widths, traps and their order, on every kind of memory and under
// every policy.
#include <fmt/format.h>

#include "reference/machine/testing.h"

namespace weft::machine {
namespace {

using testing::call_in_all;

// The same body on: unshared, shared, a second memory (general form), a 64-bit memory.
struct Kind {
  const char* name;
  std::string memories;
  std::string index;    // after the opcode
  std::string address;  // type of addresses
  bool shared;
};
const Kind kKinds[] = {
    {"unshared", "(memory 1 2)", "", "i32", false},
    {"shared", "(memory 1 2 shared)", "", "i32", true},
    {"general", "(memory 1) (memory 1 2 shared)", "1", "i32", true},
    {"memory64", "(memory i64 1 2)", "", "i64", false},
};

std::string module_of(const Kind& kind, const std::string& functions) {
  return fmt::format("(module {} {})", kind.memories, functions);
}

std::string run(const Kind& kind, const std::string& type, const std::string& body) {
  SCOPED_TRACE(kind.name + (": " + body));
  return call_in_all(
      module_of(kind, fmt::format("(func (export \"f\") (result {}) {})", type, body)), "f");
}

TEST(Access, NarrowLoadsExtendAndStoresWrap) {
  for (const Kind& kind : kKinds) {
    const std::string m = kind.index, a = kind.address;
    const auto c = [&](int at) { return fmt::format("({}.const {})", a, at); };
    const auto both = [&](const char* store, const char* value, const char* load) {
      return fmt::format("({0} {4} {1} {2}) ({3} {4} {1})", store, c(24), value, load, m);
    };
    EXPECT_EQ(run(kind, "i32", both("i32.store8", "(i32.const 0x180)", "i32.load8_s")), "i32:-128");
    EXPECT_EQ(run(kind, "i32", both("i32.store8", "(i32.const 0x180)", "i32.load8_u")), "i32:128");
    EXPECT_EQ(run(kind, "i32", both("i32.store16", "(i32.const -2)", "i32.load16_s")), "i32:-2");
    EXPECT_EQ(run(kind, "i32", both("i32.store16", "(i32.const -2)", "i32.load16_u")), "i32:65534");
    EXPECT_EQ(run(kind, "i64", both("i64.store32", "(i64.const -3)", "i64.load32_s")), "i64:-3");
    EXPECT_EQ(run(kind, "i64", both("i64.store32", "(i64.const -3)", "i64.load32_u")),
              "i64:4294967293");
    EXPECT_EQ(run(kind, "i64", both("i64.store", "(i64.const 0x1122334455667788)", "i64.load8_u")),
              "i64:136");
    EXPECT_EQ(run(kind, "i64", both("i64.store", "(i64.const -5)", "i64.load")), "i64:-5");
    EXPECT_EQ(run(kind, "f32", both("i32.store", "(i32.const 0x7fa00001)", "f32.load")),
              "f32:0x7fa00001");
    EXPECT_EQ(run(kind, "f64", both("f64.store", "(f64.const -2.5)", "f64.load")),
              "f64:0xc004000000000000");
  }
}

TEST(Access, UnalignedPlainAccessesWork) {
  for (const Kind& kind : kKinds) {
    const auto c = [&](int at) { return fmt::format("({}.const {})", kind.address, at); };
    EXPECT_EQ(run(kind, "i64",
                  fmt::format("(i64.store {0} {1} (i64.const 0x0102030405060708)) "
                              "(i64.load {0} offset=3 {2})",
                              kind.index, c(13), c(10))),
              "i64:72623859790382856");
  }
}

TEST(Access, EndOfMemory) {
  for (const Kind& kind : kKinds) {
    const auto c = [&](const char* at) { return fmt::format("({}.const {})", kind.address, at); };
    const std::string m = kind.index;
    EXPECT_EQ(run(kind, "i32", fmt::format("(i32.load {} {})", m, c("65532"))), "i32:0");
    EXPECT_EQ(run(kind, "i32", fmt::format("(i32.load {} {})", m, c("65533"))),
              "trap: out of bounds memory access");
    EXPECT_EQ(run(kind, "i32", fmt::format("(i32.load8_u {} offset=65536 {})", m, c("0"))),
              "trap: out of bounds memory access");
    EXPECT_EQ(run(kind, "i32", fmt::format("(i32.load {} offset=0xffffffff {})", m, c("-1"))),
              "trap: out of bounds memory access");
    EXPECT_EQ(run(kind, "i32",
                  fmt::format("(i64.store {} {} (i64.const 1)) (i32.const 1)", m, c("65529"))),
              "trap: out of bounds memory access");
  }
}

// ea = i + offset is a sum of integers, not of 32 bits (core spec 4.4.7): an address near the end
// of the index type is out of bounds whatever the offset. Found by fuzz/execution_fuzz.cc.
TEST(Access, EffectiveAddressesOf32BitMemoriesDoNotWrap) {
  for (const Kind& kind : kKinds) {
    if (kind.address != "i32") continue;
    // A local hides the address from the reader; constant and variable values differ in code.
    for (const std::string value : {"(i32.const 74)", "(local.get 1)"}) {
      const std::string function = fmt::format(
          "(func (export \"f\") (result i32) (local i32 i32) (local.set 0 (i32.const -1)) "
          "(i32.store16 {} offset=2008 (local.get 0) {}) (i32.const 0))",
          kind.index, value);
      SCOPED_TRACE(kind.name + (": " + function));
      EXPECT_EQ(call_in_all(module_of(kind, function), "f"), "trap: out of bounds memory access");
    }
    EXPECT_EQ(run(kind, "i32",
                  fmt::format("(local i32) (local.set 0 (i32.const -1)) "
                              "(i32.load {} offset=2008 (local.get 0))",
                              kind.index)),
              "trap: out of bounds memory access");
  }
}

TEST(Access, AtomicsReturnTheOldValueAndWrap) {
  for (const Kind& kind : kKinds) {
    const auto at = fmt::format("{} ({}.const 16)", kind.index, kind.address);
    const auto after = [&](const std::string& op, const char* initial, const char* operand) {
      const std::string type = op.substr(0, 3);
      return run(kind, type + " i64",
                 fmt::format("(i64.store {0} (i64.const {1})) ({2} {0} {3}) (i64.atomic.load {0})",
                             at, initial, op, operand));
    };
    EXPECT_EQ(after("i32.atomic.rmw.add", "0x1FFFFFFFF", "(i32.const 2)"), "i32:-1 i64:4294967297");
    EXPECT_EQ(after("i32.atomic.rmw8.add_u", "0x1FF", "(i32.const 0xFFF02)"), "i32:255 i64:257");
    EXPECT_EQ(after("i32.atomic.rmw16.sub_u", "0x30000", "(i32.const 1)"), "i32:0 i64:262143");
    EXPECT_EQ(after("i64.atomic.rmw.and", "0xFF", "(i64.const 0x3C)"), "i64:255 i64:60");
    EXPECT_EQ(after("i64.atomic.rmw8.or_u", "0x100", "(i64.const 0xF01)"), "i64:0 i64:257");
    EXPECT_EQ(after("i64.atomic.rmw16.xor_u", "0x1FFFF", "(i64.const -1)"), "i64:65535 i64:65536");
    EXPECT_EQ(after("i64.atomic.rmw32.xchg_u", "-1", "(i64.const 7)"),
              "i64:4294967295 i64:-4294967289");
    EXPECT_EQ(
        after("i32.atomic.rmw8.cmpxchg_u", "0x511", "(i32.const 0xFFFFFF11) (i32.const 0x7722)"),
        "i32:17 i64:1314");
    EXPECT_EQ(after("i32.atomic.rmw.cmpxchg", "5", "(i32.const 6) (i32.const 9)"), "i32:5 i64:5");
    EXPECT_EQ(after("i64.atomic.rmw.cmpxchg", "5", "(i64.const 5) (i64.const -1)"), "i64:5 i64:-1");
    EXPECT_EQ(run(kind, "i64",
                  fmt::format("(i64.atomic.store16 {0} (i64.const -1)) "
                              "(i64.atomic.load32_u {0})",
                              at)),
              "i64:65535");
  }
}

// The effective address decides, not the base.
TEST(Access, AtomicsTrapOnMisalignment) {
  for (const Kind& kind : kKinds) {
    const auto load = [&](const char* op, int base, int offset) {
      return run(kind, std::string(op).substr(0, 3),
                 fmt::format("({} {} offset={} ({}.const {}))", op, kind.index, offset,
                             kind.address, base));
    };
    EXPECT_EQ(load("i32.atomic.load", 1, 3), "i32:0");
    EXPECT_EQ(load("i32.atomic.load", 0, 1), "trap: unaligned atomic");
    EXPECT_EQ(load("i32.atomic.load", 2, 0), "trap: unaligned atomic");
    EXPECT_EQ(load("i64.atomic.load", 4, 0), "trap: unaligned atomic");
    EXPECT_EQ(load("i64.atomic.load16_u", 1, 0), "trap: unaligned atomic");
    EXPECT_EQ(load("i64.atomic.load8_u", 3, 0), "i64:0");
    EXPECT_EQ(load("i32.atomic.load", 65536, 0), "trap: out of bounds memory access");
    EXPECT_EQ(load("i64.atomic.load", 65528, 0), "i64:0");
  }
}

TEST(Access, WaitAndNotifyCheckBeforeTheyAct) {
  for (const Kind& kind : kKinds) {
    const auto c = [&](int at) {
      return fmt::format("{} ({}.const {})", kind.index, kind.address, at);
    };
    const auto wait32 = [&](int at, int expected) {
      return run(
          kind, "i32",
          fmt::format("(memory.atomic.wait32 {} (i32.const {}) (i64.const 0))", c(at), expected));
    };
    const auto notify = [&](int at) {
      return run(kind, "i32", fmt::format("(memory.atomic.notify {} (i32.const 0))", c(at)));
    };
    EXPECT_EQ(wait32(2, 0), "trap: unaligned atomic");
    EXPECT_EQ(wait32(65536, 0), "trap: out of bounds memory access");
    EXPECT_EQ(wait32(0, 1), kind.shared ? "i32:1" : "trap: expected shared memory");
    EXPECT_EQ(wait32(0, 0), kind.shared ? "waiting" : "trap: expected shared memory");
    EXPECT_EQ(run(kind, "i32",
                  fmt::format("(memory.atomic.wait64 {} (i64.const 0) (i64.const 0))", c(4))),
              "trap: unaligned atomic");
    EXPECT_EQ(notify(4), "i32:0");
    EXPECT_EQ(notify(1), "trap: unaligned atomic");
    EXPECT_EQ(notify(65536), "trap: out of bounds memory access");
  }
}

TEST(Access, BulkInstructionsCheckTheWholeRangeFirst) {
  for (const Kind& kind : kKinds) {
    const std::string m = kind.index, a = kind.address;
    EXPECT_EQ(run(kind, "i32",
                  fmt::format("(memory.fill {0} ({1}.const 65530) (i32.const 7) ({1}.const 7)) "
                              "(i32.const 1)",
                              m, a)),
              "trap: out of bounds memory access");
    EXPECT_EQ(run(kind, "i64",
                  fmt::format("(memory.fill {0} ({1}.const 8) (i32.const 0x105) ({1}.const 3)) "
                              "(memory.copy {2} ({1}.const 9) ({1}.const 8) ({1}.const 3)) "
                              "(i64.load {0} ({1}.const 8))",
                              m, a, m.empty() ? "" : m + " " + m)),
              "i64:84215045");
    EXPECT_EQ(run(kind, a,
                  fmt::format("(memory.size {0}) drop (memory.grow {0} ({1}.const 1)) drop "
                              "(memory.grow {0} ({1}.const 1))",
                              m, a)),
              a + ":-1");
  }
}

TEST(Access, SegmentsCanBeDropped) {
  const char* wat = R"((module (memory 1) (data $d "abc")
    (func (export "f") (param i32) (result i32)
      (memory.init $d (i32.const 0) (i32.const 1) (i32.const 2))
      (data.drop $d)
      (memory.init $d (i32.const 0) (i32.const 0) (local.get 0))
      (i32.load (i32.const 0)))))";
  EXPECT_EQ(call_in_all(wat, "f", {Value::i32(0)}), "i32:25442");
  EXPECT_EQ(call_in_all(wat, "f", {Value::i32(1)}), "trap: out of bounds memory access");
}

}  // namespace
}  // namespace weft::machine
