// Programs without a data race have sequentially consistent outcomes only (but for thin air): every
// interleaving is run here with clocks, apart from the oracle's own interleaver. Accesses of
// unequal ranges that overlap race even if both are SC.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "reference/model/event.h"
#include "reference/model/model.h"
#include "reference/model/relation.h"

namespace weft::model {
namespace {

using Kind = Operation::Kind;

// A run of straight-line code: happens-before as the set of earlier steps that each step follows.
struct Step {
  unsigned thread;
  Access access;  // a failed compare-exchange reads
  uint64_t before;
};

struct Run {
  std::vector<size_t> pc;
  std::vector<Step> steps;
  std::map<uint64_t, std::pair<uint8_t, int>> bytes;  // value, and the step that wrote it
};

class Races {
 public:
  explicit Races(const Program& program) : program_(program) {
    Run run;
    run.pc.assign(program.threads.size(), 0);
    visit(run);
  }
  bool found() const { return found_; }

 private:
  void visit(const Run& run) {
    for (unsigned t = 0; t < program_.threads.size() && !found_; ++t) {
      if (run.pc[t] == program_.threads[t].body.size()) continue;
      Run next = run;
      perform(next, t, program_.threads[t].body[next.pc[t]++]);
      visit(next);
    }
  }

  void perform(Run& run, unsigned t, const Operation& op) {
    Access a{Act::read,
             op.shape.mode == Mode::atomic ? Order::seqcst : Order::unordered,
             false,
             0,
             op.address.offset,
             op.shape.bytes};
    const int index = static_cast<int>(run.steps.size());
    uint64_t before = 0, old = 0;
    for (int i = 0; i < index; ++i) {
      if (run.steps[i].thread == t) before |= run.steps[i].before | bit(i);
    }
    const bool reads = op.kind != Kind::store;
    for (uint64_t k = 0; k < a.size; ++k) {
      const auto& [value, writer] = run.bytes.try_emplace(a.offset + k, 0, -1).first->second;
      old |= uint64_t{value} << (8 * k);
      if (reads && writer >= 0 && sync(run.steps[writer].access, a)) {
        before |= run.steps[writer].before | bit(writer);
      }
    }
    bool writes = op.kind == Kind::store || op.kind == Kind::rmw;
    uint64_t value = op.value.terms[0].constant;
    if (op.kind == Kind::rmw) value += old;
    if (op.kind == Kind::cmpxchg) writes = old == op.expected.terms[0].constant;
    a.act = !writes ? Act::read : reads ? Act::rmw : Act::write;
    for (int i = 0; i < index; ++i) {
      const Access& other = run.steps[i].access;
      if (overlap(a, other) && (a.writes() || other.writes()) && !sync(a, other) &&
          !has(before, i)) {
        found_ = true;
      }
    }
    run.steps.push_back({t, a, before});
    for (uint64_t k = 0; writes && k < a.size; ++k) {
      run.bytes[a.offset + k] = {static_cast<uint8_t>(value >> (8 * k)), index};
    }
  }

  const Program& program_;
  bool found_ = false;
};

// Mostly SC accesses of one width, so that a good part is free of races.
Program random_program(std::mt19937& random) {
  const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  Program program;
  program.memories = {{"memory", 1, 1}};
  program.threads.resize(2 + below(2));
  const unsigned operations = 2 + below(4);
  for (unsigned i = 0; i < operations; ++i) {
    Thread& thread = program.threads[below(static_cast<unsigned>(program.threads.size()))];
    Operation op;
    constexpr Kind kKinds[] = {Kind::load,  Kind::store, Kind::load,
                               Kind::store, Kind::rmw,   Kind::cmpxchg};
    op.kind = kKinds[below(6)];
    op.shape.bytes = below(8) == 0 ? 2 : 1;
    op.address.offset = 8 * below(3);
    const bool plain = below(3) == 0 && (op.kind == Kind::load || op.kind == Kind::store);
    op.shape.mode = plain ? Mode::plain : Mode::atomic;
    op.value = Operand::constant(i + 1);
    op.expected = Operand::constant(below(2));
    if (op.kind != Kind::store) {
      op.dst = static_cast<uint32_t>(thread.registers.size());
      thread.registers.push_back({fmt::format("r{}", op.dst), Type::i32, false});
    }
    thread.body.push_back(op);
  }
  return program;
}

TEST(RaceFree, OutcomesAreThoseOfInterleavings) {
  Oracle oracle;
  std::mt19937 random(7);
  unsigned free_of_races = 0, weak = 0;
  for (unsigned i = 0; i < 4000; ++i) {
    const Program program = random_program(random);
    const bool races = Races(program).found();
    const auto set = oracle.allowed(program, tier_bit(Tier::literal) | tier_bit(Tier::sc));
    ASSERT_TRUE(set) << set.error().message;
    const OutcomeLayout layout(program);
    free_of_races += !races;
    for (const AllowedOutcome& o : set->outcomes) {
      const bool interleaving = (o.tiers & tier_bit(Tier::sc)) != 0;
      ASSERT_TRUE(o.tiers & tier_bit(Tier::literal)) << "program " << i;
      if (!interleaving) ++weak;
      ASSERT_TRUE(races || interleaving || o.thin_air)
          << "program " << i << ": " << to_text(layout, o.outcome);
    }
  }
  // Both sides of the property are met.
  EXPECT_GT(free_of_races, 800u);
  EXPECT_GT(weak, 200u);
}

}  // namespace
}  // namespace weft::model
