// The constraint solver for tot against every linearisation: on random relations, and on relations
// where propagation alone decides nothing (such need eight events, so no small random program has
// them). Faults that only the second was seen to catch: the second alternative of a branch not
// tried; alternatives that are still open taken as satisfied.
#include "reference/model/total.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace weft::model {
namespace {

// A region: some events write it, some read it, some pairs synchronise; reads take from writes.
struct Instance {
  static constexpr unsigned kEvents = 7;
  Relation hb;
  std::vector<ReadSources> reads;
  Mask sync[64] = {};
  std::vector<TotEdge> edges;
};

Instance random_instance(std::mt19937& random) {
  const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  Instance i;
  i.hb.reset(Instance::kEvents);
  Mask writers = 0, classes[2] = {};  // events of equal range, all SC
  for (unsigned e = 0; e < Instance::kEvents; ++e) {
    if (below(3) != 0) writers |= bit(e);
    if (below(5) != 0) classes[below(4) == 0] |= bit(e);
  }
  for (unsigned e = 0; e < Instance::kEvents; ++e) {
    for (const Mask equal : classes) {
      if (has(equal, e)) i.sync[e] = equal & writers & ~bit(e);
    }
  }
  for (unsigned k = below(5); k > 0; --k) i.hb.add(below(7), below(7));
  for (unsigned e = 0; e < Instance::kEvents; ++e) {
    Mask from = writers & ~bit(e) & ~i.hb.after(e);
    if (from == 0 || below(3) == 0) continue;
    unsigned w = below(7);
    while (!has(from, w)) w = (w + 1) % 7;
    if (has(i.sync[e], w) && !i.hb.add(w, e)) continue;
    i.reads.push_back({e, bit(w)});
  }
  for (unsigned k = below(2); k > 0; --k) {
    const unsigned a = below(7), b = below(7);
    if (a != b) i.edges.push_back({a, b});
  }
  return i;
}

// SC-last-visible as the text has it, for one linearisation.
bool visible(const Instance& i, const std::vector<unsigned>& place) {
  for (const TotEdge& e : i.edges) {
    if (place[e.from] > place[e.to]) return false;
  }
  for (const ReadSources& read : i.reads) {
    const unsigned r = read.reader, w = static_cast<unsigned>(std::countr_zero(read.sources));
    if (!i.hb.less(w, r)) continue;
    for (unsigned o = 0; o < Instance::kEvents; ++o) {
      if (o == w || o == r) continue;
      const bool o_r = has(i.sync[r], o), w_r = has(i.sync[r], w), w_o = has(i.sync[w], o);
      const bool after = place[w] < place[o], before = place[o] < place[r];
      if (after && before && w_r && o_r) return false;
      if (i.hb.less(w, o) && before && o_r) return false;
      if (after && i.hb.less(o, r) && w_o) return false;
    }
  }
  return true;
}

bool some_linearisation(const Instance& i) {
  std::vector<unsigned> order = {0, 1, 2, 3, 4, 5, 6}, place(7);
  do {
    for (unsigned k = 0; k < 7; ++k) place[order[k]] = k;
    bool extends = true;
    for (unsigned a = 0; a < 7 && extends; ++a) {
      for (unsigned b = 0; b < 7; ++b)
        extends = extends && !(i.hb.less(a, b) && place[a] > place[b]);
    }
    if (extends && visible(i, place)) return true;
  } while (std::next_permutation(order.begin(), order.end()));
  return false;
}

TEST(TotalOrder, ExistsExactlyWhereSomeLinearisationDoes) {
  std::mt19937 random(5);
  TotalOrder total;
  unsigned possible = 0;
  for (unsigned k = 0; k < 4'000; ++k) {
    const Instance i = random_instance(random);
    const TotalOrder::Region region{i.reads.data(), static_cast<unsigned>(i.reads.size()), i.sync};
    const bool expected = some_linearisation(i);
    possible += expected;
    ASSERT_EQ(total.solve(i.hb, i.edges.data(), static_cast<unsigned>(i.edges.size()), &region, 1),
              expected)
        << "instance " << k;
  }
  EXPECT_GT(possible, 500u);
  EXPECT_LT(possible, 3'500u);
}

// Two locations with two SC writes each, and a read of each write. Each of the four ways to order
// the writes puts two reads before a write; `impossible` says which of the four then make a cycle.
bool solve_orders(unsigned impossible) {
  enum : unsigned { x1, x2, y1, y2, read_x1, read_x2, read_y1, read_y2 };
  Relation hb;
  hb.reset(8);
  Mask sync[64] = {};
  std::vector<ReadSources> reads;
  const unsigned writes[4] = {x1, x2, y1, y2};
  for (const unsigned w : writes) {
    const unsigned r = w + 4, other = w ^ 1u;
    hb.add(w, r);
    reads.push_back({r, bit(w)});
    sync[w] = bit(other);
    sync[r] = bit(w) | bit(other);
  }
  std::vector<TotEdge> edges;
  for (unsigned way = 0; way < 4; ++way) {
    if (!(impossible >> way & 1)) continue;
    // The first writes of this way: their reads come before the second ones.
    const unsigned x = way & 1 ? x2 : x1, y = way & 2 ? y2 : y1;
    edges.push_back({x ^ 1u, y + 4});
    edges.push_back({y ^ 1u, x + 4});
  }
  TotalOrder total;
  const TotalOrder::Region region{reads.data(), 4, sync};
  return total.solve(hb, edges.data(), static_cast<unsigned>(edges.size()), &region, 1);
}

TEST(TotalOrder, IsFoundByTrialWherePropagationDecidesNothing) {
  for (unsigned impossible = 0; impossible < 16; ++impossible) {
    EXPECT_EQ(solve_orders(impossible), impossible != 15) << impossible;
  }
}

}  // namespace
}  // namespace weft::model
