// Bytes that carry no value of their own change nothing: every small program with values below 256
// has the same outcomes over one byte and over eight, in both readings of the axioms. Fault that
// this was seen to catch: lanes are not split where an RMW may lose a store.
#include "reference/model/lanes.h"

#include <gtest/gtest.h>

#include "reference/model/model.h"

namespace weft::model {
namespace {

using Kind = Operation::Kind;

struct Letter {
  Kind kind;
  Mode mode;
  uint64_t address;
  RmwOp op = RmwOp::exchange;
};

std::vector<Letter> alphabet() {
  std::vector<Letter> letters;
  for (const uint64_t address : {0, 64}) {
    for (const Mode mode : {Mode::plain, Mode::atomic}) {
      letters.push_back({Kind::load, mode, address});
      letters.push_back({Kind::store, mode, address});
    }
    letters.push_back({Kind::cmpxchg, Mode::atomic, address});
  }
  letters.push_back({Kind::rmw, Mode::atomic, 0});
  letters.push_back({Kind::rmw, Mode::atomic, 0, RmwOp::add});
  return letters;
}

Program program(const std::vector<const Letter*>& one, const std::vector<const Letter*>& two,
                uint8_t bytes) {
  Program p;
  p.memories = {{"memory", 1, 1}};
  const Shape whole{Type::i64, bytes, Mode::plain};
  p.init = {{whole, 0, 0, 0}, {whole, 0, 64, 0}};
  p.observe = {{"x", whole, 0, 0}};
  uint64_t value = 1;
  for (const auto* body : {&one, &two}) {
    Thread& thread = p.threads.emplace_back();
    for (const Letter* l : *body) {
      Operation op;
      op.kind = l->kind;
      op.op = l->op;
      op.shape = {Type::i64, bytes, l->mode};
      op.address.offset = l->address;
      op.value = Operand::constant(value++);
      op.expected = Operand::constant(0);
      if (l->kind != Kind::store) {
        op.dst = static_cast<uint32_t>(thread.registers.size());
        thread.registers.push_back({"r" + std::to_string(op.dst), Type::i64, false});
      }
      thread.body.push_back(op);
    }
  }
  return p;
}

TEST(Lanes, BytesWithoutAValueOfTheirOwnChangeNothing) {
  const std::vector<Letter> letters = alphabet();
  std::vector<std::vector<const Letter*>> bodies;
  for (const Letter& a : letters) {
    bodies.push_back({&a});
    for (const Letter& b : letters) bodies.push_back({&a, &b});
  }
  Oracle oracle;
  const Tiers tiers = tier_bit(Tier::literal) | tier_bit(Tier::intended);
  unsigned compared = 0;
  for (size_t i = 0; i < bodies.size(); ++i) {
    // Every third pair, a different third for each first body.
    for (size_t j = i + i % 3; j < bodies.size(); j += 3) {
      const Program narrow = program(bodies[i], bodies[j], 1);
      const auto one = oracle.allowed(narrow, tiers);
      const auto eight = oracle.allowed(program(bodies[i], bodies[j], 8), tiers);
      ASSERT_TRUE(one && eight);
      const OutcomeLayout layout(narrow);
      std::vector<std::string> texts[2];
      for (const auto* set : {&*one, &*eight}) {
        for (const AllowedOutcome& o : set->outcomes) {
          texts[set == &*eight].push_back(to_text(layout, o.outcome) +
                                          (o.tiers & tier_bit(Tier::intended) ? " intended" : ""));
        }
      }
      ++compared;
      ASSERT_EQ(texts[0], texts[1]) << "bodies " << i << " and " << j;
    }
  }
  EXPECT_GT(compared, 4'000u);
}

}  // namespace
}  // namespace weft::model
