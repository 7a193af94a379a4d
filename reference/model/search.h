// The search over one skeleton: every choice of sources for every read (per lane), with happens-
// before grown and checked at once, then a total order. Owns the inner loop; knows no program.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "reference/model/lanes.h"
#include "reference/model/outcome_set.h"
#include "reference/model/queue_order.h"
#include "reference/model/reading.h"
#include "reference/model/total.h"

namespace weft::model {

// An outcome some bits of which nothing determines: open bits at one place have the same value in
// all slots, whichever it is.
struct TiedOutcome {
  struct Tie {
    unsigned slot = 0;
    uint64_t bits = 0;  // the open ones
    bool operator==(const Tie&) const = default;
  };
  std::vector<uint64_t> key;  // as in OutcomeSet; open bits 0
  std::vector<Tie> tied;

  // Is every outcome of `other` one of this?
  bool includes(const TiedOutcome& other) const;
};

class Search {
 public:
  Search();

  // Where what was found goes. `stop_at_first`: membership.
  void begin(const Reading& reading, OutcomeSet& set, bool stop_at_first);
  // Adds the outcomes of one skeleton; true: stop.
  bool run(const Skeleton& skeleton, const ExprPool& pool);

  // Not empty: the bound that the program breaks.
  const std::string& refusal() const { return refusal_; }
  const std::vector<TiedOutcome>& tied() const { return tied_; }
  uint64_t candidates() const { return candidates_; }  // complete choices of sources looked at

  // The execution at which the search stopped (witness): sources of each choice, hb, tot.
  const Lanes& lanes() const { return lanes_; }
  const std::vector<Mask>& sources() const { return sources_; }
  const Relation& hb() const { return levels_[leaf_level_]; }
  const Relation& order() const { return total_.order(); }
  uint64_t data_value(unsigned event) const { return data_[event]; }
  uint64_t length_value(unsigned event) const { return length_[event]; }

 private:
  // search.cc
  bool prepare();
  bool choose(unsigned choice, unsigned level);
  bool assign(unsigned choice, Mask sources, unsigned level);
  Mask candidates_of(const Lanes::Choice& choice, const Relation& hb) const;
  bool value_fits(const Lanes::Choice& choice, unsigned writer) const;
  bool useful_mix(const Lanes::Choice& choice, Mask sources) const;
  bool still_consistent(unsigned up_to, const Relation& hb) const;
  // leaf.cc
  bool leaf(unsigned level);
  bool consistent();
  bool from_thin_air() const;
  bool joined_reads_flicker() const;
  bool loses_store() const;
  Mask sources_in(unsigned lane, unsigned reader) const;
  // values.cc
  bool order_values();
  bool evaluate_all();
  bool evaluate(size_t position);
  bool evaluate_bytes(size_t position, unsigned choice, unsigned byte, uint64_t value);
  bool finish();
  uint8_t byte_of(unsigned writer, uint64_t address) const;
  uint64_t value_of(ExprId id) const;
  // tied.cc
  bool evaluate_tied();
  friend struct TiedEvaluation;

  const Skeleton* skeleton_ = nullptr;
  const ExprPool* pool_ = nullptr;
  Reading reading_;
  OutcomeSet* set_ = nullptr;
  bool stop_at_first_ = false;
  std::string refusal_;
  std::vector<TiedOutcome> tied_;
  uint64_t candidates_ = 0;

  Lanes lanes_;
  QueueOrders queues_;
  TotalOrder total_;
  std::vector<Relation> levels_;
  std::vector<Mask> sources_;             // of choice
  Mask sync_data_[64], sync_length_[64];  // writes that synchronise with an event's access
  Mask tear_set_[64];                     // tear-free writes of the read's own range
  Mask tear_used_[64];                    // those among its sources so far
  bool constant_[64];                     // what the event writes is known
  uint64_t written_[64];                  // then this
  uint64_t possible_bits_[64];            // of what it writes, where lanes are split
  uint64_t data_[64], length_[64];        // values read
  std::vector<unsigned> order_;           // reads of data, sources before what depends on them
  std::vector<unsigned> guessed_;         // reads on a cycle of values: their value is guessed
  Mask guessed_mask_ = 0;
  std::vector<uint64_t> key_;
  std::vector<ReadSources> data_reads_, length_reads_;
  unsigned leaf_level_ = 0;
  bool leaf_thin_ = false;
  int leaf_consistent_ = -1;  // not yet known
};

}  // namespace weft::model
