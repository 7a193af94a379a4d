#include "runners/reference_runtime.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "reference/module/assemble.h"

namespace weft::runners {
namespace {

// The program that the build has made stands in for the one that runs this test.
class ReferenceRuntimeTest : public testing::Test {
 protected:
  void SetUp() override {
    setenv("WEFT_BINARY", WEFT_BINARY_DIR "/weft", 1);
    locate_reference(described.info);
    if (!described.info.found) {
      GTEST_SKIP() << "the weft program is not built: " << described.info.how_to_get;
    }
  }
  void TearDown() override { unsetenv("WEFT_BINARY"); }
  Observation run(std::string_view wat, const std::string& model = "") {
    Case one;
    auto wasm = module::assemble(wat, "test");
    EXPECT_TRUE(wasm) << wasm.error().message;
    one.wasm = *wasm;
    one.env = {{"KEY", "a b"}};
    if (!model.empty()) described.set["threading_model"] = model;
    return make_reference_runtime(described)->run(one);
  }
  Described described;
};

TEST_F(ReferenceRuntimeTest, KnowsItsVersion) {
  EXPECT_FALSE(described.info.version.empty());
  EXPECT_EQ(described.info.bin.size(), 1u);
}

TEST_F(ReferenceRuntimeTest, TellsExitsTrapsAndRefusals) {
  const Observation exit = run(R"((module
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (func (export "_start") (call $exit (i32.const 134)))))");
  EXPECT_EQ(exit.end, End::kExit);
  EXPECT_EQ(exit.code, 134) << "the program's own, not a trap";
  const Observation trap = run(R"((module (func (export "_start") (unreachable))))");
  EXPECT_EQ(trap.end, End::kTrap);
  EXPECT_EQ(trap.trap, "unreachable");
  const Observation invalid = run(R"((module (func (result i32))))");
  EXPECT_EQ(invalid.end, End::kReject);
  EXPECT_EQ(invalid.stage, "validate");
  const Observation unlinked = run(R"((module (import "a" "b" (func))))");
  EXPECT_EQ(unlinked.stage, "link");
}

TEST_F(ReferenceRuntimeTest, PassesTheThreadingModelOn) {
  constexpr const char* kProgram = R"((module
    (import "env" "memory" (memory 1 1 shared))
    (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (global $g (mut i32) (i32.const 1))
    (func (export "wasi_thread_start") (param i32 i32) (call $exit (global.get $g)))
    (func (export "_start") (global.set $g (i32.const 2)) (drop (call $spawn (i32.const 0)))
      (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))))";
  EXPECT_EQ(run(kProgram).code, 1);
  EXPECT_EQ(run(kProgram, "shared-instance").code, 2);
}

TEST_F(ReferenceRuntimeTest, ABinaryThatIsNotThereIsToldHowToGet) {
  setenv("WEFT_BINARY", "/nowhere/weft", 1);
  RuntimeInfo info;
  locate_reference(info);
  EXPECT_FALSE(info.found);
  EXPECT_FALSE(info.how_to_get.empty());
}

}  // namespace
}  // namespace weft::runners
