// Litmus tests from critical cycles: all cycles of communication and program-order edges over two
// to four threads, with an annotation for every event and every program-order edge. Gives litmus
// text (docs/litmus.md); knows no model: which tests decide something is asked elsewhere.
//
// A cycle goes round its threads. A thread has two events at different locations, joined by a
// program-order edge, or a single write that is read from. From the last event of a thread a
// communication edge leads to the first event of the next, at the same location:
//   Rfe  write -> read    the read takes the write's value
//   Fre  read  -> write   the read takes the value before the write
//   Wse  write -> write   the second write is the final value
// The outcome that the cycle describes is forbidden if every edge is enforced (Alglave, Maranget:
// critical cycles; Shasha, Snir).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace weft::fuzz {

enum class Communication : uint8_t { kRfe, kFre, kWse };

// How an event is done.
enum class Access : uint8_t {
  kPlain,    // load, store
  kAtomic,   // atomic load, store
  kRmw,      // read: rmw.or 0; write: rmw.xchg
  kCmpxchg,  // read: a cmpxchg that fails; write: one that succeeds on the value before
};

// What stands between the two events of a thread.
enum class Between : uint8_t {
  kNothing,
  kFence,    // atomic.fence
  kNotify,   // a notify on a location that nobody waits on
  kRmw,      // rmw.add on one common location
  kCasFail,  // a cmpxchg that fails, on one common location
};

struct CycleThread {
  bool single = false;  // one event: a write, reached by Fre or Wse, left by Rfe
  Communication out = Communication::kRfe;  // to the next thread
  Access first = Access::kAtomic;
  Access second = Access::kAtomic;  // not for a single
  Between between = Between::kNothing;
};

struct Cycle {
  std::vector<CycleThread> threads;
  unsigned width = 32;  // bits of every access: 8, 16, 32, 64

  bool operator==(const Cycle&) const = default;
};
bool operator==(const CycleThread&, const CycleThread&);

// The same cycle from its smallest starting thread: two cycles are the same test exactly if their
// canonical forms are equal.
Cycle canonical(const Cycle& cycle);

// Unique among canonical cycles: the common name of the shape (or its edges), `+`, a letter for
// each event, then what differs from 32 bits and nothing in between. Example: `SB+aa-aa`,
// `MP+na-an`, `IRIW+a-a-aa-aa+16`, `SB+nn-nn+fence-po`.
std::string name_of(const Cycle& cycle);

struct CycleTest {
  std::string name;
  std::string text;     // litmus text, without expectations
  std::string outcome;  // the outcome that the cycle describes (registers, then observed cells)
};
CycleTest test_of(const Cycle& cycle);

struct CycleOptions {
  unsigned min_threads = 2, max_threads = 4;
  std::vector<Access> accesses = {Access::kPlain, Access::kAtomic};
  std::vector<Between> betweens = {Between::kNothing};
  std::vector<unsigned> widths = {32};
};

// Calls `visit` with every canonical cycle, each once, in a fixed order. `visit` returns false to
// stop.
void enumerate_cycles(const CycleOptions& options, const std::function<bool(const Cycle&)>& visit);

}  // namespace weft::fuzz
