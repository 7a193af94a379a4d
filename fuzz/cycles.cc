#include "fuzz/cycles.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace weft::fuzz {
namespace {

auto key(const CycleThread& t) {
  return std::make_tuple(t.single, t.out, t.first, t.single ? Access::kPlain : t.second,
                         t.single ? Between::kNothing : t.between);
}

// Shape first, annotations second: what has the same shape gets the same starting thread, so that a
// name's letters stand for the same roles.
auto keys(const Cycle& cycle) {
  std::vector<std::pair<bool, Communication>> shape;
  std::vector<decltype(key(cycle.threads[0]))> all;
  for (const CycleThread& t : cycle.threads) {
    shape.emplace_back(t.single, t.out);
    all.push_back(key(t));
  }
  return std::make_pair(std::move(shape), std::move(all));
}

// Is the first event of thread i a write? It is reached by the edge of the thread before.
bool first_writes(const Cycle& c, size_t i) {
  const size_t n = c.threads.size();
  return c.threads[(i + n - 1) % n].out != Communication::kRfe;
}
bool last_writes(const CycleThread& t) { return t.out != Communication::kFre; }

// A single must be reached by Fre or Wse and left by Rfe: other pairs of edges compose to one edge.
bool well_formed(const Cycle& c) {
  size_t pairs = 0;
  for (size_t i = 0; i < c.threads.size(); ++i) {
    const CycleThread& t = c.threads[i];
    if (!t.single) {
      ++pairs;
      continue;
    }
    if (t.out != Communication::kRfe || !first_writes(c, i)) return false;
    // Two singles in a row would make three events of the same kind at one location.
    if (c.threads[(i + 1) % c.threads.size()].single) return false;
  }
  return pairs >= 2;
}

char letter(Access access) {
  switch (access) {
    case Access::kPlain:
      return 'n';
    case Access::kAtomic:
      return 'a';
    case Access::kRmw:
      return 'r';
    case Access::kCmpxchg:
      return 'c';
  }
  return '?';
}

const char* text_of(Between between) {
  switch (between) {
    case Between::kNothing:
      return "po";
    case Between::kFence:
      return "fence";
    case Between::kNotify:
      return "notify";
    case Between::kRmw:
      return "rmw";
    case Between::kCasFail:
      return "casfail";
  }
  return "?";
}

const char* text_of(Communication edge) {
  switch (edge) {
    case Communication::kRfe:
      return "Rfe";
    case Communication::kFre:
      return "Fre";
    case Communication::kWse:
      return "Wse";
  }
  return "?";
}

std::string edges(const Cycle& c) {
  std::string out;
  for (size_t i = 0; i < c.threads.size(); ++i) {
    const CycleThread& t = c.threads[i];
    if (i) out += "-";
    if (t.single) {
      out += "W-";
    } else {
      out += fmt::format("Pod{}{}-", first_writes(c, i) ? 'W' : 'R', last_writes(t) ? 'W' : 'R');
    }
    out += text_of(t.out);
  }
  return out;
}

// The names that the literature gives, by the edges of a cycle; found for any starting thread.
std::string shape_name(const Cycle& cycle) {
  static const std::map<std::string, std::string> names = [] {
    const auto make = [](std::vector<std::pair<bool, Communication>> threads) {
      Cycle c;
      for (auto [single, out] : threads) c.threads.push_back({single, out});
      return edges(canonical(c));
    };
    using enum Communication;
    return std::map<std::string, std::string>{
        {make({{false, kFre}, {false, kFre}}), "SB"},
        {make({{false, kRfe}, {false, kFre}}), "MP"},
        {make({{false, kRfe}, {false, kRfe}}), "LB"},
        {make({{false, kRfe}, {false, kWse}}), "S"},
        {make({{false, kWse}, {false, kFre}}), "R"},
        {make({{false, kWse}, {false, kWse}}), "2+2W"},
        {make({{true, kRfe}, {false, kRfe}, {false, kFre}}), "WRC"},
        {make({{true, kRfe}, {false, kFre}, {false, kFre}}), "RWC"},
        {make({{true, kRfe}, {false, kRfe}, {false, kWse}}), "WWC"},
        {make({{true, kRfe}, {false, kFre}, {false, kWse}}), "WRR+2W"},
        {make({{true, kRfe}, {false, kWse}, {false, kFre}}), "WRW+WR"},
        {make({{true, kRfe}, {false, kWse}, {false, kWse}}), "WRW+2W"},
        {make({{false, kRfe}, {false, kRfe}, {false, kFre}}), "ISA2"},
        {make({{false, kRfe}, {false, kFre}, {false, kFre}}), "W+RWC"},
        {make({{false, kWse}, {false, kRfe}, {false, kFre}}), "Z6.3"},
        {make({{false, kFre}, {false, kFre}, {false, kFre}}), "3.SB"},
        {make({{false, kRfe}, {false, kRfe}, {false, kRfe}}), "3.LB"},
        {make({{false, kWse}, {false, kWse}, {false, kWse}}), "3.2W"},
        {make({{false, kFre}, {false, kFre}, {false, kFre}, {false, kFre}}), "4.SB"},
        {make({{false, kRfe}, {false, kRfe}, {false, kRfe}, {false, kRfe}}), "4.LB"},
        {make({{false, kWse}, {false, kWse}, {false, kWse}, {false, kWse}}), "4.2W"},
        {make({{true, kRfe}, {false, kFre}, {true, kRfe}, {false, kFre}}), "IRIW"},
    };
  }();
  Cycle plain;
  for (const CycleThread& t : cycle.threads) plain.threads.push_back({t.single, t.out});
  const std::string all = edges(canonical(plain));
  const auto found = names.find(all);
  return found == names.end() ? all : found->second;
}

// One event of the laid-out cycle.
struct Event {
  bool write = false;
  Access access = Access::kPlain;
  size_t location = 0;
  uint64_t value = 0;   // written, or read in the outcome
  uint64_t before = 0;  // of a write: the value it replaces in the outcome
};

std::string location_name(size_t i) { return fmt::format("x{}", i); }

std::string event_text(const Event& e, unsigned width, const std::string& reg) {
  const std::string at = location_name(e.location);
  const char* type = width == 64 ? "i64" : "i32";
  const bool narrow = width < 32;
  const std::string bits = narrow ? fmt::format("{}", width) : "";
  const std::string rmw = narrow ? fmt::format("rmw{}", width) : "rmw";
  const char* unsigned_suffix = narrow ? "_u" : "";
  switch (e.access) {
    case Access::kPlain:
      return e.write ? fmt::format("{}.store{} {} {}", type, bits, at, e.value)
                     : fmt::format("{} = {}.load{}{} {}", reg, type, bits, unsigned_suffix, at);
    case Access::kAtomic:
      return e.write
                 ? fmt::format("{}.atomic.store{} {} {}", type, bits, at, e.value)
                 : fmt::format("{} = {}.atomic.load{}{} {}", reg, type, bits, unsigned_suffix, at);
    case Access::kRmw:
      return e.write
                 ? fmt::format("{} = {}.atomic.{}.xchg{} {} {}", reg, type, rmw, unsigned_suffix,
                               at, e.value)
                 : fmt::format("{} = {}.atomic.{}.or{} {} 0", reg, type, rmw, unsigned_suffix, at);
    case Access::kCmpxchg:
      // 7 is never in the cell: the cmpxchg of a read fails always.
      return e.write ? fmt::format("{} = {}.atomic.{}.cmpxchg{} {} {} {}", reg, type, rmw,
                                   unsigned_suffix, at, e.before, e.value)
                     : fmt::format("{} = {}.atomic.{}.cmpxchg{} {} 7 7", reg, type, rmw,
                                   unsigned_suffix, at);
  }
  return {};
}

std::string between_text(Between between) {
  switch (between) {
    case Between::kNothing:
      return {};
    case Between::kFence:
      return "atomic.fence";
    case Between::kNotify:
      return "_ = memory.atomic.notify z 1";
    case Between::kRmw:
      return "_ = i32.atomic.rmw.add z 1";
    case Between::kCasFail:
      return "_ = i32.atomic.rmw.cmpxchg z 7 7";
  }
  return {};
}

}  // namespace

bool operator==(const CycleThread& a, const CycleThread& b) { return key(a) == key(b); }

Cycle canonical(const Cycle& cycle) {
  Cycle best = cycle, turned = cycle;
  auto best_keys = keys(best);
  for (size_t i = 1; i < cycle.threads.size(); ++i) {
    std::rotate(turned.threads.begin(), turned.threads.begin() + 1, turned.threads.end());
    auto turned_keys = keys(turned);
    if (turned_keys < best_keys) {
      best = turned;
      best_keys = std::move(turned_keys);
    }
  }
  return best;
}

std::string name_of(const Cycle& given) {
  const Cycle cycle = canonical(given);
  std::string name = shape_name(cycle) + "+", between;
  bool any_between = false;
  for (size_t i = 0; i < cycle.threads.size(); ++i) {
    const CycleThread& t = cycle.threads[i];
    if (i) name += "-";
    name += letter(t.first);
    if (t.single) continue;
    name += letter(t.second);
    between += fmt::format("{}{}", between.empty() ? "+" : "-", text_of(t.between));
    any_between |= t.between != Between::kNothing;
  }
  if (cycle.width != 32) name += fmt::format("+{}", cycle.width);
  if (any_between) name += between;
  return name;
}

CycleTest test_of(const Cycle& given) {
  const Cycle cycle = canonical(given);
  const size_t n = cycle.threads.size();
  // Locations: a program-order edge changes it, a communication edge keeps it.
  size_t locations = 0;
  for (const CycleThread& t : cycle.threads) locations += !t.single;
  std::vector<std::vector<Event>> events(n);
  size_t current = 0;  // location of the first event of thread 0
  for (size_t i = 0; i < n; ++i) {
    const CycleThread& t = cycle.threads[i];
    events[i].push_back({first_writes(cycle, i), t.first, current});
    if (!t.single) {
      current = (current + 1) % locations;
      events[i].push_back({last_writes(t), t.second, current});
    }
  }
  // Values: along the chain of communication edges of each location.
  std::vector<uint64_t> written(locations, 0);
  std::vector<bool> observed(locations, false);
  size_t start = 0;  // a thread whose last event begins a chain: one with two events
  while (cycle.threads[start].single) ++start;
  for (size_t step = 0; step < n; ++step) {
    const size_t i = (start + step) % n, next = (i + 1) % n;
    Event& from = events[i].back();
    Event& to = events[next].front();
    uint64_t& value = written[from.location];
    if (!cycle.threads[i].single) {
      if (from.write) {
        from.before = value;
        from.value = ++value;
      } else {
        from.value = value;
      }
    }
    if (to.write) {
      to.before = value;
      to.value = ++value;
      if (cycle.threads[i].out == Communication::kWse) observed[from.location] = true;
    } else {
      to.value = value;
    }
  }

  CycleTest test;
  test.name = name_of(cycle);
  const bool dummy = std::any_of(cycle.threads.begin(), cycle.threads.end(), [](const auto& t) {
    return !t.single && t.between != Between::kNothing && t.between != Between::kFence;
  });
  std::string init;
  for (size_t i = 0; i < locations; ++i) init += fmt::format(" {}=0", location_name(i));
  const std::string type = cycle.width == 64 ? "i64" : "i32";
  const std::string narrow = cycle.width < 32 ? fmt::format("{}", cycle.width) : "";
  test.text = fmt::format("litmus {}\ninit {}{}{}\n", test.name, type, narrow, init);
  if (dummy) test.text += "init i32 z=0\n";
  for (size_t i = 0; i < n; ++i) {
    test.text += fmt::format("thread {}\n", i);
    unsigned next_register = 0;
    for (size_t k = 0; k < events[i].size(); ++k) {
      const Event& e = events[i][k];
      if (k == 1) {
        const std::string extra = between_text(cycle.threads[i].between);
        if (!extra.empty()) test.text += "  " + extra + "\n";
      }
      const bool gives = !e.write || e.access == Access::kRmw || e.access == Access::kCmpxchg;
      const std::string reg = gives ? fmt::format("r{}", next_register++) : "";
      test.text += "  " + event_text(e, cycle.width, reg) + "\n";
      if (gives) {
        if (!test.outcome.empty()) test.outcome += " ";
        test.outcome += fmt::format("{}:{}={}", i, reg, e.write ? e.before : e.value);
      }
    }
  }
  for (size_t i = 0; i < locations; ++i) {
    if (!observed[i]) continue;
    test.text += fmt::format("observe {}{} {}\n", type, narrow, location_name(i));
    test.outcome +=
        fmt::format("{}[{}]={}", test.outcome.empty() ? "" : " ", location_name(i), written[i]);
  }
  return test;
}

void enumerate_cycles(const CycleOptions& options, const std::function<bool(const Cycle&)>& visit) {
  std::vector<CycleThread> choices;
  using enum Communication;
  for (Communication out : {kRfe, kFre, kWse}) {
    for (Access first : options.accesses) {
      for (Access second : options.accesses) {
        for (Between between : options.betweens) {
          choices.push_back({false, out, first, second, between});
        }
      }
    }
  }
  for (Access first : options.accesses) choices.push_back({true, kRfe, first});
  for (unsigned n = options.min_threads; n <= options.max_threads; ++n) {
    for (unsigned width : options.widths) {
      std::vector<size_t> index(n, 0);
      while (true) {
        Cycle cycle;
        cycle.width = width;
        for (size_t i : index) cycle.threads.push_back(choices[i]);
        if (well_formed(cycle) && keys(canonical(cycle)) == keys(cycle)) {
          if (!visit(cycle)) return;
        }
        size_t at = 0;
        while (at < n && ++index[at] == choices.size()) index[at++] = 0;
        if (at == n) break;
      }
    }
  }
}

}  // namespace weft::fuzz
