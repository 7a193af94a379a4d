// How the open points of the specification are read: one switch for each (docs/rulings.md). Two
// fixed readings are the tiers `literal` and `intended`.
#pragma once

namespace weft::model {

struct Reading {
  bool fences = false;          // atomic.fence is an SC RMW on one hidden location
  bool notify_zero = false;     // a notify that woke nobody has hb edges too
  bool split_bulk = true;       // a bulk operation may trap in the middle
  bool thin_air = true;         // values may come out of a cycle of reads-from and dependencies
  bool init_tears = true;       // AMB-008: a tear-free read may mix initial bytes with a write's
  bool zeros_race = true;       // AMB-005: the zeros of a grow are plain writes, not like INIT
  bool joined_flickers = true;  // AMB-018: two reads after all writes of a byte may disagree
  bool rmw_loses_store = true;  // AMB-018: a racing plain store of its range may be lost to an RMW

  // Its gaps in the weakest way: outside it is a proven violation.
  static constexpr Reading literal() { return {}; }
  // As it is meant: outside it, but inside literal, is a divergence.
  static constexpr Reading intended() {
    return {true, true, false, false, false, false, false, false};
  }
};

}  // namespace weft::model
