// Faults that these tests catch: membership asked of the wrong tier, a twin's rate not scaled to
// the iterations, a histogram without its end line taken for whole.
#include "results/litmus.h"

#include <gtest/gtest.h>

namespace weft::results {
namespace {

std::shared_ptr<LitmusCase> make(const std::string& text, const std::string& twin = "") {
  suite::Test test;
  test.header.kind = suite::Kind::kLitmus;
  test.header.twin = twin.empty() ? "" : "twin";
  test.litmus = text;
  test.twin_litmus = twin;
  auto made = LitmusCase::make(test);
  EXPECT_TRUE(made.has_value()) << (made ? "" : made.error().message);
  return made ? *made : nullptr;
}

constexpr char kAtomic[] =
    "litmus SB+aa\nthread 0\n  i32.atomic.store x 1\n  r0 = i32.atomic.load y\n"
    "thread 1\n  i32.atomic.store y 1\n  r1 = i32.atomic.load x\nforbid 0:r0=0 1:r1=0\n";
constexpr char kPlain[] =
    "litmus SB+nn\nthread 0\n  i32.store x 1\n  r0 = i32.load y\n"
    "thread 1\n  i32.store y 1\n  r1 = i32.load x\nallow 0:r0=0 1:r1=0\n";

LitmusSeen seen_of(const std::string& out) {
  runners::Observation run;
  run.out = out;
  LitmusSeen seen;
  add_run(seen, run);
  return seen;
}

// Fault: an outcome outside the literal tier is passed over.
TEST(LitmusJudge, AForbiddenOutcomeFailsWithItsAxiom) {
  auto test = make(kAtomic, kPlain);
  const LitmusJudgement judged = judge_litmus(
      *test, seen_of("weft-hist 9 0:r0=0 1:r1=1\nweft-hist 1 0:r0=0 1:r1=0\nweft-hist-end 10 0\n"),
      nullptr);
  EXPECT_EQ(judged.verdict, Verdict::kFail);
  EXPECT_NE(judged.reason.find("0:r0=0 1:r1=0 (1 of 10"), std::string::npos) << judged.reason;
  EXPECT_EQ(judged.clause, "SCLV");
}

// Fault: one hit less is enough.
TEST(LitmusJudge, WithoutHitsOfTheTwinNothingIsProven) {
  auto test = make(kAtomic, kPlain);
  ASSERT_TRUE(test->twin() != nullptr);
  const std::string out = "weft-hist 1000 0:r0=0 1:r1=1\nweft-hist-end 1000 0\n";
  LitmusCase::Tuned twin{0, 11, 1000};
  EXPECT_EQ(judge_litmus(*test, seen_of(out), &twin).verdict, Verdict::kInsufficient);
  twin.hits = 12;
  EXPECT_EQ(judge_litmus(*test, seen_of(out), &twin).verdict, Verdict::kPass);
}

// Fault tried: only `forbid` wants evidence, so that a fence test passes where nothing could show.
TEST(LitmusJudge, ATwinIsWantedOfWhatOnlyTheLetterAllowsToo) {
  const std::string fences =
      "litmus SB\nthread 0\n  i32.store x 1\n  atomic.fence\n  r0 = i32.load y\n"
      "thread 1\n  i32.store y 1\n  atomic.fence\n  r1 = i32.load x\nallow 0:r0=0 1:r1=0\n";
  EXPECT_FALSE(make(fences)->decides());
  auto test = make(fences, kPlain);
  EXPECT_TRUE(test->decides());
  EXPECT_FALSE(make(kPlain, kPlain)->decides());
  const LitmusCase::Tuned twin{0, 11, 1000};
  const LitmusSeen seen = seen_of("weft-hist 1000 0:r0=0 1:r1=1\nweft-hist-end 1000 0\n");
  EXPECT_EQ(judge_litmus(*test, seen, &twin).verdict, Verdict::kInsufficient);
}

// Fault: the cover is not looked at.
TEST(LitmusJudge, WithoutATwinTheInterleavingsMustHaveBeenSeen) {
  auto test = make(kAtomic);
  EXPECT_EQ(judge_litmus(*test, seen_of("weft-hist 5 0:r0=0 1:r1=1\nweft-hist-end 5 0\n"), nullptr)
                .verdict,
            Verdict::kInsufficient);
  const LitmusJudgement all = judge_litmus(
      *test,
      seen_of("weft-hist 5 0:r0=0 1:r1=1\nweft-hist 5 0:r0=1 1:r1=0\nweft-hist 5 0:r0=1 1:r1=1\n"
              "weft-hist-end 15 0\n"),
      nullptr);
  EXPECT_EQ(all.verdict, Verdict::kPass);
  EXPECT_EQ(all.evidence["kind"], "interleaving");
}

// Fault: an outcome outside the tier sc is not remembered.
TEST(LitmusJudge, AWeakAllowedOutcomeIsInteresting) {
  auto test = make(kPlain);
  EXPECT_EQ(judge_litmus(*test, seen_of("weft-hist 5 0:r0=0 1:r1=0\nweft-hist-end 5 0\n"), nullptr)
                .verdict,
            Verdict::kInteresting);
}

// Outside `intended` only. Thin air and the edges of a notify that woke nobody are the grave ones.
// Faults tried: one severity for all; the last outcome reported although an earlier one is graver.
TEST(LitmusJudge, OutsideTheIntendedTierDivergesWithASeverity) {
  const auto judge = [](const std::string& text, const std::string& outcomes) {
    return judge_litmus(*make(text), seen_of(outcomes + "weft-hist-end 10 0\n"), nullptr);
  };
  const std::string x = "thread 0\n  i32.store x 1\n  ", y = "thread 1\n  i32.store y 1\n  ";
  const std::string loads[] = {"  r0 = i32.load y\n", "  r1 = i32.load x\n"};
  const std::string weak = "weft-hist 10 0:r0=0 1:r1=0\n";
  const LitmusJudgement fences =
      judge("litmus a\n" + x + "atomic.fence\n" + loads[0] + y + "atomic.fence\n" + loads[1], weak);
  EXPECT_EQ(fences.verdict, Verdict::kDiverges);
  EXPECT_EQ(fences.severity, "low");
  const LitmusJudgement lost = judge(
      "litmus b\nthread 0\n  r0 = i32.atomic.rmw.add x 1\nthread 1\n  i32.store x 10\nobserve i32 "
      "x\n",
      "weft-hist 10 0:r0=0 [x]=1\n");
  EXPECT_EQ(lost.clause, "lost-store");
  EXPECT_EQ(lost.severity, "low");
  const std::string notify = "_ = memory.atomic.notify z 1\n";
  EXPECT_EQ(judge("litmus c\n" + x + notify + loads[0] + y + notify + loads[1], weak).severity,
            "high");
  const LitmusJudgement air = judge(
      "litmus d\nthread 0\n  r0 = i32.load x\n  if r0 == 1 {\n    i32.store y 1\n  }\n"
      "thread 1\n  r1 = i32.load y\n  if r1 == 1 {\n    i32.store x 1\n  }\n",
      "weft-hist 10 0:r0=1 1:r1=1\n");
  EXPECT_EQ(air.clause, "thin-air");
  EXPECT_EQ(air.severity, "high");
  // Of several outcomes the gravest is told, wherever it stands.
  const LitmusJudgement both = judge(
      "litmus e\ninit i32 z=5\nthread 0\n  r0 = i32.atomic.rmw.add z 1\n"
      "thread 1\n  r1 = i32.load8_u x\n  i32.store8 y r1\n"
      "thread 2\n  r2 = i32.load8_u y\n  i32.store8 x r2\nthread 3\n  i32.store z 1\n"
      "observe i32 z\n",
      "weft-hist 5 0:r0=1 1:r1=7 2:r2=7 [z]=2\nweft-hist 5 0:r0=5 1:r1=0 2:r2=0 [z]=6\n");
  EXPECT_EQ(both.severity, "high");
  EXPECT_EQ(both.clause, "thin-air");
}

// Faults: a missing end, an outcome that cannot be read, an overflow, or a sum that is not the
// number of iterations is passed over.
TEST(LitmusJudge, ABrokenHistogramIsOurFault) {
  auto test = make(kAtomic);
  for (const char* out : {"weft-hist 5 0:r0=0 1:r1=1\n", "weft-hist 5 0:r9=0\nweft-hist-end 5 0\n",
                          "weft-hist 4 0:r0=0 1:r1=1\nweft-hist-end 5 1\n",
                          "weft-hist 4 0:r0=0 1:r1=1\nweft-hist-end 5 0\n"}) {
    EXPECT_EQ(judge_litmus(*test, seen_of(out), nullptr).verdict, Verdict::kHarnessError) << out;
  }
}

}  // namespace
}  // namespace weft::results
