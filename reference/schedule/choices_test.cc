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
    choices.program = static_cast<uint32_t>(numbers.next());
    choices.cut_off_at = round % 3 == 1 ? numbers.next() >> numbers.below(60) : 0;
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
    EXPECT_EQ(reader->program(), choices.program);
    EXPECT_EQ(reader->cut_off_at(), choices.cut_off_at);
    for (const Choice& choice : choices.list) {
      ASSERT_FALSE(reader->at_end());
      ASSERT_EQ(reader->next(choice.alternatives), choice.index);
    }
    EXPECT_TRUE(reader->at_end());
    EXPECT_FALSE(reader->diverged());
    EXPECT_EQ(reader->next(5), 0u);
    EXPECT_TRUE(reader->diverged()) << "behind the end: the program is another";
  }
}

TEST(Choices, TokensAreShort) {
  Choices choices;
  for (int i = 0; i < 1000; i++) choices.list.push_back({static_cast<uint32_t>(i % 2), 2});
  EXPECT_LT(choices.token().size(), 180u) << "one bit for each choice of two";
}

TEST(Choices, WhatIsNoTokenIsRefused) {
  // Version 1 had four letters fewer; "AgA..." with flag 4; a count of bits that goes on and on.
  for (const char* text : {"", "A", "====", "Ag", "zzzz", "AQAABAQ", "AgQAAAAAAAA",
                           "AgAAAAAA_____w8", "a b", "AgAAAAAAAAAB"}) {
    EXPECT_FALSE(TokenReader::make(text)) << text;
  }
  EXPECT_TRUE(TokenReader::make("AgAAAAAAAAA"));
}

// Tried with: no comparison of the bytes that the token says with those that it has.
TEST(Choices, ATokenIsNeitherShorterNorLongerThanItSays) {
  Choices choices;
  choices.seed = 300;
  for (uint32_t i = 0; i < 50; i++) choices.list.push_back({i % 3, 3});
  const std::string token = choices.token();
  ASSERT_TRUE(TokenReader::make(token));
  for (size_t length = 0; length < token.size(); length++) {
    EXPECT_FALSE(TokenReader::make(token.substr(0, length))) << length;
  }
  for (const char* more : {"A", "AA", "AAA", "AAAA", "_"}) {
    EXPECT_FALSE(TokenReader::make(token + more)) << more;
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
