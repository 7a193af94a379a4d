// The expectation files that the repository ships are read without complaint.
#include <gtest/gtest.h>

#include "results/expectations.h"

namespace weft::results {

TEST(ShippedExpectations, AreReadAndHoldRules) {
  Expectations all;
  auto ok = all.read_folder(WEFT_SOURCE_DIR "/results/expectations");
  ASSERT_TRUE(ok) << ok.error().message;
  const size_t ours = all.size();
  EXPECT_GT(ours, 0u);
  ok = all.read_folder(WEFT_SOURCE_DIR "/results/expectations/programs");
  ASSERT_TRUE(ok) << ok.error().message;
  EXPECT_GT(all.size(), ours);
}

}  // namespace weft::results
