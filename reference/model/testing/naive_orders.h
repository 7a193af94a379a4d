// The naive checker's last third: one choice of events and of reads-from, and whether some total
// order makes it an execution. Every linearisation is tried; each axiom stands as in the text. Test
// support; see naive.h. Knows no values.
#pragma once

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include "reference/model/event.h"
#include "reference/model/testing/naive_trace.h"

namespace weft::model::testing {

class NaiveOrders : protected NaiveTraces {
 protected:
  using NaiveTraces::NaiveTraces;

  using Matrix = std::vector<std::vector<bool>>;

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

  std::vector<NaiveEvent> events_;
  std::vector<Read> reads_;
  std::vector<int> sources_;  // of each read: the event whose write it reads
  Matrix base_;               // program order, parent first, observers last
  int n_ = 0;                 // events

 private:
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
};

}  // namespace weft::model::testing
