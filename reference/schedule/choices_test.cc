#include "reference/schedule/choices.h"

#include <gtest/gtest.h>

#include "reference/schedule/random_numbers.h"

namespace weft::schedule {
namespace {

TEST(Choices, ATokenGivesTheSameChoicesBack) {
  RandomNumbers numbers(7);
  for (int round = 0; round < 300; round++) {
    Choices choices;
    choices.seed = numbers.next() >> numbers.below(64);
    choices.any_time_expires = round % 2 == 1;
    const uint32_t length = numbers.below(100);
    for (uint32_t i = 0; i < length; i++) {
      const uint32_t alternatives = 2 + numbers.below(i % 7 == 0 ? 1000 : 4);
      const uint32_t index = numbers.below(alternatives);
      choices.list.push_back({index, alternatives});
    }
    auto reader = TokenReader::make(choices.token());
    ASSERT_TRUE(reader) << reader.error().message;
    EXPECT_EQ(reader->seed(), choices.seed);
    EXPECT_EQ(reader->any_time_expires(), choices.any_time_expires);
    for (const Choice& choice : choices.list) {
      ASSERT_FALSE(reader->at_end());
      ASSERT_EQ(reader->next(choice.alternatives), choice.index);
    }
    EXPECT_TRUE(reader->at_end());
    EXPECT_EQ(reader->next(5), 0u) << "behind the end";
    EXPECT_FALSE(reader->diverged());
  }
}

TEST(Choices, TokensAreShort) {
  Choices choices;
  for (int i = 0; i < 1000; i++) choices.list.push_back({static_cast<uint32_t>(i % 2), 2});
  EXPECT_LT(choices.token().size(), 180u) << "one bit for each choice of two";
}

TEST(Choices, WhatIsNoTokenIsRefused) {
  for (const char* text : {"", "A", "====", "AQ", "zzzz", "AQIB", "AgAAAA", "AQAA_____w8", "a b"}) {
    EXPECT_FALSE(TokenReader::make(text)) << text;
  }
}

TEST(Choices, AChoiceThatCannotBeIsADivergence) {
  Choices choices;
  choices.list = {{3, 4}};
  auto reader = TokenReader::make(choices.token());
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->next(3), 0u);
  EXPECT_TRUE(reader->diverged());
}

}  // namespace
}  // namespace weft::schedule
