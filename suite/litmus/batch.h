// The batched form of a litmus test: one plain module that runs hundreds of thousands of
// iterations in a process start and prints a histogram of outcomes. Knows WAT and the support
// library; not the model, not runtimes.
//
// Memory: bytes 0-4095 the support library, 4096-8191 control cells (each on cache lines of its
// own), from 8192 the texts, then a histogram a worker, the registers of a batch (an array a role,
// so that no two threads write to one cache line), the slots.
//
// One worker a role; roles rotate from batch to batch. Between two gates each worker runs its role
// through all slots of the batch: touch the locations (prefetch), pass the barrier (one RMW on a
// counter, then a spin on an atomic load), run the body. Who arrives last sees that at once, the
// others a cache miss later: `last_delay` holds the last one back for about that long, so that the
// bodies overlap. Outside the gates each worker stores the initial values of its share of the slots
// and counts the outcomes of its share. The main thread sleeps meanwhile: with two roles on two
// cores nobody is in the way.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weft::suite::litmus {

struct BatchRegister {
  unsigned thread = 0;
  std::string name;   // printed as `thread:name=`
  bool is64 = false;  // of type i64, else i32
  std::string local;  // of the thread that holds it, e.g. "$r0"
};

// A thread as a piece of a loop: `body` finds the slot's address in the local $base and its own
// locals as the last turn has left them. Identifiers that begin with `$.` are the loop's.
struct BatchThread {
  std::string locals;  // ` (local $r0 i32)...`
  std::string body;    // instructions of the text format, a line each
};

// A location's value, read once by the main thread after the batch.
struct BatchObserve {
  std::string name;     // printed as `[name]=`
  std::string load;     // e.g. "i32.load"
  bool is64 = false;    // type of the loaded value
  uint32_t offset = 0;  // relative to the slot
};

struct BatchInit {
  std::string store;  // e.g. "i32.store"
  bool is64 = false;
  uint32_t offset = 0;
  uint64_t value = 0;
};

struct BatchSpec {
  std::string name;  // of the test, for the comment
  std::vector<BatchThread> threads;
  std::string data;                      // fields for memory.init: data segment 0, or empty
  std::vector<BatchRegister> registers;  // as the outcome names them, thread 0's first
  std::vector<BatchObserve> observes;
  std::vector<BatchInit> inits;
  std::vector<uint32_t> touched;  // offsets that a thread prefetches
  uint32_t slot_size = 256;       // bytes of a slot that the test uses, a multiple of 64
};

struct BatchParameters {
  uint32_t slots = 1024;  // iterations a batch
  uint32_t stride = 256;  // distance of slots in bytes, at least slot_size
  uint32_t max_batches = 1024;
  uint32_t milliseconds = 1000;  // ends after the batch in which this much time has passed
  uint32_t delay_mask = 0;       // random spin after the barrier: 0..mask turns
  uint32_t last_delay = 0;       // turns that the last to arrive spins
  bool prefetch = true;
  // How long a thread spins at the barrier before it sleeps until the last one arrives. Longer than
  // it takes to wake a sleeper: else each iteration costs a wake-up once one has slept.
  uint32_t spin_microseconds = 500;
};

// The text of the module; link it with the support library (reference/module/assemble.h).
std::string batch_wat(const BatchSpec& spec, const BatchParameters& parameters);

// What a batched module printed.
struct Histogram {
  struct Line {
    uint64_t count = 0;
    std::string outcome;
  };
  std::vector<Line> lines;  // sorted by outcome
  uint64_t iterations = 0, overflow = 0;
  uint64_t voids = 0;     // trials that count for nothing (suite/litmus/trials.h)
  bool complete = false;  // the end line was there
};

// Reads `weft-hist COUNT OUTCOME`, `weft-hist-end ITERATIONS OVERFLOW` and `weft-void COUNT`; other
// lines are noise.
Histogram read_histogram(std::string_view out);

}  // namespace weft::suite::litmus
