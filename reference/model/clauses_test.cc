// Clauses of the model that no verdict of the table and no small random program decides: for each
// the smallest program that does. The fault before a test is the one that only it was seen to catch
// (tried in search.cc, leaf.cc, values.cc, lanes.cc, queue_order.cc, unroll.cc).
#include <gtest/gtest.h>

#include "reference/model/testing/ask.h"
#include "reference/model/testing/compact.h"

namespace weft::model {
namespace {

using testing::allowed;
using testing::Compact;
using testing::thin;

// HB3 not looked at again when hb grows: the reader stands in the first thread, so its source is
// chosen before the edge that overwrites it exists.
TEST(HappensBefore, ASourceIsOverwrittenByAnEdgeThatComesLater) {
  const Program program =
      Compact::parse("R4a r0 y ; R4a r1 x || R4a r0 z ; W4a y 1 || W4 x 1 ; W4a z 1");
  EXPECT_FALSE(allowed(program, "0:r0=1 0:r1=0 1:r0=1"));
  EXPECT_TRUE(allowed(program, "0:r0=1 0:r1=1 1:r0=1"));
}

// Wakes the oldest, but takes the youngest out of the queue.
// Who waited for 0 was queued before the store, so both are queued at the first notify.
TEST(Suspension, WhoWasWokenIsNoLongerQueued) {
  const Program program =
      Compact::parse("WAIT r0 x 0 || WAIT r0 x 0 || W4a x 1 ; NOTIFY r0 x 1 ; NOTIFY r1 x 1");
  EXPECT_TRUE(allowed(program, "0:r0=0 1:r0=0 2:r0=1 2:r1=1"));
  EXPECT_FALSE(allowed(program, "0:r0=0 1:waiting 2:r0=1 2:r1=1"));
}

// Queues told apart by address alone; `same`, `overlap` and `sync` that ignore the memory.
TEST(Memories, AreApart) {
  Program queues = Compact::parse("WAIT r0 x 0 || NOTIFY r0 x 1");
  queues.memories.push_back({"other", 1, 1});
  EXPECT_TRUE(allowed(queues, "0:r0=0 1:r0=1"));
  queues.threads[1].body[0].address.memory = 1;
  EXPECT_FALSE(allowed(queues, "1:r0=1"));
  EXPECT_TRUE(allowed(queues, "0:waiting 1:r0=0"));

  // The order of one queue would order the data around it.
  Program fence =
      Compact::parse("W4 x 1 ; NOTIFY r0 z 0 ; R4 r1 y || W4 y 1 ; NOTIFY r0 z 0 ; R4 r1 x");
  fence.memories.push_back({"other", 1, 1});
  EXPECT_FALSE(allowed(fence, "0:r1=0 1:r1=0", Tier::intended));
  fence.threads[1].body[1].address.memory = 1;
  EXPECT_TRUE(allowed(fence, "0:r1=0 1:r1=0", Tier::intended));

  // An RMW of the same bytes of another memory synchronises with nothing, and reads its own.
  Program rmw = Compact::parse("W4 x 1 ; U4 + r0 z 1 ; R4 r1 y || W4 y 1 ; U4 + r0 z 1 ; R4 r1 x");
  rmw.memories.push_back({"other", 1, 1});
  EXPECT_FALSE(allowed(rmw, "0:r1=0 1:r1=0"));
  EXPECT_FALSE(allowed(rmw, "0:r0=0 1:r0=0"));
  rmw.threads[1].body[1].address.memory = 1;
  EXPECT_TRUE(allowed(rmw, "0:r0=0 0:r1=0 1:r0=0 1:r1=0"));
  EXPECT_FALSE(allowed(rmw, "1:r0=1"));

  // A grow of one memory lets no access of the other one in.
  Program grow = Compact::parse("GROW r0 1 || R4 r0 65536");
  grow.memories.push_back({"other", 1, 2});
  EXPECT_TRUE(allowed(grow, "0:r0=1 1:r0=0"));
  grow.threads[1].body[0].address.memory = 1;
  EXPECT_FALSE(allowed(grow, "1:r0=0"));
}

// A bounds check that passes is no reason; neither is the source of the length that it read.
TEST(ThinAir, ThroughABoundsCheck) {
  EXPECT_TRUE(thin(Compact::parse("R4 r0 65536 ; W4 y 1 || R4 r0 y ; IF r0 1 ; GROW r1 1"),
                   "0:r0=0 1:r0=1 1:r1=1"));
}

// A woken waiter needs no notify that happened for a reason.
TEST(ThinAir, ThroughAWakeUp) {
  EXPECT_TRUE(thin(Compact::parse("WAIT r0 x 0 ; W4 y 1 || R4 r0 y ; IF r0 1 ; W4 z 1 || "
                                  "R4 r0 z ; IF r0 1 ; NOTIFY r1 x 1"),
                   "0:r0=0 1:r0=1 2:r0=1 2:r1=1"));
}

// A notify that woke somebody needs no waiter that came for a reason.
TEST(ThinAir, ThroughTheCountOfANotify) {
  EXPECT_TRUE(
      thin(Compact::parse("R4 r0 y ; IF r0 1 ; WAIT r1 x 0 || NOTIFY r0 x 1 ; IF r0 1 ; W4 z 1 || "
                          "R4 r0 z ; IF r0 1 ; W4 y 1"),
           "0:r0=1 0:r1=0 1:r0=1 2:r0=1"));
}

// The write of a compare-exchange needs no reason to succeed.
TEST(ThinAir, ThroughTheSuccessOfACompareExchange) {
  EXPECT_TRUE(thin(Compact::parse("C4 r0 x 1 2 || R4 r0 x ; IF r0 2 ; W4 x 1"), "0:r0=1 1:r0=2"));
}

// Everything behind an `if` depends on its condition, past where its two parts meet.
TEST(ThinAir, ABranchEndsWhereItsPartsMeet) {
  Program program = Compact::parse("R4 r0 x ; IF r0 1 ; R4 r1 z || R4 r0 y ; W4 x r0");
  std::vector<Operation>& body = program.threads[0].body;
  Operation store = program.threads[1].body[1];
  store.address.offset = 64;  // y
  store.value = Operand::constant(1);
  body.push_back(store);
  EXPECT_FALSE(thin(program, "0:r0=1 1:r0=1"));
  body.pop_back();
  body.back().then_body.push_back(store);
  EXPECT_TRUE(thin(program, "0:r0=1 1:r0=1"));
}

// Two reads after the join choose their own mix of the bytes of two writes.
TEST(Intended, AMixOfBytesIsStableAfterAJoin) {
  const Program program =
      Compact::parse("W8 x 0x101010101010101 || W8 x 0x202020202020202", "", "R8 f x ; R8 g x");
  const std::string torn = "[f]=72340172838076929 [g]=72340172838076674";  // 0x..0201, 0x..0102
  EXPECT_TRUE(allowed(program, torn));
  Oracle oracle;
  const auto set = oracle.allowed(program, tier_bit(Tier::intended));
  ASSERT_TRUE(set);
  EXPECT_EQ(set->outcomes.size(), 256u);
  for (const AllowedOutcome& o : set->outcomes) EXPECT_EQ(o.outcome.values[0], o.outcome.values[1]);
}

// The zeros of a grow count as torn bytes in `intended` too.
TEST(Intended, NoReadMixesZerosOfAGrowWithAWrite) {
  const Program program = Compact::parse("GROW r0 1 || W2 65536 0x0101 || R2 r0 65536");
  EXPECT_TRUE(allowed(program, "2:r0=1"));
  EXPECT_FALSE(allowed(program, "2:r0=1", Tier::intended));
  EXPECT_TRUE(allowed(program, "2:r0=257", Tier::intended));
  EXPECT_TRUE(allowed(program, "2:r0=0", Tier::intended));
}

// The rule on lost stores looked at the lane as a whole, not at its bytes.
TEST(Intended, AStoreIsLostByteByByte) {
  // The RMW found the store's lowest byte only; the others it did not overwrite.
  const Program program =
      Compact::parse("U8 + r0 x 1 || W8 x 0x202020202020202", "W8 x 0", "R8 f x");
  EXPECT_TRUE(allowed(program, "0:r0=2 [f]=144680345676153347", Tier::intended));
  EXPECT_FALSE(allowed(program, "0:r0=0 [f]=1", Tier::intended));
  EXPECT_TRUE(allowed(program, "0:r0=0 [f]=1"));
}

// Bytes on which the writers disagree kept in one lane: the RMW would find all or nothing of the
// store.
TEST(Intended, BytesThatDisagreeAreChosenApart) {
  const Program program =
      Compact::parse("U8 x r0 x 1 || W8 x 0x202020202020202", "W8 x 0", "R8 f x");
  EXPECT_TRUE(allowed(program, "0:r0=2 [f]=144680345676153345", Tier::intended));
  // Bytes 0 and 2 of the store are found, byte 1 between them is not.
  EXPECT_TRUE(allowed(program, "0:r0=131074 [f]=144680345676022273", Tier::intended));
}

// A failed grow that reads the length unordered.
TEST(Grow, AFailedOneReadsTheLengthSequentiallyConsistently) {
  const Program program =
      Compact::parse("GROW r0 1 ; R4a r1 y || W4a y 1 ; GROW r0 9 ; R4 r1 65536");
  EXPECT_FALSE(allowed(program, "0:r0=1 0:r1=0 1:r0=0xffffffff 1:trap"));
  EXPECT_TRUE(allowed(program, "0:r0=1 0:r1=1 1:r0=0xffffffff 1:trap"));
  EXPECT_TRUE(allowed(program, "0:r0=1 0:r1=0 1:r0=0xffffffff 1:r1=0"));
}

// The check of a later byte forgotten in `literal`, kept in `intended`. The first bytes lie in the
// old page, where no zeros of the grow order them.
TEST(BulkBounds, OnlyLiteralTrapsInTheMiddle) {
  const Program program =
      Compact::parse("GROW r0 1 || FILL 65534 7 4", "", "R1 f 65534 ; R1 g 65535");
  EXPECT_TRUE(allowed(program, "[f]=7 [g]=0 1:trap"));
  EXPECT_FALSE(allowed(program, "[f]=7 1:trap", Tier::intended));
  EXPECT_TRUE(allowed(program, "[f]=0 1:trap", Tier::intended));
}

// The last step of a fill, that with no byte left, checks nothing; a copy's does not.
TEST(BulkBounds, TheLastStepOfAFillIsChecked) {
  EXPECT_TRUE(
      allowed(Compact::parse("GROW r0 1 || FILL 65535 7 2 || R1 r0 65536"), "1:trap 2:r0=7"));
  EXPECT_FALSE(allowed(Compact::parse("GROW r0 1 || COPY 65535 x 2 || R1 r0 65536", "W4 x 0x0707"),
                       "1:trap 2:r0=7"));
}

// A copy checks its destination only.
TEST(BulkBounds, ACopyChecksItsSource) {
  EXPECT_TRUE(allowed(Compact::parse("GROW r0 1 || COPY x 65536 1"), "0:r0=1 1:trap"));
  EXPECT_TRUE(allowed(Compact::parse("GROW r0 1 || COPY x 65536 1"), "0:r0=1 1:end"));
  EXPECT_FALSE(allowed(Compact::parse("W4 x 1 || COPY x 65536 1"), "1:end"));
}

// The bytes of a fill synchronise.
TEST(Bulk, ItsBytesAreUnordered) {
  EXPECT_TRUE(
      allowed(Compact::parse("W4 x 1 ; FILL y 1 1 || R1a r0 y ; R4 r1 x"), "1:r0=1 1:r1=0"));
}

// An unaligned wait or notify goes on.
TEST(Alignment, WaitAndNotifyTrap) {
  EXPECT_TRUE(allowed(Compact::parse("WAITT r0 x+2 0"), "0:trap"));
  EXPECT_FALSE(allowed(Compact::parse("WAITT r0 x+2 0"), "0:r0=2"));
  EXPECT_TRUE(allowed(Compact::parse("NOTIFY r0 x+2 1"), "0:trap"));
  EXPECT_FALSE(allowed(Compact::parse("NOTIFY r0 x+2 1"), "0:r0=0"));
}

// Values keep more bits than their operation takes: what is expected, a notify's count, a
// condition.
TEST(Widths, OperandsAreWrapped) {
  EXPECT_TRUE(allowed(Compact::parse("C1 r0 x 0x100 7", "", "R1 f x"), "0:r0=0 [f]=7"));
  EXPECT_FALSE(allowed(Compact::parse("C1 r0 x 0x100 7", "", "R1 f x"), "[f]=0"));

  Program notify = Compact::parse("WAIT r0 x 0 || WAIT r0 x 0 || NOTIFY r0 x 1");
  notify.threads[2].body[0].value.terms.push_back({Term::Op::add, false, 0, 0x100000000});
  EXPECT_FALSE(allowed(notify, "2:r0=2"));
  EXPECT_TRUE(allowed(notify, "2:r0=1"));

  Program branch = Compact::parse("R4 r0 x ; IF r0 0 ; W4 y 1", "W4 x 1", "R4 f y");
  branch.threads[0].body[1].left.terms.push_back({Term::Op::add, false, 0, 0xffffffff});
  for (const Tier tier : {Tier::literal, Tier::sc, Tier::tso}) {
    EXPECT_TRUE(allowed(branch, "0:r0=1 [f]=1", tier));
    EXPECT_FALSE(allowed(branch, "[f]=0", tier));
  }
}

// The interleaver lets no timed wait end; it copies upwards always.
TEST(Sc, TimeoutsAndCopiesDownwards) {
  const Program wait = Compact::parse("WAITT r0 x 0 || NOTIFY r0 x 1");
  EXPECT_TRUE(allowed(wait, "0:r0=2 1:r0=0", Tier::sc));
  EXPECT_TRUE(allowed(wait, "0:r0=0 1:r0=1", Tier::sc));
  EXPECT_FALSE(allowed(wait, "0:r0=2 1:r0=1", Tier::sc));
  for (const Tier tier : {Tier::sc, Tier::tso}) {
    const Program copy = Compact::parse("COPY x+1 x 3", "W4 x 0x04030201", "R4 f x");
    EXPECT_TRUE(allowed(copy, "[f]=0x03020101", tier));
    EXPECT_FALSE(allowed(copy, "[f]=0x01010101", tier));
  }
}

// Clause (1) of SC-last-visible asked of a write that does not synchronise with the read: T0's
// plain store is before the SC store of T1 in tot (it did not see z), and that one before the read.
TEST(ScLastVisible, ItsFirstClauseIsOfSynchronisingPairsOnly) {
  EXPECT_TRUE(allowed(Compact::parse("W4 x 1 ; R4a r0 z ; R4a r1 y ; R4a r2 x || "
                                     "W4a z 1 ; W4a x 2 ; W4a y 1"),
                      "0:r0=0 0:r1=1 0:r2=1"));
  EXPECT_FALSE(allowed(Compact::parse("W4a x 1 ; R4a r0 z ; R4a r1 y ; R4a r2 x || "
                                      "W4a z 1 ; W4a x 2 ; W4a y 1"),
                       "0:r0=0 0:r1=1 0:r2=1"));
}

// A trap on a length that is just enough.
TEST(Grow, ALengthThatIsJustEnoughDoesNotTrap) {
  const char* text = "GROW r0 1 ; W4a y 1 || R4a r0 y ; R4 r1 131068";
  EXPECT_FALSE(allowed(Compact::parse(text), "0:r0=1 1:r0=1 1:trap"));
  EXPECT_TRUE(allowed(Compact::parse(text), "0:r0=1 1:r0=1 1:r1=0"));
  EXPECT_TRUE(allowed(Compact::parse(text), "0:r0=1 1:r0=0 1:trap"));
}

// i64.load32 tears as i64.load does.
TEST(Widths, ANarrowLoadOfAWideRegisterDoesNotTear) {
  Program program = Compact::parse("W4 x 0x01010101 || R8 r0 x", "W4 x 0x02020202");
  program.threads[1].body[0].shape.bytes = 4;
  EXPECT_FALSE(allowed(program, "1:r0=0x02020101"));
  EXPECT_TRUE(allowed(program, "1:r0=0x01010101"));
}

// A store of another range counts as lost to the RMW.
TEST(Intended, OnlyAStoreOfTheRmwsRangeIsNotLost) {
  EXPECT_TRUE(allowed(Compact::parse("U4 + r0 x 1 || W1 x 2", "W4 x 0", "R4 f x"), "0:r0=0 [f]=1",
                      Tier::intended));
  EXPECT_FALSE(allowed(Compact::parse("U4 + r0 x 1 || W4 x 2", "W4 x 0", "R4 f x"), "0:r0=0 [f]=1",
                       Tier::intended));
}

// The chain of RMWs is followed for one of them only.
TEST(Intended, AStoreIsNotLostToAChainOfRmws) {
  const Program program =
      Compact::parse("U4 + r0 x 1 || U4 + r0 x 1 || W4 x 8", "W4 x 0", "R4 f x");
  EXPECT_TRUE(allowed(program, "0:r0=0 1:r0=1 [f]=2"));
  EXPECT_FALSE(allowed(program, "0:r0=0 1:r0=1 [f]=2", Tier::intended));
  EXPECT_TRUE(allowed(program, "0:r0=8 1:r0=9 [f]=10", Tier::intended));
}

// An outcome that was found out of thin air first stays marked; or is not looked at again.
TEST(ThinAir, AnOutcomeThatIsAlsoReachedOtherwiseIsNone) {
  const Program program =
      Compact::parse("R4 r0 x ; IF r0 1 ; W4 y 1 || R4 r0 y ; IF r0 1 ; W4 x 1 || W4 x 1");
  const auto set = Oracle().allowed(program, tier_bit(Tier::literal));
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_EQ(set->outcomes.size(), 3u);
  for (const AllowedOutcome& o : set->outcomes) {
    EXPECT_FALSE(o.thin_air) << to_text(OutcomeLayout(program), o.outcome);
  }
}

// A load takes the oldest of the thread's buffered stores.
TEST(Tso, ALoadTakesTheYoungestBufferedStore) {
  const Program program = Compact::parse("W4 x 1 ; W4 x 2 ; R4 r0 x");
  EXPECT_TRUE(allowed(program, "0:r0=2", Tier::tso));
  EXPECT_FALSE(allowed(program, "0:r0=1", Tier::tso));
}

}  // namespace
}  // namespace weft::model
