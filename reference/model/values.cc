// From sources to values: what each read returns, whether the path's demands hold, the outcome.
// Lanes with several sources stand for every mix of their bytes.
#include "reference/model/search.h"

namespace weft::model {

uint8_t Search::byte_of(unsigned writer, uint64_t address) const {
  const Skeleton::Item& item = skeleton_->items[writer];
  const uint64_t k = address - item.event.data.offset;
  if (k >= 8) return 0;  // initial bytes and the zeros of a grow
  const uint64_t value = constant_[writer] ? written_[writer] : value_of(item.written);
  return static_cast<uint8_t>(value >> (8 * k));
}

uint64_t Search::value_of(ExprId id) const {
  return pool_->evaluate(
      id, [&](unsigned e) { return data_[e]; }, [&](unsigned e) { return length_[e]; });
}

// Reads in an order in which each comes after those that its sources' values depend on. Where the
// values form a cycle (thin air), a read is guessed and later compared. False: nothing to evaluate.
bool Search::order_values() {
  order_.clear();
  guessed_.clear();
  guessed_mask_ = 0;
  Mask open = 0;
  Mask needs[64];
  for (unsigned e = 0; e < skeleton_->size(); ++e) {
    if (lanes_.count[e] == 0) continue;
    open |= bit(e);
    needs[e] = 0;
    if (!skeleton_->has_dependencies) continue;
    for (unsigned i = 0; i < lanes_.count[e]; ++i) {
      each_bit(sources_[lanes_.first[e] + i],
               [&](unsigned w) { needs[e] |= pool_->at(skeleton_->items[w].written).reads; });
    }
  }
  Mask unknown = open;
  while (open != 0) {
    bool changed = false;
    each_bit(open, [&](unsigned e) {
      if ((needs[e] & unknown) != 0) return;
      order_.push_back(e);
      open &= ~bit(e);
      unknown &= ~bit(e);
      changed = true;
    });
    if (changed) continue;
    // A cycle: guess a read whose value is demanded, else one of the fewest bytes.
    unsigned guess = 64;
    const auto better = [&](unsigned a, unsigned b) {
      const Skeleton::Item &x = skeleton_->items[a], &y = skeleton_->items[b];
      if (x.demands_data != y.demands_data) return x.demands_data;
      return x.event.data.size < y.event.data.size;
    };
    each_bit(open & unknown, [&](unsigned e) {
      if (guess == 64 || better(e, guess)) guess = e;
    });
    guessed_.push_back(guess);
    guessed_mask_ |= bit(guess);
    unknown &= ~bit(guess);
  }
  return true;
}

bool Search::evaluate_all() {
  if (guessed_.empty()) return evaluate(0);
  unsigned bytes = 0;
  for (const unsigned g : guessed_) {
    const Skeleton::Item& item = skeleton_->items[g];
    if (item.demands_data) {
      data_[g] = item.demanded;
    } else {
      bytes += static_cast<unsigned>(item.event.data.size);
    }
  }
  if (bytes > 2) return evaluate_tied();
  for (uint64_t guess = 0; guess < uint64_t{1} << (8 * bytes); ++guess) {
    unsigned shift = 0;
    for (const unsigned g : guessed_) {
      const Skeleton::Item& item = skeleton_->items[g];
      if (item.demands_data) continue;
      const unsigned bits = 8 * static_cast<unsigned>(item.event.data.size);
      data_[g] = low_bits(guess >> shift, bits);
      shift += bits;
    }
    if (evaluate(0)) return true;
  }
  return false;
}

bool Search::evaluate(size_t position) {
  if (position == order_.size()) return finish();
  return evaluate_bytes(position, 0, 0, 0);
}

// The bytes of one read from `choice` (counted among its lanes), `byte` on.
bool Search::evaluate_bytes(size_t position, unsigned choice, unsigned byte, uint64_t value) {
  const unsigned e = order_[position];
  const uint64_t start = skeleton_->items[e].event.data.offset;
  for (; choice < lanes_.count[e]; ++choice, byte = 0) {
    const Lane& lane = lanes_.lanes[lanes_.choices[lanes_.first[e] + choice].lane];
    const Mask sources = sources_[lanes_.first[e] + choice];
    for (; byte < lane.size; ++byte) {
      const uint64_t address = lane.offset + byte;
      const unsigned shift = static_cast<unsigned>(8 * (address - start));
      const unsigned first = static_cast<unsigned>(std::countr_zero(sources));
      if ((sources & (sources - 1)) == 0) {
        value |= uint64_t{byte_of(first, address)} << shift;
        continue;
      }
      if (!reading_.joined_flickers && (lane.writers & ~levels_[leaf_level_].before(e)) == 0) {
        // Stable after a join: the same mix as the read that came to it before.
        bool copied = false;
        for (size_t p = 0; p < position && !copied; ++p) {
          const unsigned other = order_[p];
          if (has(lane.readers & ~lane.writers, other) &&
              (lane.writers & ~levels_[leaf_level_].before(other)) == 0) {
            const uint64_t at = address - skeleton_->items[other].event.data.offset;
            value |= (data_[other] >> (8 * at) & 0xff) << shift;
            copied = true;
          }
        }
        if (copied) continue;
      }
      uint64_t seen[4] = {};  // byte values tried already
      for (Mask left = sources; left != 0; left &= left - 1) {
        const uint8_t b = byte_of(static_cast<unsigned>(std::countr_zero(left)), address);
        if (has(seen[b >> 6], b & 63)) continue;
        seen[b >> 6] |= bit(b & 63);
        if (evaluate_bytes(position, choice, byte + 1, value | uint64_t{b} << shift)) return true;
      }
      return false;
    }
  }
  const Skeleton::Item& item = skeleton_->items[e];
  if (item.demands_data && value != item.demanded) return false;
  if (has(guessed_mask_, e) && value != data_[e]) return false;
  data_[e] = value;
  return evaluate(position + 1);
}

bool Search::finish() {
  for (const Demand& d : skeleton_->demands) {
    if ((value_of(d.left) == value_of(d.right)) != d.equal) return false;
  }
  const unsigned slots = set_->width() - 2;
  std::fill(key_.begin(), key_.end(), 0);
  for (const SlotValue& v : skeleton_->values) {
    key_[v.slot] = value_of(v.value);
    key_[slots] |= bit(v.slot);
  }
  for (size_t t = 0; t < skeleton_->endings.size(); ++t) {
    key_[slots + 1] |= static_cast<uint64_t>(skeleton_->endings[t]) << (2 * t);
  }
  if (set_->contains(key_.data(), leaf_thin_) || !consistent()) return false;
  set_->add(key_.data(), leaf_thin_);
  if (set_->size() > Bounds::kOutcomes) {
    refusal_ =
        fmt::format("more than {} outcomes; the model lists at most {} (ask for one outcome)",
                    Bounds::kOutcomes, Bounds::kOutcomes);
    return true;
  }
  return stop_at_first_;
}

}  // namespace weft::model
