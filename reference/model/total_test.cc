// The constraint solver for tot against every linearisation, on random relations (no program makes
// many of them, which is why the random programs of naive_test.cc do not decide it). Faults that
// only this was seen to catch: the second alternative of a branch not tried; alternatives that are
// still open taken as satisfied.
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

}  // namespace
}  // namespace weft::model
