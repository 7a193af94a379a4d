// Lane collapse: the bytes of a region split into maximal ranges that exactly the same events
// access. All bytes of a lane obey the same constraints, so sources are chosen once a lane.
#pragma once

#include <vector>

#include "reference/model/relation.h"
#include "reference/model/skeleton.h"

namespace weft::model {

struct Lane {
  bool length = false;  // the length of the memory: one unit
  uint8_t memory = 0;
  uint64_t offset = 0, size = 1;
  Mask readers = 0, writers = 0;
  bool one_value = false;  // all writers give one value, known already: the source decides none
};

// The lanes of a skeleton that are read, those of one read consecutive in `choices`.
struct Lanes {
  // A read has to choose its sources in a lane.
  struct Choice {
    unsigned event = 0;
    unsigned lane = 0;
  };
  std::vector<Lane> lanes;
  std::vector<Choice> choices;          // LEN first, then SC reads, then the others
  std::vector<unsigned> first, count;   // of event: its choices in data lanes
  std::vector<unsigned> length_choice;  // of event: its choice of LEN, or kNone
  static constexpr unsigned kNone = ~0u;

  // What each event writes, as far as that is known before any source is chosen: its number, or
  // bits outside which the number is 0.
  struct Written {
    const bool* known;
    const uint64_t* value;
    const uint64_t* possible_bits;
  };

  // `split`: single bytes where an RMW and a plain store write, for rules that look at one byte;
  // but neighbours for which every writer has the same known value stay together: whatever holds
  // with different sources there holds with those of the first of them for all. Only then `written`
  // is looked at.
  void build(const Skeleton& skeleton, bool split, const Written& written);

 private:
  void add_split(const Skeleton& skeleton, Lane lane, const Written& written);

  std::vector<uint64_t> cuts_;
};

}  // namespace weft::model
