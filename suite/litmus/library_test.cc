// The handwritten litmus tests of suite/: each reads, prints, converts, links. What the model says
// of them is checked in the oracle's tests.
// Fault that this catches: a test of the library that names a register or location it has not.
#include <gtest/gtest.h>

#include <algorithm>

#include "reference/module/assemble.h"
#include "suite/litmus/library_for_tests.h"
#include "suite/litmus/to_wat.h"
#include "suite/test/test.h"

namespace weft::suite::litmus {
namespace {

TEST(LitmusLibrary, EveryHandwrittenTestReadsConvertsAndLinks) {
  unsigned tests = 0, batched = 0;
  for_each_library_test([&](const LitmusTest& test, const model::Program&) {
    ++tests;
    auto again = read_litmus(print_litmus(test), test.name);
    ASSERT_TRUE(again.has_value()) << again.error().message << print_litmus(test);
    EXPECT_EQ(print_litmus(again->front()), print_litmus(test));
    EXPECT_FALSE(test.expectations.empty()) << test.name;
    auto wat = module::assemble(print_wat(test, test.name), test.name);
    ASSERT_TRUE(wat.has_value()) << wat.error().message;
    if (!why_not_batched(test).empty()) return;
    ++batched;
    BatchParameters parameters;
    parameters.stride = std::max(parameters.stride, batch_spec(test).slot_size);
    auto wasm = module::link(batch_wat(batch_spec(test), parameters), support_library(),
                             {.name = test.name});
    ASSERT_TRUE(wasm.has_value()) << wasm.error().message;
  });
  EXPECT_GE(tests, 150u);
  EXPECT_GE(batched, 110u);
}

}  // namespace
}  // namespace weft::suite::litmus
