// Values that nothing determines: a cycle of reads-from that only copies the bytes of a value holds
// for every value. Evaluated with symbols for the bytes of one guessed read; the slots that show
// them are tied together instead of listing 2^32 outcomes.
#include <algorithm>
#include <array>
#include <set>

#include "reference/model/search.h"

namespace weft::model {
namespace {

// A byte: 0..255 known, 256 + k: byte k of the guessed read.
using Byte = uint16_t;
using Bytes = std::array<Byte, 8>;

constexpr bool is_known(Byte b) { return b < 256; }

constexpr unsigned kMostSteps = 100'000;

}  // namespace

// One guessed read; its bytes known so far. Explores every mix of sources.
struct TiedEvaluation {
  Search& s;
  const unsigned guess;
  Bytes guessed{};  // symbols, or what they turned out to be
  std::vector<Bytes> read = {};
  std::set<Bytes> tried = {};
  unsigned steps = 0;
  bool refused = false, stop = false;

  enum class Kind { known, bytes, more };

  // more: an operation on symbols that is no copy.
  Kind evaluate(ExprId id, Bytes& result) const {
    bool symbolic = false;
    each_bit(s.pool_->at(id).reads, [&](unsigned e) {
      for (const Byte b : read[e]) symbolic |= !is_known(b);
    });
    const Expr& e = s.pool_->at(id);
    if (!symbolic) {
      const uint64_t v = s.pool_->evaluate(
          id,
          [&](unsigned event) {
            uint64_t value = 0;
            for (unsigned k = 0; k < 8; ++k) value |= uint64_t{read[event][k]} << (8 * k);
            return value;
          },
          [&](unsigned event) { return s.length_[event]; });
      for (unsigned k = 0; k < 8; ++k) result[k] = static_cast<uint8_t>(v >> (8 * k));
      return Kind::known;
    }
    if (e.op == Expr::Op::data) {
      result = read[e.event];
      return Kind::bytes;
    }
    if (e.op != Expr::Op::wrap || e.bits % 8 != 0) return Kind::more;
    const Kind kind = evaluate(e.a, result);
    for (unsigned k = e.bits / 8u; k < 8; ++k) result[k] = 0;
    return kind;
  }

  void refuse() {
    refused = true;
    s.refusal_ =
        "a cycle of values over more than 2 bytes that does more than copy them; the model solves "
        "copies, and other cycles of at most 2 bytes";
  }

  // Explores with the present knowledge of the guessed bytes.
  void solve() {
    if (!tried.insert(guessed).second || refused || stop) return;
    const std::vector<Bytes> outer = std::move(read);
    read.assign(s.skeleton_->size(), Bytes{});
    read[guess] = guessed;
    at(0);
    read = outer;
  }

  // What the guessed byte k must be turned out: explore again with that.
  void learn(unsigned k, Byte value) {
    const Bytes before = guessed;
    guessed[k] = value;
    solve();
    guessed = before;
  }

  void at(size_t position) {
    if (refused || stop) return;
    if (position == s.order_.size()) return finish();
    bytes(position, 0, 0, Bytes{});
  }

  void bytes(size_t position, unsigned choice, unsigned byte, Bytes value) {
    if (++steps > kMostSteps) return refuse();
    const unsigned e = s.order_[position];
    const uint64_t start = s.skeleton_->items[e].event.data.offset;
    for (; choice < s.lanes_.count[e]; ++choice, byte = 0) {
      const Lane& lane = s.lanes_.lanes[s.lanes_.choices[s.lanes_.first[e] + choice].lane];
      const Mask sources = s.sources_[s.lanes_.first[e] + choice];
      for (; byte < lane.size; ++byte) {
        const uint64_t address = lane.offset + byte;
        std::vector<Byte> seen;
        each_bit(sources, [&](unsigned w) {
          const Skeleton::Item& item = s.skeleton_->items[w];
          const uint64_t k = address - item.event.data.offset;
          Bytes written{};
          if (k < 8 && evaluate(item.written, written) == Kind::more) return refuse();
          const Byte b = k < 8 ? written[k] : Byte{0};
          if (std::find(seen.begin(), seen.end(), b) == seen.end()) seen.push_back(b);
        });
        if (refused) return;
        if (seen.size() == 1) {
          value[address - start] = seen[0];
          continue;
        }
        for (const Byte b : seen) {
          value[address - start] = b;
          bytes(position, choice, byte + 1, value);
          if (refused || stop) return;
        }
        return;
      }
    }
    if (e == guess) {
      for (unsigned k = 0; k < 8; ++k) {
        if (value[k] == guessed[k]) continue;
        if (!is_known(guessed[k]) && is_known(value[k])) return learn(k, value[k]);
        if (is_known(guessed[k]) && is_known(value[k])) return;  // contradiction
        return refuse();
      }
    }
    const Bytes before = read[e];
    read[e] = value;
    at(position + 1);
    read[e] = before;
  }

  void finish() {
    for (const Demand& d : s.skeleton_->demands) {
      Bytes left{}, right{};
      if (evaluate(d.left, left) == Kind::more || evaluate(d.right, right) == Kind::more) {
        return refuse();
      }
      bool differ = false, equal = left == right;
      for (unsigned k = 0; k < 8; ++k) {
        differ |= is_known(left[k]) && is_known(right[k]) && left[k] != right[k];
      }
      if (d.equal ? differ : equal) return;
      if (d.equal ? equal : differ) continue;
      if (!d.equal) return refuse();
      for (unsigned k = 0; k < 8; ++k) {
        if (left[k] == right[k]) continue;
        if (!is_known(left[k]) && !is_known(right[k])) return refuse();
        return is_known(left[k]) ? learn(right[k] - 256u, left[k])
                                 : learn(left[k] - 256u, right[k]);
      }
    }
    record();
  }

  void record() {
    TiedOutcome outcome;
    outcome.key.assign(s.set_->width(), 0);
    const unsigned slots = s.set_->width() - 2;
    for (const SlotValue& v : s.skeleton_->values) {
      Bytes value{};
      if (evaluate(v.value, value) == Kind::more) return refuse();
      outcome.key[slots] |= bit(v.slot);
      uint64_t open = 0;
      for (unsigned k = 0; k < 8; ++k) {
        if (is_known(value[k])) {
          outcome.key[v.slot] |= uint64_t{value[k]} << (8 * k);
        } else if (value[k] != 256 + k) {
          return refuse();
        } else {
          open |= uint64_t{0xff} << (8 * k);
        }
      }
      if (open != 0) outcome.tied.push_back({v.slot, open});
    }
    for (size_t t = 0; t < s.skeleton_->endings.size(); ++t) {
      outcome.key[slots + 1] |= static_cast<uint64_t>(s.skeleton_->endings[t]) << (2 * t);
    }
    if (outcome.tied.empty()) {
      s.set_->add(outcome.key.data(), true);  // no slot shows an open byte
    } else if (std::none_of(s.tied_.begin(), s.tied_.end(),
                            [&](const TiedOutcome& known) { return known.includes(outcome); })) {
      s.tied_.push_back(std::move(outcome));
    }
    stop = s.stop_at_first_;
  }
};

bool TiedOutcome::includes(const TiedOutcome& other) const {
  // Same open bytes in all slots, or more; where other has a known value, every tied slot agrees.
  std::vector<uint64_t> open(key.size(), 0), other_open(key.size(), 0);
  uint64_t value = 0, valued = 0;
  for (const auto& t : tied) open[t.slot] = t.bits;
  for (const auto& t : other.tied) other_open[t.slot] = t.bits;
  for (size_t i = 0; i < key.size(); ++i) {
    if ((other_open[i] & ~open[i]) != 0) return false;
    if ((key[i] ^ other.key[i]) & ~open[i]) return false;
    const uint64_t bound = open[i] & ~other_open[i];
    if ((value ^ other.key[i]) & bound & valued) return false;
    value |= other.key[i] & bound;
    valued |= bound;
  }
  for (size_t i = 0; i < key.size(); ++i) {
    if (other_open[i] & valued) return false;
  }
  return true;
}

bool Search::evaluate_tied() {
  if (!consistent()) return false;  // never refuse what is forbidden anyway
  TiedEvaluation evaluation{*this, guessed_[0]};
  if (guessed_.size() != 1) {
    evaluation.refuse();
    return true;
  }
  for (unsigned k = 0; k < 8; ++k) {
    const bool inside = k < skeleton_->items[guessed_[0]].event.data.size;
    evaluation.guessed[k] = inside ? static_cast<Byte>(256 + k) : Byte{0};
  }
  evaluation.solve();
  return evaluation.refused || evaluation.stop;
}

}  // namespace weft::model
