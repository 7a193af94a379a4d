// A deliberately naive checker: all choices of paths, all byte-wise reads-from, all linearisations,
// every axiom as it stands in the text. Written apart from the oracle; shares the event types and
// the program value only. Slow; for tests.
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
#include "reference/model/testing/naive_trace.h"

namespace weft::model::testing {

class NaiveChecker : private NaiveTraces {
 public:
  NaiveChecker(const Program& program, const Reading& reading)
      : NaiveTraces(program, reading), layout_(program) {
    std::vector<const NaiveTrace*> chosen;
    combine(chosen);
  }

  // Texts of the outcomes; those reachable without values out of thin air.
  const std::set<std::string>& outcomes() const { return outcomes_; }
  const std::set<std::string>& grounded() const { return grounded_; }
  bool too_large() const { return too_large_; }  // then the sets mean nothing

 private:
  using Matrix = std::vector<std::vector<bool>>;

  // --- one choice of traces: events, then every reads-from, then every linearisation ---

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

  struct Read {
    int event;
    bool length;
    uint64_t byte;
  };

  bool writes(int w, const Read& r) const {
    const Event& e = events_[w].event;
    const Access& a = r.length ? e.length : e.data;
    const Event& reader = events_[r.event].event;
    const uint8_t memory = (r.length ? reader.length : reader.data).memory;
    return a.writes() && a.memory == memory && (r.length || a.covers(r.byte));
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

  static void close(Matrix& m) {
    const size_t n = m.size();
    for (size_t k = 0; k < n; ++k) {
      for (size_t i = 0; i < n; ++i) {
        if (!m[i][k]) continue;
        for (size_t j = 0; j < n; ++j) {
          if (m[k][j]) m[i][j] = true;
        }
      }
    }
  }

  // --- orders ---

  bool linearisable() {
    Matrix hb = base_;
    for (size_t i = 0; i < reads_.size(); ++i) {
      const Event &w = events_[sources_[i]].event, &r = events_[reads_[i].event].event;
      if (sync(reads_[i].length ? w.length : w.data, reads_[i].length ? r.length : r.data)) {
        hb[sources_[i]][reads_[i].event] = true;
      }
    }
    for (int a = 0; a < n_; ++a) {
      const Event& z = events_[a].event;
      for (int b = 0; b < n_ && !reading_.zeros_race; ++b) {
        const Event& o = events_[b].event;
        if (a != b && z.data.writes() && z.length.act == Act::rmw && o.data.act != Act::none &&
            overlap(z.data, o.data)) {
          hb[a][b] = true;
        }
      }
    }
    close(hb);
    // Only the order of queue events can still change hb; without them check hb once.
    bool queues = false;
    for (const NaiveEvent& e : events_) queues = queues || e.event.queue.act != QueueAct::none;
    if (!queues && !happens_before_consistent(hb)) return false;
    std::vector<int> tot;
    std::vector<bool> placed(n_, false);
    return linearise(hb, queues, tot, placed);
  }

  bool linearise(const Matrix& hb, bool queues, std::vector<int>& tot, std::vector<bool>& placed) {
    if (static_cast<int>(tot.size()) == n_) {
      if (!queues) return last_visible(hb, tot);
      Matrix extended = hb;
      return suspensions(tot, extended) && happens_before_consistent(extended) &&
             within(extended, tot) && last_visible(extended, tot);
    }
    for (int e = 0; e < n_; ++e) {
      if (placed[e]) continue;
      bool first = true;
      for (int p = 0; p < n_; ++p) first = first && (placed[p] || !hb[p][e]);
      if (!first) continue;
      placed[e] = true;
      tot.push_back(e);
      const bool found = linearise(hb, queues, tot, placed);
      tot.pop_back();
      placed[e] = false;
      if (found) return true;
    }
    return false;
  }

  bool within(const Matrix& hb, const std::vector<int>& tot) const {
    for (size_t i = 0; i < tot.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        if (hb[tot[i]][tot[j]]) return false;
      }
    }
    return true;
  }

  // Each queue as a list, in tot order; adds the hb edges.
  bool suspensions(const std::vector<int>& tot, Matrix& hb) const {
    std::set<std::array<uint64_t, 3>> addresses;
    const auto address = [&](int e) -> std::array<uint64_t, 3> {
      const Queueing& q = events_[e].event.queue;
      return {q.act == QueueAct::fence, q.memory, q.address};
    };
    for (const int e : tot) {
      if (events_[e].event.queue.act != QueueAct::none) addresses.insert(address(e));
    }
    for (const auto& a : addresses) {
      std::vector<int> sequence;
      for (const int e : tot) {
        if (events_[e].event.queue.act != QueueAct::none && address(e) == a) sequence.push_back(e);
      }
      std::vector<int> queue;
      for (size_t i = 0; i < sequence.size(); ++i) {
        const int e = sequence[i];
        const Queueing& q = events_[e].event.queue;
        if (q.act == QueueAct::wait) queue.push_back(e);
        if (q.act == QueueAct::timeout) {
          const auto found = std::find(queue.begin(), queue.end(), e - 1);
          if (found == queue.end()) return false;
          queue.erase(found);
        }
        if (q.act == QueueAct::notify) {
          if (q.woken > queue.size()) return false;
          if (q.woken < q.most && queue.size() != q.woken) return false;
          // Directly followed by the WOKEN of the oldest, in any order.
          std::set<int> expected, seen;
          for (uint32_t k = 0; k < q.woken; ++k) {
            expected.insert(queue[k] + 1);
            if (i + 1 + k >= sequence.size()) return false;
            const int w = sequence[i + 1 + k];
            if (events_[w].event.queue.act != QueueAct::woken) return false;
            seen.insert(w);
          }
          if (expected != seen) return false;
          queue.erase(queue.begin(), queue.begin() + q.woken);
          i += q.woken;
        } else if (q.act == QueueAct::woken) {
          return false;  // without its notify directly before
        }
      }
      for (size_t i = 0; i < sequence.size(); ++i) {
        for (size_t j = i + 1; j < sequence.size(); ++j) {
          if (ordered(sequence[i]) && ordered(sequence[j])) hb[sequence[i]][sequence[j]] = true;
        }
      }
    }
    close(hb);
    return true;
  }

  bool ordered(int e) const {
    const Queueing& q = events_[e].event.queue;
    return reading_.notify_zero || q.act != QueueAct::notify || q.woken > 0;
  }

  bool happens_before_consistent(const Matrix& hb) const {
    for (int e = 0; e < n_; ++e) {
      if (hb[e][e]) return false;
    }
    for (size_t i = 0; i < reads_.size(); ++i) {
      const int r = reads_[i].event, w = sources_[i];
      if (hb[r][w]) return false;
      for (int o = 0; o < n_; ++o) {
        if (writes(o, reads_[i]) && hb[w][o] && hb[o][r]) return false;
      }
    }
    for (int r = 0; r < n_; ++r) {  // no tearing
      const Access& a = events_[r].event.data;
      if (!a.reads() || !tear_free(a)) continue;
      std::set<int> whole;
      for (size_t i = 0; i < reads_.size(); ++i) {
        if (reads_[i].event != r || reads_[i].length) continue;
        const Event& w = events_[sources_[i]].event;
        const bool initial =
            w.data.order == Order::init || (!reading_.zeros_race && w.length.act == Act::rmw);
        if ((same(a, w.data) && tear_free(w.data)) || (initial && !reading_.init_tears)) {
          whole.insert(sources_[i]);
        }
      }
      if (whole.size() > 1) return false;
    }
    return (reading_.joined_flickers || joined_agree(hb)) &&
           (reading_.rmw_loses_store || no_store_lost(hb));
  }

  bool last(const Matrix& hb, size_t i) const {  // all writes of the byte happen before the read
    const Read& read = reads_[i];
    if (read.length || writes(read.event, read)) return false;
    for (int w = 0; w < n_; ++w) {
      if (writes(w, read) && !hb[w][read.event]) return false;
    }
    return true;
  }

  bool joined_agree(const Matrix& hb) const {
    for (size_t i = 0; i < reads_.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        if (reads_[i].byte == reads_[j].byte && last(hb, i) && last(hb, j) &&
            sources_[i] != sources_[j]) {
          return false;
        }
      }
    }
    return true;
  }

  int source_of(int e, uint64_t byte) const {
    for (size_t i = 0; i < reads_.size(); ++i) {
      if (reads_[i].event == e && !reads_[i].length && reads_[i].byte == byte) return sources_[i];
    }
    return -1;
  }

  bool no_store_lost(const Matrix& hb) const {
    for (size_t i = 0; i < reads_.size(); ++i) {
      const int r = reads_[i].event, w = sources_[i];
      if (reads_[i].length || !hb[w][r]) continue;
      std::set<int> chain;
      int first = w;
      while (events_[first].event.data.act == Act::rmw && chain.insert(first).second) {
        first = source_of(first, reads_[i].byte);
      }
      if (chain.empty() || chain.count(first)) continue;
      for (int s = 0; s < n_; ++s) {
        const Access& a = events_[s].event.data;
        if (a.act == Act::write && a.order == Order::unordered && writes(s, reads_[i]) &&
            same(a, events_[w].event.data) && !chain.count(s) && hb[first][s] && hb[s][r]) {
          return false;
        }
      }
    }
    return true;
  }

  bool last_visible(const Matrix& hb, const std::vector<int>& tot) const {
    std::vector<int> place(n_);
    for (int i = 0; i < n_; ++i) place[tot[i]] = i;
    const auto before = [&](int a, int b) { return place[a] < place[b]; };
    for (size_t i = 0; i < reads_.size(); ++i) {
      const bool len = reads_[i].length;
      const int r = reads_[i].event, w = sources_[i];
      if (!hb[w][r]) continue;
      const auto access = [&](int e) -> const Access& {
        return len ? events_[e].event.length : events_[e].event.data;
      };
      for (int o = 0; o < n_; ++o) {
        if (!access(o).writes() || access(o).memory != access(r).memory) continue;
        const bool o_r = sync(access(o), access(r)), w_o = sync(access(w), access(o));
        if (before(w, o) && before(o, r) && sync(access(w), access(r)) && o_r) return false;
        if (hb[w][o] && before(o, r) && o_r) return false;
        if (before(w, o) && hb[o][r] && w_o) return false;
      }
    }
    return true;
  }

  const OutcomeLayout layout_;
  std::vector<NaiveEvent> events_;
  std::vector<NaiveCondition> conditions_;
  std::vector<const NaiveTrace*> chosen_;
  std::vector<int> bases_;
  std::vector<Read> reads_;
  std::vector<int> sources_;
  Matrix base_;
  int n_ = 0, observers_ = 0;
  bool too_large_ = false;
  std::optional<bool> linearisable_;
  std::set<std::string> outcomes_, grounded_;
};

}  // namespace weft::model::testing
