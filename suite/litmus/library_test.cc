// The handwritten litmus tests of suite/: each reads, prints, converts, links. What the model says
// of them is checked in the oracle's tests.
// Fault that this catches: a test of the library that names a register or location it has not.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "reference/base/files.h"
#include "reference/module/assemble.h"
#include "suite/litmus/ast.h"
#include "suite/litmus/to_program.h"
#include "suite/litmus/to_wat.h"
#include "suite/test/test.h"

namespace weft::suite::litmus {
namespace {

TEST(LitmusLibrary, EveryHandwrittenTestReadsConvertsAndLinks) {
  unsigned tests = 0, batched = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(std::string(WEFT_SOURCE_DIR) + "/suite")) {
    if (entry.path().extension() != ".litmus") continue;
    const std::string path = entry.path().string();
    auto all = read_litmus(*read_text(path), path);
    ASSERT_TRUE(all.has_value()) << all.error().message;
    for (const LitmusTest& test : *all) {
      ++tests;
      auto program = to_program(test);
      ASSERT_TRUE(program.has_value()) << program.error().message;
      auto again = read_litmus(print_litmus(test), test.name);
      ASSERT_TRUE(again.has_value()) << again.error().message << print_litmus(test);
      EXPECT_EQ(print_litmus(again->front()), print_litmus(test));
      EXPECT_FALSE(test.expectations.empty()) << test.name;
      auto wat = module::assemble(print_wat(test, test.name), test.name);
      ASSERT_TRUE(wat.has_value()) << wat.error().message;
      if (!why_not_batched(test).empty()) continue;
      ++batched;
      BatchParameters parameters;
      parameters.stride = std::max(parameters.stride, batch_spec(test).slot_size);
      auto wasm = module::link(batch_wat(batch_spec(test), parameters), support_library(),
                               {.name = test.name});
      ASSERT_TRUE(wasm.has_value()) << wasm.error().message;
    }
  }
  EXPECT_GE(tests, 150u);
  EXPECT_GE(batched, 110u);
}

}  // namespace
}  // namespace weft::suite::litmus
