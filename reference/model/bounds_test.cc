// Programs beyond the bounds are refused with the bound that they break; bulk operations are their
// bytes; loads extend as their type says.
#include <gtest/gtest.h>

#include "reference/model/model.h"
#include "reference/model/testing/compact.h"

namespace weft::model {
namespace {

using testing::Compact;

std::string refusal(const Program& program) {
  Oracle oracle;
  const auto set = oracle.allowed(program);
  return set ? "not refused" : set.error().message;
}

std::vector<std::string> outcomes(const Program& program, Tier tier) {
  Oracle oracle;
  const auto set = oracle.allowed(program, tier_bit(tier));
  const OutcomeLayout layout(program);
  std::vector<std::string> texts;
  EXPECT_TRUE(set) << set.error().message;
  for (const AllowedOutcome& o : set->outcomes) texts.push_back(to_text(layout, o.outcome));
  return texts;
}

bool contains(const std::vector<std::string>& texts, const std::string& text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

TEST(Bounds, EachRefusalNamesItsBound) {
  Program many = Compact::parse("W4 x 1");
  for (int i = 0; i < 80; ++i) many.threads[0].body.push_back(many.threads[0].body[0]);
  EXPECT_EQ(refusal(many), "more than 64 events in one execution; the model takes at most 64");

  Program threads = Compact::parse("W4 x 1");
  threads.threads.resize(17);
  EXPECT_EQ(refusal(threads), "17 threads; the model takes at most 16");

  Program registers = Compact::parse("R4 r0 x");
  registers.threads[0].registers.resize(65);
  EXPECT_EQ(refusal(registers), "thread 0: 65 registers; the model takes at most 64");

  Program address = Compact::parse("R4 r0 x ; R4 r1 y");
  address.threads[0].body[1].address.operand = Operand::of_register(0);
  EXPECT_EQ(refusal(address),
            "thread 0: an address that depends on a value read; the model takes constant addresses "
            "(`r ^ r` may stand in them)");
  address.threads[0].body[1].address.operand.terms.push_back({Term::Op::exclusive_or, true, 0, 0});
  EXPECT_EQ(refusal(address), "not refused");

  EXPECT_EQ(refusal(Compact::parse("FILL x 1 33")),
            "thread 0, operation 1: 33 bytes; the model takes at most 32 in one bulk operation");

  Program outside = Compact::parse("W4 x 1");
  outside.observe = {{"far", {}, 0, 65534}};
  EXPECT_EQ(refusal(outside), "observe far: address 65534 lies outside the initial memory");

  Program width = Compact::parse("W4 x 1");
  width.threads[0].body[0].shape.bytes = 3;
  EXPECT_EQ(refusal(width), "thread 0, operation 1: an access of 3 bytes has no such type");
}

TEST(Bounds, ACycleOfValuesThatIsNoCopyIsSolvedOrRefused) {
  // Over one byte it is solved: no v is v + 1 + 1.
  EXPECT_EQ(
      outcomes(Compact::parse("R1 r0 x ; W1 y r0+1 || R1 r1 y ; W1 x r1+1"), Tier::literal).size(),
      3u);
  EXPECT_NE(refusal(Compact::parse("R4 r0 x ; W4 y r0+1 || R4 r1 y ; W4 x r1+1"))
                .find("a cycle of values over more than 2 bytes"),
            std::string::npos);
}

TEST(Bulk, FillAndCopyAreTheirBytes) {
  for (const Tier tier : {Tier::literal, Tier::intended, Tier::tso, Tier::sc}) {
    EXPECT_EQ(outcomes(Compact::parse("FILL x 1 2 || R2a r0 x", "W2a x 0"), tier),
              outcomes(Compact::parse("W1 x 1 ; W1 x+1 1 || R2a r0 x", "W2a x 0"), tier));
  }
  // Overlapping copies move as if at once: ascending, or descending where the source is below.
  for (const char* copy : {"COPY x+1 x 3", "COPY x x+1 3"}) {
    const bool up = copy[6] == '+';
    EXPECT_EQ(outcomes(Compact::parse(copy, "W4 x 0x04030201", "R4 f x"), Tier::literal),
              (std::vector<std::string>{up ? "[f]=50462977" : "[f]=67371778"}));
  }
}

TEST(Bulk, ARacyGrowMayTrapItInTheMiddleInLiteralOnly) {
  // The fill starts inside the new page; each step reads the length again, unordered.
  const Program program = Compact::parse("GROW r0 1 || FILL 65536 1 2 ; R1 r1 65536", "", "R1 f x");
  const auto literal = outcomes(program, Tier::literal), meant = outcomes(program, Tier::intended);
  EXPECT_TRUE(contains(literal, "0:r0=1 [f]=0 1:trap"));
  const Program seen =
      Compact::parse("GROW r0 1 ; W4a y 1 ; R4a r2 z ; R1 r1 65536 || FILL 65536 7 2 ; W4a z 1");
  const auto torn = outcomes(seen, Tier::literal), whole = outcomes(seen, Tier::intended);
  const std::string middle = "0:r0=1 0:r2=0 0:r1=7 1:trap";
  EXPECT_TRUE(contains(torn, middle));
  EXPECT_FALSE(contains(whole, middle));
  for (const std::string& o : meant) EXPECT_TRUE(contains(literal, o)) << o;
}

TEST(Bulk, OutOfBoundsTrapsBeforeTheFirstByte) {
  const Program program = Compact::parse("FILL 196604 1 8 || R4 r0 x");
  EXPECT_EQ(outcomes(program, Tier::literal), (std::vector<std::string>{"1:r0=0 0:trap"}));
}

TEST(Loads, ExtendTheSignOrNot) {
  Program program = Compact::parse("W1 x 0x80 ; R1 r0 x ; R1 r1 x");
  program.threads[0].body[2].shape.sign_extend = true;
  for (const Tier tier : {Tier::literal, Tier::sc, Tier::tso}) {
    EXPECT_EQ(outcomes(program, tier), (std::vector<std::string>{"0:r0=128 0:r1=4294967168"}));
  }
}

}  // namespace
}  // namespace weft::model
