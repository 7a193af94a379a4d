// A set of outcomes as flat words: what the search adds to, without an allocation per candidate.
// Knows outcomes; not how they are found.
#pragma once

#include <cstdint>
#include <vector>

#include "reference/model/outcome.h"

namespace weft::model {

class OutcomeSet {
 public:
  // `slots` values and `threads` endings in each outcome.
  void reset(unsigned slots, unsigned threads) {
    slots_ = slots;
    threads_ = threads;
    width_ = slots + 2;
    count_ = 0;
    words_.clear();
    thin_air_.clear();
    table_.assign(table_.empty() ? 64 : table_.size(), 0);
  }

  unsigned size() const { return count_; }
  unsigned width() const { return width_; }
  // Words of an outcome: the values, the mask of those present, two bits an ending.
  const uint64_t* at(unsigned index) const { return &words_[size_t{index} * width_]; }
  bool thin_air(unsigned index) const { return thin_air_[index]; }

  // Is it known already (and not only by thin air, where that is asked)?
  bool contains(const uint64_t* key, bool thin_air) const {
    const uint32_t found = table_[slot(key)];
    return found != 0 && (thin_air || !thin_air_[found - 1]);
  }

  void add(const uint64_t* key, bool thin_air) {
    const size_t s = slot(key);
    if (table_[s] != 0) {
      if (!thin_air) thin_air_[table_[s] - 1] = false;
      return;
    }
    words_.insert(words_.end(), key, key + width_);
    thin_air_.push_back(thin_air);
    table_[s] = ++count_;
    if (count_ * 2 > table_.size()) grow();
  }

  Outcome outcome(unsigned index) const {
    const uint64_t* words = at(index);
    Outcome o;
    o.values.assign(words, words + slots_);
    o.present = words[slots_];
    for (unsigned t = 0; t < threads_; ++t) {
      o.endings.push_back(static_cast<Ending>(words[slots_ + 1] >> (2 * t) & 3));
    }
    return o;
  }

 private:
  size_t slot(const uint64_t* key) const {
    uint64_t hash = 0x9e3779b97f4a7c15u;
    for (unsigned i = 0; i < width_; ++i) {
      hash = (hash ^ key[i]) * 0xff51afd7ed558ccdu;
      hash ^= hash >> 32;
    }
    const size_t mask = table_.size() - 1;
    for (size_t s = hash & mask;; s = (s + 1) & mask) {
      if (table_[s] == 0 || same(key, at(table_[s] - 1))) return s;
    }
  }
  bool same(const uint64_t* a, const uint64_t* b) const {
    for (unsigned i = 0; i < width_; ++i) {
      if (a[i] != b[i]) return false;
    }
    return true;
  }
  void grow() {
    table_.assign(table_.size() * 2, 0);
    for (unsigned i = 0; i < count_; ++i) table_[slot(at(i))] = i + 1;
  }

  unsigned slots_ = 0, threads_ = 0, width_ = 2, count_ = 0;
  std::vector<uint64_t> words_;
  std::vector<bool> thin_air_;
  std::vector<uint32_t> table_ = std::vector<uint32_t>(64, 0);  // index + 1; 0: free
};

}  // namespace weft::model
