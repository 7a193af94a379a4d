// Explanations: the axiom and the argument for one test of each pattern.
#include "reference/model/explain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <regex>

#include "reference/model/draw.h"
#include "reference/model/testing/compact.h"

namespace weft::model {
namespace {

Explanation ask(const Program& program, const std::string& outcome, Tier tier = Tier::literal) {
  const OutcomeLayout layout(program);
  const auto parsed = parse_outcome(layout, outcome);
  EXPECT_TRUE(parsed) << parsed.error().message;
  const auto explanation = explain(program, *parsed, tier);
  EXPECT_TRUE(explanation) << explanation.error().message;
  return *explanation;
}

std::vector<std::string> clauses(const Explanation& e) {
  std::vector<std::string> texts;
  for (const ExplainedEdge& edge : e.edges) texts.push_back(edge.clause.substr(0, 19));
  return texts;
}

const char* kMp = "W4 x 1 ; W4a y 1 || R4a r0 y ; R4 r1 x";
const char* kSb = "W4a x 1 ; R4a r0 y || W4a y 1 ; R4a r1 x";

TEST(Explain, AStaleReadNamesThePathAndTheOverwritingWrite) {
  const Explanation e = ask(testing::Compact::parse(kMp), "1:r0=1 1:r1=0");
  EXPECT_FALSE(e.allowed);
  EXPECT_EQ(e.axiom, "HB3");
  EXPECT_EQ(e.reason,
            "`1: r1 = i32.load x` would read from `memory allocated, all bytes 0`, but `0: "
            "i32.store x 1` overwrites it and happens before the read");
  EXPECT_EQ(clauses(e),
            (std::vector<std::string>{"before the threads ", "program order", "synchronises (SC, e",
                                      "program order", "would read from"}));
}

TEST(Explain, AStoreBufferNamesTheCycleThroughTot) {
  const Explanation e = ask(testing::Compact::parse(kSb), "0:r0=0 1:r1=0");
  EXPECT_EQ(e.axiom, "SCLV");
  EXPECT_EQ(clauses(e), (std::vector<std::string>{"program order", "SC-last-visible (2)",
                                                  "program order", "SC-last-visible (2)"}));
  // It is a cycle.
  for (size_t i = 0; i < e.edges.size(); ++i) {
    EXPECT_EQ(e.edges[i].to, e.edges[(i + 1) % e.edges.size()].from);
  }
}

TEST(Explain, TearingReadingTheFutureAndImpossibleValues) {
  EXPECT_EQ(
      ask(testing::Compact::parse("W2 x 0x0101 || R2 r0 x", "W2 x 0x0202"), "1:r0=0x0102").axiom,
      "TEAR");
  EXPECT_EQ(ask(testing::Compact::parse("R4 r0 x ; W4 x 1"), "0:r0=1").axiom, "HB1");
  EXPECT_EQ(ask(testing::Compact::parse("R4 r0 x ; W4 x 1"), "0:r0=7").axiom, "VALUE");
}

TEST(Explain, QueuesAndTheEdgesOfANotifyThatWokeNobody) {
  const Program lost = testing::Compact::parse("WAIT r0 x 0 || W4a x 1 ; NOTIFY r1 x 10");
  EXPECT_EQ(ask(lost, "0:waiting").axiom, "SCLV");
  const Program plain = testing::Compact::parse("WAIT r0 x 0 || W4 x 1 ; NOTIFY r1 x 10");
  EXPECT_TRUE(ask(plain, "0:waiting").allowed);
  const Explanation meant = ask(plain, "0:waiting", Tier::intended);
  EXPECT_EQ(meant.axiom, "HB3");
  EXPECT_EQ(ask(testing::Compact::parse("WAIT r0 x 0 || NOTIFY r1 x 1"), "0:r0=0 1:r1=0").axiom,
            "SUSP");
}

// Fault tried: a clause asked of another gap than its name (a lost store was called thin air).
TEST(Explain, NamesTheOneClauseOfIntendedThatForbids) {
  const Program lost = testing::Compact::parse("W4 x 2 || U4 x r0 x 1", "W4 x 0", "R4 f x");
  EXPECT_EQ(ask(lost, "1:r0=0 [f]=1", Tier::intended).axiom, "lost-store");
  const Program air = testing::Compact::parse("R4 r0 x ; W4 y r0 || R4 r0 y ; W4 x r0");
  EXPECT_EQ(ask(air, "0:r0=1 1:r0=1", Tier::intended).axiom, "thin-air");
  const Program racing = testing::Compact::parse("W4 x 1 || W4 x 2", "W4 x 0", "R4 f x ; R4 g x");
  EXPECT_EQ(ask(racing, "[f]=1 [g]=2", Tier::intended).axiom, "stable-after-join");
}

TEST(Explain, AWitnessIsATotalOrderOfAllEvents) {
  const Explanation e = ask(testing::Compact::parse(kSb), "0:r0=0 1:r1=1");
  EXPECT_TRUE(e.allowed);
  EXPECT_EQ(e.order.size(), e.events.size());
  EXPECT_EQ(e.edges.size(), 2u);
}

TEST(Explain, AgreesWithMembershipOnWholeSets) {
  Oracle oracle;
  for (const char* text : {kMp, kSb, "U4 + r0 x 1 || U4 + r1 x 1", "GROW r0 1 || SIZE r1"}) {
    const Program program = testing::Compact::parse(text);
    const OutcomeLayout layout(program);
    for (uint64_t a = 0; a < 3; ++a) {
      for (uint64_t b = 0; b < 3; ++b) {
        Outcome outcome;
        outcome.values = {a, b};
        outcome.present = 3;
        outcome.endings = {Ending::finished, Ending::finished};
        for (const Tier tier : {Tier::literal, Tier::intended}) {
          EXPECT_EQ(explain(program, outcome, tier)->allowed,
                    *oracle.is_allowed(program, outcome, tier))
              << text << " " << a << b;
        }
      }
    }
  }
}

// The witness's order is that of the events' numbers.
TEST(Explain, AWitnessObeysTheTotalOrder) {
  const Explanation e = ask(testing::Compact::parse(kSb), "0:r0=1 1:r1=0");
  ASSERT_EQ(e.order.size(), 5u);  // 0 is the allocation; 1, 2 and 3, 4 are the threads
  const auto at = [&](unsigned event) {
    return std::find(e.order.begin(), e.order.end(), event) - e.order.begin();
  };
  EXPECT_LT(at(1), at(2));
  EXPECT_LT(at(3), at(4));
  EXPECT_LT(at(3), at(2));  // read 1
  EXPECT_LT(at(4), at(1));  // read 0
}

// The overwriting write with the longest way round is named.
TEST(Explain, AStaleReadNamesTheShortestPath) {
  const Explanation e = ask(testing::Compact::parse("W4 x 1 ; W4a y 1 || R4a r2 z ; R4a r0 y ; "
                                                    "R4 r1 x || W4 x 3 ; W4 w 1 ; W4a z 1"),
                            "1:r2=1 1:r0=1 1:r1=0");
  EXPECT_EQ(e.axiom, "HB3");
  EXPECT_EQ(e.edges.size(), 5u);
}

// An edge of a queue is called one of synchronising accesses; that of the ruling notify_zero is
// called an hb edge.
TEST(Explain, EdgesOfAQueueAreNamedAsSuch) {
  const auto count = [](const Explanation& e, const std::string& clause) {
    return std::count_if(e.edges.begin(), e.edges.end(),
                         [&](const ExplainedEdge& edge) { return edge.clause == clause; });
  };
  const Explanation woken =
      ask(testing::Compact::parse("WAIT r0 x 0 ; R4 r1 y || W4 y 1 ; NOTIFY r1 x 1"),
          "0:r0=0 0:r1=0 1:r1=1");
  EXPECT_EQ(woken.axiom, "HB3");
  EXPECT_EQ(count(woken, "queue order (suspensions)"), 1);
  const Explanation lost =
      ask(testing::Compact::parse("WAIT r0 x 0 || W4a x 1 ; NOTIFY r1 x 10"), "0:waiting");
  EXPECT_EQ(count(lost, "queue order, in tot only (ruling notify_zero)"), 1);
  EXPECT_EQ(count(lost, "queue order (suspensions)"), 0);
}

// Faults tried: the ends of an edge exchanged in JSON, in DOT, and (the arrow's head) in the
// drawing; two kinds of edges exchanged.
TEST(Explain, EveryFormHasTheSameEdges) {
  const Explanation e = ask(testing::Compact::parse(kSb), "0:r0=0 1:r1=0");
  ASSERT_EQ(e.edges.size(), 4u);
  const auto json = nlohmann::json::parse(explanation_json(e));
  const std::string dot = explanation_dot(e, "SB"), text = explanation_text(e),
                    svg = explanation_svg(e, "SB");
  // The boxes: events of threads in their order (the allocation is not part of the argument).
  std::vector<std::array<int, 4>> boxes = {{}};
  const std::regex rect("<rect x=\"(\\d+)\" y=\"(\\d+)\" width=\"(\\d+)\" height=\"(\\d+)\"");
  for (std::sregex_iterator m(svg.begin(), svg.end(), rect), end; m != end; ++m) {
    boxes.push_back(
        {std::stoi((*m)[1]), std::stoi((*m)[2]), std::stoi((*m)[3]), std::stoi((*m)[4])});
  }
  ASSERT_EQ(boxes.size(), e.events.size());
  const std::regex line(
      "<g class=\"([a-z-]+)\"><path d=\"M(\\d+) (\\d+)[^\"]*\"/><path d=\"M(\\d+) (\\d+)");
  std::sregex_iterator drawn(svg.begin(), svg.end(), line);
  const auto touches = [&](unsigned event, int x, int y) {
    const auto& [left, top, width, height] = boxes[event];
    return x >= left && x <= left + width && y >= top && y <= top + height;
  };
  for (size_t i = 0; i < e.edges.size(); ++i, ++drawn) {
    const ExplainedEdge& edge = e.edges[i];
    const bool tot = edge.kind == ExplainedEdge::Kind::tot;
    EXPECT_EQ(json["edges"][i]["from"], edge.from);
    EXPECT_EQ(json["edges"][i]["to"], edge.to);
    EXPECT_EQ(json["edges"][i]["kind"], tot ? "tot" : "program-order");
    EXPECT_NE(text.find(fmt::format("e{} -> e{}  {}\n", edge.from, edge.to, edge.clause)),
              std::string::npos);
    if (tot) {
      EXPECT_NE(dot.find(fmt::format("e{} -> e{} [color=orange", edge.from, edge.to)),
                std::string::npos);
    }
    ASSERT_NE(drawn, std::sregex_iterator());
    EXPECT_EQ((*drawn)[1], tot ? "tot" : "program-order");
    EXPECT_TRUE(touches(edge.from, std::stoi((*drawn)[2]), std::stoi((*drawn)[3]))) << i;
    EXPECT_TRUE(touches(edge.to, std::stoi((*drawn)[4]), std::stoi((*drawn)[5]))) << i;
  }
}

TEST(Explain, IsPrintedInEveryForm) {
  const Explanation e = ask(testing::Compact::parse(kSb), "0:r0=0 1:r1=0");
  const auto json = nlohmann::json::parse(explanation_json(e));
  EXPECT_EQ(json["axiom"], "SCLV");
  EXPECT_EQ(json["edges"].size(), 4u);
  const std::string dot = explanation_dot(e, "SB \"x\"");
  EXPECT_TRUE(dot.starts_with("digraph \"SB \\\"x\\\"\" {"));
  const std::string svg = explanation_svg(e, "SB <x>");
  EXPECT_NE(svg.find("SB &lt;x&gt;: forbidden in literal"), std::string::npos);
  EXPECT_EQ(svg.find("SB <x>"), std::string::npos);
  EXPECT_NE(explanation_text(e).find("forbidden in literal"), std::string::npos);
}

}  // namespace
}  // namespace weft::model
