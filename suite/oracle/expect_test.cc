// The language of `expect`: what is read, what is refused, and that it can be written again.
#include "suite/oracle/expect.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace weft::suite {
namespace {

using nlohmann::json;

TEST(Expect, EveryFormIsReadAndWrittenAgain) {
  for (const char* text :
       {R"({"exit":0,"stdout":"ok\n"})", R"({"trap":true})",
        R"({"stdout":"a","trap":"unreachable"})", R"({"reject":"validate"})",
        R"({"any":[{"exit":0},{"exit":3}]})",
        R"({"diverges":[{"exit":3,"note":"n","severity":"high"}],"else":{"exit":0}})",
        R"({"record":"stdout"})", R"("model")", R"("explore")"}) {
    const json value = json::parse(text);
    auto read = read_expectation(value, "x");
    ASSERT_TRUE(read) << text << ": " << read.error().message;
    EXPECT_EQ(to_json(*read), value) << text;
    EXPECT_NE(describe(*read), "") << text;
  }
}

TEST(Expect, MistakesAreRefusedWithTheirPlace) {
  for (const auto& [text, part] : std::initializer_list<std::pair<const char*, const char*>>{
           {"{}", "expects nothing"},
           {R"({"exit":256})", "x.exit"},
           {R"({"exit":"0"})", "x.exit"},
           {R"({"exit":0,"trap":true})", "exclude"},
           {R"({"trap":false})", "x.trap"},
           {R"({"reject":"maybe"})", "decode, validate, link, any"},
           {R"({"reject":"any","exit":1})", "do not go"},
           {R"({"any":[]})", "x.any"},
           {R"({"any":[{"exit":0},{"exot":1}]})", "x.any[1].exot"},
           {R"({"diverges":[{"exit":0}]})", "belong together"},
           {R"({"else":{"exit":0}})", "belong together"},
           {R"({"record":"time"})", "exit, stdout"},
           {R"("modle")", "model, explore"},
           {"3", "expected an object"}}) {
    auto read = read_expectation(json::parse(text), "x");
    ASSERT_FALSE(read) << text;
    EXPECT_NE(read.error().message.find(part), std::string::npos) << read.error().message;
  }
}

TEST(Expect, TextForPeopleStaysOnOneLineAndShort) {
  EXPECT_EQ(quote_text("a\nb\"\x01"), "\"a\\nb\\\"\\01\"");
  EXPECT_LT(quote_text(std::string(10000, 'x'), 100).size(), 120u);
}

}  // namespace
}  // namespace weft::suite
