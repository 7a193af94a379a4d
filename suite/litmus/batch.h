// The batched form of a litmus test: one plain module that runs hundreds of thousands of
// iterations in a process start and prints a histogram of outcomes. Knows WAT and the support
// library; not the model, not runtimes.
//
// Memory: bytes 0-4095 the support library, 4096-8191 control cells (each on a cache line of its
// own), from 8192 the texts, then the histogram, the registers of a batch, the slots.
//
// One thread a role; roles rotate from batch to batch. In an iteration each thread touches its
// locations (prefetch), passes the barrier (one RMW on a counter, then a spin on an atomic load),
// optionally spins for a random number of turns, and runs the body of its role on the slot. The
// main thread stores the initial values before a batch and counts the outcomes after it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weft::suite::litmus {

struct BatchRegister {
  unsigned thread = 0;
  std::string name;   // printed as `thread:name=`
  bool is64 = false;  // result type i64, else i32
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
  std::string name;                      // of the test, for the comment
  std::vector<std::string> threads;      // functions `$threadN (param $base i32) (result ...)`, WAT
  std::string data;                      // fields for memory.init: data segment 0, or empty
  std::vector<BatchRegister> registers;  // in the order of the results, thread 0's first
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
  bool prefetch = true;
  uint32_t spin_turns = 2000;  // of the barrier, before a thread sleeps until the last one arrives
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
  bool complete = false;  // the end line was there
};

// Reads `weft-hist COUNT OUTCOME` and `weft-hist-end ITERATIONS OVERFLOW`; other lines are noise.
Histogram read_histogram(std::string_view out);

}  // namespace weft::suite::litmus
