// A deliberately naive checker: all choices of paths, all byte-wise reads-from, all values, all
// linearisations. Written apart from the oracle; shares the event types and the program value only.
// Slow; for tests. Paths are naive_trace.h's, orders and the axioms on them naive_orders.h's.
//
// Knows less than the oracle: operands are constants, or a register plus a constant; no bulk
// operation, no register overwritten and no address that depends on anything.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "reference/model/event.h"
#include "reference/model/outcome.h"
#include "reference/model/program.h"
#include "reference/model/testing/naive_orders.h"

namespace weft::model::testing {

class NaiveChecker : private NaiveOrders {
 public:
  NaiveChecker(const Program& program, const Reading& reading)
      : NaiveOrders(program, reading), layout_(program) {
    std::vector<const NaiveTrace*> chosen;
    combine(chosen);
  }

  // Texts of the outcomes; those reachable without values out of thin air.
  const std::set<std::string>& outcomes() const { return outcomes_; }
  const std::set<std::string>& grounded() const { return grounded_; }
  bool too_large() const { return too_large_; }  // then the sets mean nothing

 private:
  // --- one choice of traces: events, then every reads-from, then their values ---

  void combine(std::vector<const NaiveTrace*>& chosen) {
    if (chosen.size() == traces_.size()) return check(chosen);
    for (const NaiveTrace& t : traces_[chosen.size()]) {
      chosen.push_back(&t);
      combine(chosen);
      chosen.pop_back();
    }
  }

  void check(const std::vector<const NaiveTrace*>& chosen) {
    events_.clear();
    conditions_.clear();
    for (size_t m = 0; m < program_.memories.size(); ++m) {
      NaiveEvent alloc;
      const uint8_t memory = static_cast<uint8_t>(m);
      alloc.event.data = {Act::write, Order::init, false, memory, 0, length(memory)};
      alloc.event.length = {Act::write, Order::seqcst, false, memory, 0, 1};
      alloc.length_written = length(memory);
      events_.push_back(alloc);
    }
    for (const InitialStore& s : program_.init) {
      NaiveEvent e;
      e.event.data = access(Act::write, s.shape, s.address);
      e.written.addend = s.value;
      events_.push_back(e);
    }
    bases_.clear();
    for (const NaiveTrace* t : chosen) {
      const int base = static_cast<int>(events_.size());
      bases_.push_back(base);
      for (NaiveEvent e : t->events) {
        if (e.written.base >= 0) e.written.base += base;
        if (e.written.via >= 0) e.written.via += base;
        for (int& c : e.control) c += 3 * base;
        events_.push_back(e);
      }
      for (NaiveCondition c : t->conditions) {
        c.event += base;
        conditions_.push_back(c);
      }
    }
    observers_ = static_cast<int>(events_.size());
    for (const Observation& o : program_.observe) {
      NaiveEvent e;
      e.event.thread = kObserver;
      e.event.data = access(Act::read, o.shape, o.address);
      events_.push_back(e);
    }
    n_ = static_cast<int>(events_.size());
    chosen_ = chosen;
    base_ = Matrix(n_, std::vector<bool>(n_));
    for (int a = 0; a < n_; ++a) {
      for (int b = a + 1; b < n_; ++b) {
        const int s = events_[a].event.thread, t = events_[b].event.thread;
        base_[a][b] = s == t || s == kParent || t == kObserver;
      }
    }
    reads_.clear();
    sources_.clear();
    for (int e = 0; e < n_; ++e) {
      if (events_[e].event.length.reads()) reads_.push_back({e, true, 0});
      const Access& d = events_[e].event.data;
      if (!d.reads()) continue;
      for (uint64_t k = 0; k < d.size; ++k) reads_.push_back({e, false, d.offset + k});
    }
    choose(0);
  }

  static Access access(Act act, const Shape& shape, uint64_t at) {
    return {act,
            shape.mode == Mode::atomic ? Order::seqcst : Order::unordered,
            shape.bytes <= 4 && shape.type == Type::i32 && at % shape.bytes == 0,
            0,
            at,
            shape.bytes};
  }

  void choose(size_t i) {
    if (i == reads_.size()) return solve();
    for (int w = 0; w < n_; ++w) {
      if (w == reads_[i].event || !writes(w, reads_[i])) continue;
      if (base_[reads_[i].event][w]) continue;  // (HB1), for speed only
      if (reads_[i].length) {
        const NaiveEvent& r = events_[reads_[i].event];
        const uint64_t v = events_[w].length_written;
        if (v < r.length_least || v > r.length_most) continue;
      }
      sources_.push_back(w);
      choose(i + 1);
      sources_.pop_back();
    }
  }

  // --- values ---

  void solve() {
    std::vector<bool> known(n_, false);
    std::vector<uint64_t> data(n_, 0);
    linearisable_.reset();
    guess(known, data, 0);
  }

  // Asked once for each reads-from: no value matters to it.
  bool consistent() {
    if (!linearisable_) linearisable_ = linearisable();
    return *linearisable_;
  }

  std::optional<uint64_t> computed(int e, const std::vector<bool>& known,
                                   const std::vector<uint64_t>& data) const {
    uint64_t result = 0;
    for (size_t i = 0; i < reads_.size(); ++i) {
      if (reads_[i].event != e || reads_[i].length) continue;
      const NaiveEvent& w = events_[sources_[i]];
      if (w.written.base >= 0 && !w.written.pages && !known[w.written.base]) return std::nullopt;
      const uint64_t v = final_value(w.written, data);
      const uint64_t k = reads_[i].byte - w.event.data.offset;
      const uint64_t byte = k < 8 ? v >> (8 * k) & 0xff : 0;
      result |= byte << (8 * (reads_[i].byte - events_[e].event.data.offset));
    }
    return result;
  }

  uint64_t final_value(const NaiveValue& v, const std::vector<uint64_t>& data) const {
    if (v.base < 0) return v.addend;
    if (!v.pages) return data[v.base] + v.addend;
    for (size_t i = 0; i < reads_.size(); ++i) {
      if (reads_[i].event == v.base && reads_[i].length) {
        return events_[sources_[i]].length_written / kPageBytes + v.addend;
      }
    }
    return 0;
  }

  void guess(std::vector<bool> known, std::vector<uint64_t> data, uint64_t guessed) {
    for (bool changed = true; changed;) {
      changed = false;
      for (int e = 0; e < n_; ++e) {
        if (known[e] || !events_[e].event.data.reads()) continue;
        if (const auto v = computed(e, known, data)) {
          known[e] = changed = true;
          data[e] = *v;
        }
      }
    }
    int open = -1;
    for (int e = 0; e < n_; ++e) {
      if (known[e] || !events_[e].event.data.reads()) continue;
      if (open < 0 || events_[e].event.data.size < events_[open].event.data.size) open = e;
    }
    if (open < 0) return values_known(data);
    const uint64_t size = events_[open].event.data.size;
    if (!consistent()) return;
    if (size + guessed > 2) {
      too_large_ = true;
      return;
    }
    known[open] = true;
    for (uint64_t v = 0; v < uint64_t{1} << (8 * size); ++v) {
      data[open] = v;
      guess(known, data, guessed + size);
    }
  }

  void values_known(const std::vector<uint64_t>& data) {
    const std::vector<bool> all(n_, true);
    for (int e = 0; e < n_; ++e) {  // (VALUE), for guessed ones too
      if (events_[e].event.data.reads() && computed(e, all, data) != data[e]) return;
    }
    for (const NaiveCondition& c : conditions_) {
      if (c.pages) {
        if ((final_value({c.event, true, 0}, data) == c.value) != c.equal) return;
        continue;
      }
      const uint64_t size = events_[c.event].event.data.size;
      const uint64_t mask = size == 8 ? ~uint64_t{0} : (uint64_t{1} << (8 * size)) - 1;
      if ((data[c.event] == (c.value & mask)) != c.equal) return;
    }
    const std::string text = outcome(data);
    const bool thin = thin_air();
    if (thin && !reading_.thin_air) return;
    if (outcomes_.count(text) && (thin || grounded_.count(text))) return;
    if (!consistent()) return;
    outcomes_.insert(text);
    if (!thin) grounded_.insert(text);
  }

  std::string outcome(const std::vector<uint64_t>& data) const {
    Outcome o;
    o.values.resize(layout_.slots.size());
    for (const NaiveTrace* t : chosen_) o.endings.push_back(t->ending);
    for (size_t s = 0; s < layout_.slots.size(); ++s) {
      const OutcomeLayout::Slot& slot = layout_.slots[s];
      if (slot.thread < 0) {
        o.values[s] = data[observers_ + static_cast<int>(slot.index)];
      } else {
        const NaiveTrace& t = *chosen_[slot.thread];
        const auto& reg = t.registers[slot.index];
        if (!reg && t.ending != Ending::finished) continue;
        NaiveValue v = reg.value_or(NaiveValue{});
        if (v.base >= 0) v.base += bases_[slot.thread];
        o.values[s] = final_value(v, data);
      }
      o.present |= uint64_t{1} << s;
    }
    return to_text(layout_, o);
  }

  // Is there a cycle of reads-from and dependencies? Nodes of event e: 3e the check of its bounds
  // (its read of the length), 3e + 1 its read of data (or that it happens), 3e + 2 its write.
  bool thin_air() const {
    Matrix m(3 * n_, std::vector<bool>(3 * n_));
    for (size_t i = 0; i < reads_.size(); ++i) {
      m[3 * sources_[i] + 2][3 * reads_[i].event + (reads_[i].length ? 0 : 1)] = true;
    }
    for (int e = 0; e < n_; ++e) {
      m[3 * e][3 * e + 1] = m[3 * e][3 * e + 2] = true;
      for (const int c : events_[e].control) m[c][3 * e] = true;
      const Event& event = events_[e].event;
      for (const int from : {events_[e].written.base, events_[e].written.via}) {
        if (event.data.writes() && from >= 0) m[3 * from + 1][3 * e + 2] = true;
      }
      if (events_[e].reads_first) m[3 * e + 1][3 * e + 2] = true;
    }
    close(m);
    for (int i = 0; i < 3 * n_; ++i) {
      if (m[i][i]) return true;
    }
    return false;
  }

  const OutcomeLayout layout_;
  std::vector<NaiveCondition> conditions_;
  std::vector<const NaiveTrace*> chosen_;
  std::vector<int> bases_;
  int observers_ = 0;
  bool too_large_ = false;
  std::optional<bool> linearisable_;
  std::set<std::string> outcomes_, grounded_;
};

}  // namespace weft::model::testing
