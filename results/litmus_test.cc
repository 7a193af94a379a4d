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

TEST(LitmusJudge, AForbiddenOutcomeFailsWithItsAxiom) {
  auto test = make(kAtomic, kPlain);
  const LitmusJudgement judged = judge_litmus(
      *test, seen_of("weft-hist 9 0:r0=0 1:r1=1\nweft-hist 1 0:r0=0 1:r1=0\nweft-hist-end 10 0\n"),
      nullptr);
  EXPECT_EQ(judged.verdict, Verdict::kFail);
  EXPECT_NE(judged.reason.find("0:r0=0 1:r1=0 (1 of 10"), std::string::npos) << judged.reason;
  EXPECT_EQ(judged.clause, "SCLV");
}

TEST(LitmusJudge, WithoutHitsOfTheTwinNothingIsProven) {
  auto test = make(kAtomic, kPlain);
  ASSERT_TRUE(test->twin() != nullptr);
  const std::string out = "weft-hist 1000 0:r0=0 1:r1=1\nweft-hist-end 1000 0\n";
  LitmusCase::Tuned twin{0, 11, 1000};
  EXPECT_EQ(judge_litmus(*test, seen_of(out), &twin).verdict, Verdict::kInsufficient);
  twin.hits = 12;
  EXPECT_EQ(judge_litmus(*test, seen_of(out), &twin).verdict, Verdict::kPass);
}

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

TEST(LitmusJudge, AWeakAllowedOutcomeIsInteresting) {
  auto test = make(kPlain);
  EXPECT_EQ(judge_litmus(*test, seen_of("weft-hist 5 0:r0=0 1:r1=0\nweft-hist-end 5 0\n"), nullptr)
                .verdict,
            Verdict::kInteresting);
}

TEST(LitmusJudge, ABrokenHistogramIsOurFault) {
  auto test = make(kAtomic);
  for (const char* out : {"weft-hist 5 0:r0=0 1:r1=1\n", "weft-hist 5 0:r9=0\nweft-hist-end 5 0\n",
                          "weft-hist 5 0:r0=0 1:r1=1\nweft-hist-end 5 1\n"}) {
    EXPECT_EQ(judge_litmus(*test, seen_of(out), nullptr).verdict, Verdict::kHarnessError) << out;
  }
}

}  // namespace
}  // namespace weft::results
