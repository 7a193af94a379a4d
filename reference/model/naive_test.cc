// The oracle against the naive checker: equal sets, and equal verdicts on thin air, on every small
// program and on random ones. A fixed tenth runs by default; WEFT_FULL=1 runs all.
#include "reference/model/testing/naive.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "reference/model/model.h"
#include "reference/model/testing/compact.h"

namespace weft::model {
namespace {

using Kind = Operation::Kind;

bool full() { return std::getenv("WEFT_FULL") != nullptr; }

// Cheap and the same everywhere (no distribution of the standard library).
struct Random {
  std::mt19937 engine;
  explicit Random(uint32_t seed) : engine(seed) {}
  unsigned below(unsigned n) { return engine() % n; }
};

std::string describe(const Program& program) {
  std::string text;
  const auto shape = [](const Shape& s) {
    return fmt::format("{}{}", unsigned{s.bytes}, s.mode == Mode::atomic ? "a" : "");
  };
  for (const InitialStore& s : program.init) {
    text += fmt::format("init {} @{}={}\n", shape(s.shape), s.address, s.value);
  }
  const auto operand = [](const Operand& o) {
    std::string text;
    for (const Term& t : o.terms) {
      text += t.is_register ? fmt::format("+r{}", t.reg) : fmt::format("+{}", t.constant);
    }
    return text;
  };
  const std::function<void(const std::vector<Operation>&)> body = [&](const auto& operations) {
    for (const Operation& o : operations) {
      text += fmt::format("  kind {} shape {} @{} dst {} value {} expected {} left {} right {}\n",
                          static_cast<int>(o.kind), shape(o.shape), o.address.offset,
                          static_cast<int>(o.dst), operand(o.value), operand(o.expected),
                          operand(o.left), operand(o.right));
      body(o.then_body);
      body(o.else_body);
    }
  };
  for (const Thread& t : program.threads) {
    text += "thread\n";
    body(t.body);
  }
  for (const Observation& o : program.observe) {
    text += fmt::format("observe {} @{}\n", shape(o.shape), o.address);
  }
  return text;
}

// False after a difference. `skipped` counts programs that one of both refuses.
bool agree(Oracle& oracle, const Program& program, unsigned& skipped) {
  const OutcomeLayout layout(program);
  const auto set = oracle.allowed(program);
  const testing::NaiveChecker literal(program, Reading::literal());
  const testing::NaiveChecker intended(program, Reading::intended());
  if (literal.too_large() || !set || !set->undetermined.empty()) {
    ++skipped;
    return true;
  }
  std::set<std::string> ours[2], grounded;
  for (const AllowedOutcome& o : set->outcomes) {
    const std::string text = to_text(layout, o.outcome);
    if (o.tiers & tier_bit(Tier::literal)) ours[0].insert(text);
    if (o.tiers & tier_bit(Tier::intended)) ours[1].insert(text);
    if ((o.tiers & tier_bit(Tier::literal)) && !o.thin_air) grounded.insert(text);
    // Stronger tiers lie within weaker ones.
    const auto inside = [&](Tier strong, Tier weak) {
      return !(o.tiers & tier_bit(strong)) || !(set->computed & tier_bit(weak)) ||
             (o.tiers & tier_bit(weak));
    };
    if (!inside(Tier::intended, Tier::literal) || !inside(Tier::tso, Tier::intended) ||
        !inside(Tier::aarch64, Tier::intended) || !inside(Tier::sc, Tier::intended) ||
        !inside(Tier::sc, Tier::tso) || !inside(Tier::sc, Tier::aarch64)) {
      ADD_FAILURE() << describe(program) << text << " is in a stronger tier only";
      return false;
    }
  }
  const auto compare = [&](const char* what, const std::set<std::string>& a,
                           const std::set<std::string>& naive) {
    if (a == naive) return true;
    std::string text = describe(program);
    for (const std::string& o : a) text += naive.count(o) ? "" : "oracle only: " + o + "\n";
    for (const std::string& o : naive) text += a.count(o) ? "" : "naive only: " + o + "\n";
    ADD_FAILURE() << what << "\n" << text;
    return false;
  };
  return compare("literal", ours[0], literal.outcomes()) &&
         compare("literal without thin air", grounded, literal.grounded()) &&
         compare("intended", ours[1], intended.outcomes());
}

// One operation of the exhaustive populations; `number` makes written values distinct.
struct Letter {
  Kind kind;
  Mode mode;
  uint8_t bytes;
  uint64_t address;
};

Operation operation(const Letter& letter, unsigned number, uint32_t dst) {
  Operation op;
  op.kind = letter.kind;
  op.shape = {Type::i32, letter.bytes, letter.mode};
  op.address.offset = letter.address;
  const uint64_t value = number * (letter.bytes == 1 ? 0x01u : 0x0101u);
  op.value = Operand::constant(value);
  if (letter.kind == Kind::cmpxchg) op.expected = Operand::constant(0);
  const bool result =
      letter.kind == Kind::load || letter.kind == Kind::rmw || letter.kind == Kind::cmpxchg;
  op.dst = result ? dst : kNoRegister;
  return op;
}

std::vector<Letter> alphabet(const std::vector<std::pair<uint8_t, uint64_t>>& places) {
  std::vector<Letter> letters;
  for (const auto& [bytes, address] : places) {
    letters.push_back({Kind::load, Mode::plain, bytes, address});
    letters.push_back({Kind::store, Mode::plain, bytes, address});
    letters.push_back({Kind::load, Mode::atomic, bytes, address});
    letters.push_back({Kind::store, Mode::atomic, bytes, address});
    letters.push_back({Kind::rmw, Mode::atomic, bytes, address});
    letters.push_back({Kind::cmpxchg, Mode::atomic, bytes, address});
  }
  letters.push_back({Kind::fence, Mode::plain, 1, 0});
  return letters;
}

// Every two-thread program of up to 2 operations a thread, threads in one order only; one of
// `sample` of them unless all are asked for.
void exhaust(const std::vector<Letter>& letters, unsigned sample) {
  std::vector<std::vector<Letter>> bodies = {{}};
  for (const Letter& a : letters) {
    bodies.push_back({a});
    for (const Letter& b : letters) bodies.push_back({a, b});
  }
  Oracle oracle;
  unsigned index = 0, checked = 0, skipped = 0;
  for (size_t i = 0; i < bodies.size(); ++i) {
    for (size_t j = i; j < bodies.size(); ++j) {
      if (!full() && (index++ * 2654435761u >> 7) % sample != 0) continue;
      Program program;
      program.memories = {{"memory", 1, 1}};
      unsigned number = 1;
      for (const size_t body : {i, j}) {
        program.threads.emplace_back();
        Thread& thread = program.threads.back();
        thread.registers = {{"r0", Type::i32, false}, {"r1", Type::i32, false}};
        for (const Letter& letter : bodies[body]) {
          thread.body.push_back(
              operation(letter, number++, static_cast<uint32_t>(thread.body.size())));
        }
      }
      ++checked;
      ASSERT_TRUE(agree(oracle, program, skipped));
    }
  }
  ::testing::Test::RecordProperty("programs", static_cast<int>(checked));
  fmt::print("{} programs agree, {} of them skipped\n", checked, skipped);
  EXPECT_GT(checked, skipped * 20);
}

TEST(NaiveChecker, AgreesOnSmallProgramsOverTwoBytes) { exhaust(alphabet({{1, 0}, {1, 64}}), 10); }

TEST(NaiveChecker, AgreesOnSmallProgramsWithOverlappingSizes) {
  exhaust(alphabet({{1, 0}, {1, 1}, {2, 0}}), 10);
}

// Up to `events` operations on 2 or 3 threads, biased to few locations.
Program random_program(Random& random, unsigned events, const std::vector<uint8_t>& widths,
                       bool queues, bool grows) {
  Program program;
  program.memories = {{"memory", 1, 2}};
  const unsigned threads = 2 + random.below(2);
  program.threads.resize(threads);
  const unsigned operations = 2 + random.below(events - 1);
  unsigned number = 1;
  bool parent = random.below(2) == 0;
  for (unsigned i = 0; i < operations; ++i) {
    Thread& thread = program.threads[random.below(threads)];
    std::vector<Operation>* body = &thread.body;
    while (!body->empty() && body->back().kind == Kind::branch) body = &body->back().then_body;
    const uint8_t bytes = widths[random.below(static_cast<unsigned>(widths.size()))];
    const uint64_t address = 8 * random.below(2) + (bytes < 4 ? random.below(2) : 0);
    const uint32_t dst = static_cast<uint32_t>(thread.registers.size());
    Operation op;
    op.shape = {Type::i32, bytes, random.below(2) ? Mode::atomic : Mode::plain};
    op.address.offset = address;
    if (op.shape.mode == Mode::atomic) op.address.offset -= address % bytes;
    uint64_t value = number++;
    for (unsigned k = 1; k < bytes; ++k) value |= value << 8;
    op.value = Operand::constant(value);
    if (!thread.registers.empty() && random.below(6) == 0) {
      op.value = Operand::of_register(random.below(dst));
    }
    bool result = true;
    const unsigned kind = random.below(queues || grows ? 10 : 7);
    if (kind < 2) {
      op.kind = Kind::load;
    } else if (kind < 4) {
      op.kind = Kind::store;
      result = false;
    } else if (kind == 4) {
      op.kind = Kind::rmw;
      op.op = random.below(2) ? RmwOp::add : RmwOp::exchange;
      op.value = Operand::constant(value);
    } else if (kind == 5) {
      op.kind = Kind::cmpxchg;
      op.value = Operand::constant(value);
      op.expected = Operand::constant(random.below(3) ? 0 : 1);
    } else if (kind == 6) {
      if (random.below(2) && !thread.registers.empty()) {
        op.kind = Kind::branch;
        op.left = Operand::of_register(random.below(dst));
        op.right = Operand::constant(random.below(2));
        op.equal = random.below(2) != 0;
      } else {
        op.kind = Kind::fence;
      }
      result = false;
    } else if (queues && (!grows || random.below(3) != 0)) {
      op.address.offset = 8 * random.below(2);
      op.kind = random.below(2) ? Kind::wait : Kind::notify;
      op.shape = {Type::i32, 4, Mode::atomic};
      op.expected = Operand::constant(0);
      op.has_timeout = random.below(2) != 0;
      op.value = Operand::constant(random.below(3));
    } else {
      op.kind = random.below(2) ? Kind::grow : Kind::size;
      op.value = Operand::constant(random.below(3) ? 1 : 0);
    }
    if (grows && random.below(4) == 0) op.address.offset += kPageBytes;
    if (op.kind == Kind::branch) op.address.offset = 0;
    // Exact widths only: the naive values know no wrapping of a wider register.
    if (result) {
      op.dst = dst;
      thread.registers.push_back({fmt::format("r{}", dst), Type::i32, false});
    }
    const auto wide = [&](const Operand& o) { return !o.terms.empty() && o.terms[0].is_register; };
    if (wide(op.value) && op.kind != Kind::store) op.value = Operand::constant(value);
    body->push_back(op);
  }
  if (parent) program.init.push_back({{Type::i32, widths.back(), Mode::plain}, 0, 0, 0});
  if (random.below(3) == 0) {
    program.observe.push_back({"x", {Type::i32, widths[0], Mode::plain}, 0, 0});
    if (random.below(2)) program.observe.push_back({"y", {Type::i32, widths[0]}, 0, 0});
  }
  return program;
}

void random_population(uint32_t seed, unsigned count, unsigned events,
                       const std::vector<uint8_t>& widths, bool queues, bool grows) {
  Oracle oracle;
  Random random(seed);
  unsigned skipped = 0;
  for (unsigned i = 0; i < count; ++i) {
    const Program program = random_program(random, events, widths, queues, grows);
    ASSERT_TRUE(agree(oracle, program, skipped)) << "seed " << seed << ", program " << i;
  }
  fmt::print("{} programs agree, {} of them skipped\n", count, skipped);
  EXPECT_GT(count, skipped * 20);
}

TEST(NaiveChecker, AgreesOnRandomPrograms) {
  random_population(1, full() ? 60'000 : 6'000, 5, {1, 2}, false, false);
}

TEST(NaiveChecker, AgreesOnRandomProgramsWithQueues) {
  random_population(2, full() ? 20'000 : 2'000, 5, {1, 2}, true, false);
}

TEST(NaiveChecker, AgreesOnRandomProgramsWithGrow) {
  random_population(3, full() ? 20'000 : 2'000, 5, {1, 2}, true, true);
}

TEST(NaiveChecker, AgreesOnRandomProgramsOfWidthFour) {
  random_population(4, full() ? 1'000 : 100, 4, {4, 2}, false, false);
}

}  // namespace
}  // namespace weft::model
