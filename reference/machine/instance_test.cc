// Instantiation: matching, order of effects, what stays after a failure, what is shared.
#include "reference/machine/testing.h"

namespace weft::machine {
namespace {

using testing::call;
using testing::instantiate;
using testing::load;

std::string refusal(const std::string& wat, const Imports& imports) {
  auto made = Instance::create(load(wat), imports);
  return made ? "instantiated" : made.error().message;
}

Imports with_memory(uint64_t min, std::optional<uint64_t> max, bool shared,
                    std::shared_ptr<Memory>* out = nullptr) {
  module::MemoryType type;
  type.limits = {min, max, shared, false};
  auto memory = *Memory::create(type);
  if (out) *out = memory;
  Imports imports;
  imports.define("env", "memory", memory);
  return imports;
}

TEST(Instance, SharednessAndLimitsMustMatch) {
  const Imports shared = with_memory(1, 5, true), unshared = with_memory(1, 5, false);
  const std::string no = "incompatible import type: env.memory";
  EXPECT_EQ(refusal(R"((module (import "env" "memory" (memory 1 5 shared))))", shared),
            "instantiated");
  EXPECT_EQ(refusal(R"((module (import "env" "memory" (memory 1 9 shared))))", shared),
            "instantiated");
  EXPECT_EQ(refusal(R"((module (import "env" "memory" (memory 1 4 shared))))", shared), no);
  EXPECT_EQ(refusal(R"((module (import "env" "memory" (memory 2 5 shared))))", shared), no);
  EXPECT_EQ(refusal(R"((module (import "env" "memory" (memory 1 5))))", shared), no);
  EXPECT_EQ(refusal(R"((module (import "env" "memory" (memory 1 5 shared))))", unshared), no);
  EXPECT_EQ(refusal(R"((module (import "env" "memory" (memory 1))))",
                    with_memory(1, std::nullopt, false)),
            "instantiated");
  EXPECT_EQ(refusal(R"((module (import "env" "memory" (memory 1 2))))",
                    with_memory(1, std::nullopt, false)),
            no);
  EXPECT_EQ(refusal(R"((module (import "env" "other" (memory 1))))", shared),
            "unknown import: env.other");
  EXPECT_EQ(refusal(R"((module (import "env" "memory" (func))))", shared), no);
}

TEST(Instance, TheCurrentLengthCountsInMatching) {
  std::shared_ptr<Memory> memory;
  const Imports imports = with_memory(1, 5, true, &memory);
  const char* wat = R"((module (import "env" "memory" (memory 3 5 shared))))";
  EXPECT_EQ(refusal(wat, imports), "incompatible import type: env.memory");
  memory->grow(2);
  EXPECT_EQ(refusal(wat, imports), "instantiated");
}

// All imports are checked before anything is written (MEM-085); element segments come before data
// segments (MEM-086); earlier writes stay (MEM-079).
TEST(Instance, EffectsComeInOrder) {
  std::shared_ptr<Memory> memory;
  const Imports imports = with_memory(1, 1, true, &memory);
  EXPECT_EQ(
      refusal(R"((module (import "env" "memory" (memory 1 1 shared)) (import "env" "no" (func))
    (data (i32.const 0) "\07")))",
              imports),
      "unknown import: env.no");
  EXPECT_EQ(
      refusal(R"((module (import "env" "memory" (memory 1 1 shared)) (table 1 funcref) (func $f)
    (data (i32.const 0) "\07") (elem (i32.const 1) $f)))",
              imports),
      "out of bounds table access");
  EXPECT_EQ(memory->read<uint8_t>(0), 0);
  EXPECT_EQ(refusal(R"((module (import "env" "memory" (memory 1 1 shared))
    (data (i32.const 0) "\07") (data (i32.const 65535) "ab")))",
                    imports),
            "out of bounds memory access");
  EXPECT_EQ(memory->read<uint8_t>(0), 7);
  EXPECT_EQ(memory->read<uint8_t>(65535), 0);
}

TEST(Instance, SegmentsAreAppliedAtEachInstantiation) {
  std::shared_ptr<Memory> memory;
  const Imports imports = with_memory(1, 1, true, &memory);
  const auto loaded = load(R"((module (import "env" "memory" (memory 1 1 shared))
    (data (i32.const 8) "ab") (data (i32.const 9) "c")))");
  ASSERT_TRUE(Instance::create(loaded, imports));
  EXPECT_EQ(memory->read<uint16_t>(8), 'a' | 'c' << 8);
  ASSERT_TRUE(memory->write<uint16_t>(8, 0));
  ASSERT_TRUE(Instance::create(loaded, imports));
  EXPECT_EQ(memory->read<uint16_t>(8), 'a' | 'c' << 8);
}

TEST(Instance, GlobalsTablesAndSegmentsAreItsOwn) {
  const auto loaded = load(R"((module (global $g (mut i32) (i32.const 1)) (table 2 funcref)
    (elem $e funcref (ref.func $f)) (func $f)
    (func (export "bump") (result i32) (global.set $g (i32.add (global.get $g) (i32.const 1))) (global.get $g))
    (func (export "init") (result i32) (table.init $e (i32.const 0) (i32.const 0) (i32.const 1)) (elem.drop $e)
      (ref.is_null (table.get 0 (i32.const 0))))))");
  auto first = *Instance::create(loaded, Imports{});
  auto second = *Instance::create(loaded, Imports{});
  EXPECT_EQ(call(*first, "bump"), "i32:2");
  EXPECT_EQ(call(*first, "bump"), "i32:3");
  EXPECT_EQ(call(*second, "bump"), "i32:2");
  EXPECT_EQ(call(*first, "init"), "i32:0");
  EXPECT_EQ(call(*first, "init"), "trap: out of bounds table access");
  EXPECT_EQ(call(*second, "init"), "i32:0");
}

// Calls into another instance run with its memory and globals, and come back to the caller's.
TEST(Instance, CallsCrossInstances) {
  auto provider = instantiate(R"((module (memory 1) (global $g (mut i32) (i32.const 40))
    (func (export "add") (param i32 i64) (result i64 i32)
      (i32.store (i32.const 0) (local.get 0))
      (i64.add (local.get 1) (i64.extend_i32_u (i32.load (i32.const 0))))
      (global.set $g (i32.add (global.get $g) (i32.const 1))) (global.get $g))))");
  Imports imports;
  imports.define("p", "add", *Instance::export_of(provider, "add"));
  auto user = Instance::create(
      load(R"((module (import "p" "add" (func $add (param i32 i64) (result i64 i32)))
    (memory 1) (data (i32.const 0) "\63") (table 1 funcref) (elem (i32.const 0) $add)
    (type $t (func (param i32 i64) (result i64 i32)))
    (func (export "f") (result i64 i32 i32) (local i32) (local.set 0 (i32.const 9))
      (call $add (i32.const 5) (i64.const 7)) (i32.add (i32.load (i32.const 0)) (local.get 0)))
    (func (export "g") (result i64 i32) (call_indirect (type $t) (i32.const 1) (i64.const 2) (i32.const 0)))))"),
      imports);
  ASSERT_TRUE(user) << user.error().message;
  EXPECT_EQ(call(**user, "f"), "i64:12 i32:41 i32:108");
  EXPECT_EQ(call(**user, "g"), "i64:3 i32:42");
  EXPECT_EQ(call(**user, "f", {}, testing::Policy::kPerform), "i64:12 i32:43 i32:108");
}

TEST(Instance, ConstantExpressionsMayBeExtended) {
  auto provider = std::make_shared<Global>();
  provider->type = {module::ValType::kI32, false};
  provider->set(100);
  Imports imports;
  imports.define("p", "base", provider);
  // global (i32.add (global.get 0) (i32.mul 3 4)), as bytes: the assembler refuses it.
  const uint8_t bytes[] = {0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00,  //
                           0x02, 0x0B, 0x01, 0x01, 'p',  0x04, 'b',  'a',  's',  'e', 0x03, 0x7F,
                           0x00, 0x06, 0x0C, 0x01, 0x7F, 0x00, 0x23, 0x00, 0x41, 3,   0x41, 4,
                           0x6C, 0x6A, 0x0B, 0x07, 0x05, 0x01, 0x01, 'g',  0x03, 0x01};
  auto loaded = module::load_module(Bytes(std::begin(bytes), std::end(bytes)));
  ASSERT_TRUE(loaded) << loaded.error().message;
  auto made = Instance::create(*loaded, imports);
  ASSERT_TRUE(made);
  EXPECT_EQ((*made)->exported_global("g")->get(), Value::i32(112));
}

}  // namespace
}  // namespace weft::machine
