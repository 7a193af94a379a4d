// The selection language: what matches, and where a mistake is reported.
#include "suite/test/filter.h"

#include <gtest/gtest.h>

#include "suite/test/glob.h"

namespace weft::suite {
namespace {

Header header(const std::string& id) {
  Header out;
  out.id = id;
  out.requirements = {"WAIT-028", "MEM-001"};
  out.tags = {"slow"};
  out.needs = {"simd"};
  out.kind = Kind::kReject;
  return out;
}

bool matches(const std::string& text, const std::string& id = "wait/notify-fifo") {
  auto filter = Filter::parse(text);
  EXPECT_TRUE(filter) << filter.error().message;
  return filter && filter->matches(header(id));
}

std::string error(const std::string& text) {
  auto filter = Filter::parse(text);
  return filter ? "no error" : filter.error().message;
}

TEST(Filter, GlobsAndFolders) {
  EXPECT_TRUE(matches("wait/notify-*"));
  EXPECT_TRUE(matches("*fifo"));
  EXPECT_TRUE(matches("wait/notify-fif?"));
  EXPECT_TRUE(matches("wait"));
  EXPECT_TRUE(matches("wait/"));
  EXPECT_FALSE(matches("wai"));
  EXPECT_FALSE(matches("wait/notify"));
  EXPECT_FALSE(matches("wait/notify-fifo?"));
}

TEST(Filter, Fields) {
  EXPECT_TRUE(matches("req:WAIT-028"));
  EXPECT_TRUE(matches("req:MEM-*"));
  EXPECT_FALSE(matches("req:ATOM-*"));
  EXPECT_TRUE(matches("tag:slow"));
  EXPECT_TRUE(matches("kind:reject"));
  EXPECT_TRUE(matches("needs:simd"));
  EXPECT_FALSE(matches("sort:timing"));
}

TEST(Filter, NotBindsTighterThanAndTighterThanOr) {
  EXPECT_TRUE(matches("b/* and b/* or wait/*"));
  EXPECT_TRUE(matches("wait/* or b/* and b/*"));
  EXPECT_FALSE(matches("(wait/* or b/*) and b/*"));
  EXPECT_TRUE(matches("not b/* and wait/*"));
  EXPECT_FALSE(matches("not (b/* or wait/*)"));
  EXPECT_TRUE(matches("not not wait/*"));
}

TEST(Filter, MistakesNameTheColumn) {
  EXPECT_NE(error("").find("column 1: expected an expression"), std::string::npos) << error("");
  EXPECT_NE(error("a and").find("column 6"), std::string::npos) << error("a and");
  EXPECT_NE(error("(a").find("expected `)`"), std::string::npos) << error("(a");
  EXPECT_NE(error("a b").find("column 3"), std::string::npos) << error("a b");
  EXPECT_NE(error("reg:X").find("column 1: expected req:"), std::string::npos) << error("reg:X");
  EXPECT_NE(error("kind:rejct").find("program, litmus"), std::string::npos);
  EXPECT_NE(error("req:").find("a name after"), std::string::npos);
  EXPECT_NE(error(std::string(5000, '(')).find("fewer nested"), std::string::npos);
}

TEST(Shard, EveryTestIsInExactlyOnePart) {
  for (int i = 0; i < 200; ++i) {
    const std::string id = "wait/test-" + std::to_string(i);
    int found = 0;
    for (unsigned part = 1; part <= 7; ++part) found += in_shard(id, part, 7);
    EXPECT_EQ(found, 1) << id;
  }
}

}  // namespace
}  // namespace weft::suite
