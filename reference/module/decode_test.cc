// What is malformed and where: structure of the binary, by hand-made bytes.
// Faults: 64, one after the other: most conditions of decode.cc, decode_instruction.cc and Reader
// that lead to an error made false; limits off by one; numbers of 64 bits read as u32.
#include <gtest/gtest.h>

#include "reference/module/module.h"
#include "reference/module/test_bytes.h"

namespace weft::module {
namespace {

using namespace testing;

const Bytes kType = section(1, {0x01, 0x60, 0x00, 0x00});
const Bytes kFunction = section(3, {0x01, 0x00});
const Bytes kCode = section(10, {0x01, 0x02, 0x00, 0x0B});
const Bytes kMemory = section(5, {0x01, 0x00, 0x01});

std::string outcome(Bytes bytes) {
  const auto loaded = load_module(std::move(bytes));
  return loaded ? "ok" : loaded.error().stage + ": " + loaded.error().message;
}
std::string limits(uint8_t section_id, Bytes type) {
  return outcome(module_of({section(section_id, Bytes{0x01} + type)}));
}

struct Row {
  const char* what;
  Bytes bytes;
  const char* expected;
};

TEST(Decode, Sections) {
  const Row rows[] = {
      {"empty", {}, "decode: unexpected end"},
      {"magic", {0x00, 0x61, 0x73, 0x6E, 1, 0, 0, 0}, "decode: magic header not detected"},
      {"version", {0x00, 0x61, 0x73, 0x6D, 2, 0, 0, 0}, "decode: unknown binary version"},
      {"half a version", {0x00, 0x61, 0x73, 0x6D, 1, 0}, "decode: unexpected end"},
      {"half of another version", {0x00, 0x61, 0x73, 0x6D, 2, 0}, "decode: unexpected end"},
      {"no section", module_of({}), "ok"},
      {"one function", module_of({kType, kFunction, kCode}), "ok"},
      {"unknown id", module_of({{0x0E, 0x01, 0x00}}), "decode: malformed section id"},
      {"id as a padded LEB", module_of({{0x81, 0x00}}), "decode: malformed section id"},
      {"too long", module_of({{0x01, 0x05, 0x00}}), "decode: length out of bounds"},
      {"order", module_of({kFunction, kType}), "decode: unexpected content after last section"},
      {"twice", module_of({kMemory, kMemory}), "decode: unexpected content after last section"},
      {"rest", module_of({section(1, {0x00, 0x00})}), "decode: section size mismatch"},
      {"short", module_of({{0x01, 0x03, 0x01, 0x60, 0x00}}), "decode: unexpected end"},
      {"custom anywhere",
       module_of({section(0, text("x")), kType, section(0, text("y") + Bytes{7})}), "ok"},
      {"custom without a name", module_of({section(0, {})}), "decode: unexpected end"},
      {"custom name too long", module_of({section(0, {0x02, 'a'})}),
       "decode: length out of bounds"},
      {"custom name not UTF-8", module_of({section(0, {0x01, 0xFF})}),
       "decode: malformed UTF-8 encoding"},
      {"a broken name section is no error",
       module_of({kType, kFunction, kCode, section(0, text("name") + Bytes{1, 9, 1, 0})}), "ok"},
      {"functions without code", module_of({kType, kFunction}),
       "decode: function and code section have inconsistent lengths"},
      {"code without functions", module_of({kType, kCode}),
       "decode: function and code section have inconsistent lengths"},
      {"data count too high", module_of({kMemory, section(12, {0x01})}),
       "decode: data count and data section have inconsistent lengths"},
      {"data count too low", module_of({kMemory, section(12, {0x00}), section(11, {1, 1, 0})}),
       "decode: data count and data section have inconsistent lengths"},
      {"data count fits", module_of({kMemory, section(12, {0x01}), section(11, {1, 1, 0})}), "ok"},
      {"data segment kind", module_of({kMemory, section(11, {1, 3, 0})}),
       "decode: malformed data segment kind"},
      {"element segment kind", module_of({section(9, {1, 8})}),
       "decode: malformed elements segment kind"},
      {"element kind", module_of({section(9, {1, 1, 1, 0})}), "decode: malformed element kind"},
      {"import kind", module_of({section(2, {1, 0, 0, 5})}), "decode: malformed import kind"},
      {"export kind", module_of({section(7, {1, 0, 9, 0})}), "decode: malformed export kind"},
      {"mutability", module_of({section(6, {1, 0x7F, 2, 0x41, 0, 0x0B})}),
       "decode: malformed mutability"},
      {"value type", module_of({section(1, {1, 0x60, 1, 0x40, 0})}),
       "decode: malformed value type"},
      {"reference type", module_of({section(4, {1, 0x7F, 0, 0})}),
       "decode: malformed reference type"},
      {"constant without end", module_of({section(6, {1, 0x7F, 0, 0x41, 0})}),
       "decode: unexpected end"},
      {"a vector longer than the section", module_of({section(1, {0xFF, 0xFF, 0xFF, 0xFF, 0x0F})}),
       "decode: length out of bounds"},
  };
  for (const Row& row : rows) EXPECT_EQ(outcome(row.bytes), row.expected) << row.what;
}

TEST(Decode, Bodies) {
  const Row rows[] = {
      {"block without end", OneFunction{{0x02, 0x40}}, "decode: unexpected end"},
      {"end too early", OneFunction{{0x0B, 0x01}}, "decode: END opcode expected"},
      {"else outside if", OneFunction{{0x05}}, "decode: END opcode expected"},
      {"two elses", OneFunction{{0x41, 0, 0x04, 0x40, 0x05, 0x05, 0x0B}},
       "decode: END opcode expected"},
      {"illegal opcode", OneFunction{{0x27}}, "decode: illegal opcode 27"},
      {"illegal opcode in dead code", OneFunction{{0x00, 0xFE, 0x05}},
       "decode: illegal opcode fe 05"},
      {"block type that is no type", OneFunction{{0x02, 0x41, 0x0B}},
       "decode: malformed value type"},
      {"a negative block type of two bytes", OneFunction{{0x02, 0xFF, 0x7F, 0x0B}},
       "decode: malformed block type"},
      {"block type by index", OneFunction{{0x02, 0x80, 0x00, 0x0B}}, "ok"},
      {"block type: no such index", OneFunction{{0x02, 0x05, 0x0B}}, "validate: unknown type 5"},
      {"data.drop without data count", OneFunction{.body = {0xFC, 0x09, 0x00}, .memory = {0, 1}},
       "decode: data count section required"},
      {"malformed beats invalid", OneFunction{{0x1A, 0x27}}, "decode: illegal opcode 27"},
      {"2^32 locals",
       OneFunction{.body = {}, .locals = {2, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x7F, 1, 0x7F}},
       "decode: too many locals"},
      {"4 billion locals",
       OneFunction{.body = {}, .locals = {1, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x7F}},
       "validate: 4294967295 locals of a function, weft takes at most 50000"},
      {"50,000 locals",
       OneFunction{.body = Bytes{0x20} + leb(49'999) + Bytes{0x1A},
                   .locals = Bytes{1} + leb(50'000) + Bytes{0x7F}},
       "ok"},
  };
  for (const Row& row : rows) EXPECT_EQ(outcome(row.bytes), row.expected) << row.what;
}

TEST(Decode, LimitsFlagsAreOneByte) {
  // MEM-002 to MEM-005, MEM-016.
  EXPECT_EQ(limits(5, {0x00, 1}), "ok");
  EXPECT_EQ(limits(5, {0x01, 1, 2}), "ok");
  EXPECT_EQ(limits(5, {0x02, 1}), "validate: shared memory must have maximum");
  EXPECT_EQ(limits(5, {0x03, 1, 2}), "ok");
  EXPECT_EQ(limits(5, {0x04, 1}), "ok");
  EXPECT_EQ(limits(5, {0x05, 1, 2}), "ok");
  EXPECT_EQ(limits(5, {0x06, 1}), "validate: shared memory must have maximum");
  EXPECT_EQ(limits(5, {0x07, 1, 2}), "ok");
  EXPECT_EQ(limits(5, {0x81, 0x00, 1, 2}), "decode: integer representation too long");
  EXPECT_EQ(limits(5, {0x83, 0x00, 1, 2}), "decode: integer representation too long");
  // MEM-005, MEM-019 (bit 3: custom page sizes).
  for (uint8_t flags = 0x08; flags < 0x80; ++flags) {
    EXPECT_EQ(limits(5, {flags, 1, 2}), "decode: malformed limits flags") << int{flags};
  }
  // MEM-006.
  EXPECT_EQ(limits(4, {0x70, 0x00, 1}), "ok");
  EXPECT_EQ(limits(4, {0x70, 0x02, 1}), "decode: tables cannot be shared (yet)");
  EXPECT_EQ(limits(4, {0x70, 0x03, 1, 2}), "decode: tables cannot be shared (yet)");
  EXPECT_EQ(limits(4, {0x70, 0x08, 1}), "decode: malformed limits flags");
}

TEST(Decode, LimitsOfMemories) {
  // MEM-008, MEM-009: shared and unshared alike.
  for (const uint8_t flags : {uint8_t{0x01}, uint8_t{0x03}}) {
    EXPECT_EQ(limits(5, Bytes{flags, 0, 0}), "ok");
    EXPECT_EQ(limits(5, Bytes{flags} + leb(65536) + leb(65536)), "ok");
    EXPECT_EQ(limits(5, Bytes{flags, 2, 1}),
              "validate: size minimum must not be greater than maximum");
    EXPECT_EQ(limits(5, Bytes{flags, 0} + leb(65537)),
              "validate: memory size must be at most 65536 pages (4GiB)");
  }
  EXPECT_EQ(limits(5, Bytes{0x07, 0} + leb(uint64_t{1} << 48)), "ok");
  EXPECT_EQ(limits(5, Bytes{0x05} + leb(uint64_t{1} << 48) + leb(uint64_t{1} << 48)), "ok");
  EXPECT_EQ(limits(5, Bytes{0x07, 0} + leb((uint64_t{1} << 48) + 1)),
            "validate: memory size must be at most 2^48 pages");
}

TEST(Decode, RefusesProposalsByName) {
  const Row rows[] = {
      {"tag section", module_of({section(13, {0x00})}),
       "decode: exception handling is not supported (tag section)"},
      {"try_table", OneFunction{{0x1F, 0x40, 0x00, 0x0B}},
       "decode: exception handling is not supported (opcode 1f)"},
      {"call_ref", OneFunction{{0x14, 0x00}},
       "decode: typed function references is not supported (opcode 14)"},
      {"relaxed SIMD", OneFunction{{0xFD, 0x80, 0x02}},
       "decode: relaxed SIMD is not supported (opcode fd 100)"},
      {"ref.null of a type index", OneFunction{{0xD0, 0x00, 0x1A}},
       "decode: typed function references is not supported (ref.null of a type index)"},
      {"struct type", module_of({section(1, {1, 0x5F, 0})}),
       "decode: GC is not supported (type definition)"},
      {"ref null", module_of({section(1, {1, 0x60, 1, 0x63, 0x70, 0})}),
       "decode: typed function references is not supported (type 63)"},
      {"table64", module_of({section(4, {1, 0x70, 0x04, 0})}),
       "decode: memory64's table64 is not supported (a table with 64-bit indices)"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(outcome(row.bytes), row.expected) << row.what;
    const auto loaded = load_module(row.bytes);
    EXPECT_TRUE(!loaded && loaded.error().refused) << row.what;
  }
}

TEST(Decode, ErrorsCarryTheirPlace) {
  const auto loaded = load_module(OneFunction{{0x01, 0x01, 0x27}});
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().offset, Bytes(OneFunction{{0x01, 0x01, 0x27}}).size() - 2);
}

TEST(Decode, NestingAndSizesDoNotExhaustUs) {
  Bytes nested;
  for (int i = 0; i < 50'000; ++i) nested = std::move(nested) + Bytes{0x02, 0x40};
  EXPECT_EQ(outcome(OneFunction{nested + Bytes(50'000, 0x0B)}), "ok");
  EXPECT_EQ(outcome(OneFunction{nested}), "decode: unexpected end");
  // A type of 1,001 results is beyond what weft takes; 1,000 are not, but 66 times 1,000 operands
  // at once are.
  const auto wide = [](size_t results, size_t calls) {
    Bytes body = Bytes{0x00} + Bytes{0x00};
    for (size_t i = 0; i < calls; ++i) body = std::move(body) + Bytes{0x10, 0x01};
    body = std::move(body) + Bytes{0x00, 0x0B};
    const Bytes other{0x00, 0x00, 0x0B};
    return module_of(
        {section(1,
                 Bytes{0x02, 0x60, 0x00, 0x00, 0x60, 0x00} + leb(results) + Bytes(results, 0x7F)),
         section(3, {0x02, 0x00, 0x01}),
         section(10, Bytes{0x02} + leb(body.size() - 1) + Bytes(body.begin() + 1, body.end()) +
                         leb(other.size()) + other)});
  };
  EXPECT_EQ(outcome(wide(1000, 60)), "ok");
  EXPECT_EQ(outcome(wide(1001, 1)),
            "validate: 1001 parameters or results, weft takes at most 1000");
  EXPECT_EQ(outcome(wide(1000, 66)),
            "validate: more operands at once than the 65535 that weft takes");
}

}  // namespace
}  // namespace weft::module
