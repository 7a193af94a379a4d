// The litmus program as a value: what the model enumerates, and what the text reader, the WAT
// reader, the explorer and the generators build. Owns meaning and bounds of its parts; knows no
// text format, no interpreter.
//
// Meaning of the whole: a parent allocates the memories (all bytes zero), performs `init` in
// order, spawns every thread, waits until each has finished, trapped or is suspended for ever,
// and then reads `observe` in order. A trap ends its thread only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace weft::model {

inline constexpr uint64_t kPageBytes = 65536;

enum class Type : uint8_t { i32, i64, f32, f64 };

enum class Mode : uint8_t { plain, atomic };

// How many bytes of a location are read or written, and how a loaded value becomes a register:
// `i64.load16_s` is {Type::i64, 2, Mode::plain, true}. A float is its bits. A v128 access equals
// two consecutive i64 accesses in this model (both tear into bytes) and is written so.
// Atomic accesses are i32 or i64, never sign-extended, and trap unless naturally aligned.
struct Shape {
  Type type = Type::i32;
  uint8_t bytes = 4;  // 1, 2, 4 or 8, at most the size of `type`
  Mode mode = Mode::plain;
  bool sign_extend = false;
};

// One addend of an operand: a constant, or the current value of a register of the same thread.
struct Term {
  enum class Op : uint8_t { add, exclusive_or };  // how it joins what stands on its left
  Op op = Op::add;
  bool is_register = false;
  uint32_t reg = 0;       // index into Thread::registers, if is_register
  uint64_t constant = 0;  // otherwise
};

// Sums and xors, evaluated from the left starting with 0, modulo 2^64, then wrapped to the width
// that is needed. No terms: 0.
struct Operand {
  std::vector<Term> terms;

  static Operand constant(uint64_t value) { return {{{Term::Op::add, false, 0, value}}}; }
  static Operand of_register(uint32_t reg) { return {{{Term::Op::add, true, reg, 0}}}; }
};

// Effective address = operand + offset in bytes. The operand must not depend on a value read
// (`r ^ r` does not); otherwise the program is refused.
struct Address {
  uint32_t memory = 0;  // index into Program::memories
  uint64_t offset = 0;  // a location's address, plus an offset inside it
  Operand operand;
};

enum class RmwOp : uint8_t { add, sub, bit_and, bit_or, bit_xor, exchange };

inline constexpr uint32_t kNoRegister = UINT32_MAX;

struct Operation {
  enum class Kind : uint8_t {
    load,     // dst = [address]
    store,    // [address] = value
    rmw,      // dst = [address]; [address] = dst op value
    cmpxchg,  // dst = [address]; if dst == wrap(expected): [address] = value
    fence,    // atomic.fence
    wait,    // dst = memory.atomic.wait32/64 address expected (shape.type i32 or i64), timed or not
    notify,  // dst = memory.atomic.notify address value (the most waiters to wake)
    size,    // dst = memory.size, pages
    grow,    // dst = memory.grow value (constant, pages); -1 is always possible
    fill,    // memory.fill address value length
    copy,    // memory.copy address source length
    init,    // memory.init address, from `bytes` (the whole of it is written)
    branch,  // if left == right (or !=): then_body else else_body
  };
  Kind kind = Kind::load;
  Shape shape;
  uint32_t dst = kNoRegister;  // index into Thread::registers; none: the result is dropped
  Address address;
  Address source;  // copy
  Operand value;
  Operand expected;
  RmwOp op = RmwOp::add;
  // A wait that has a timeout >= 0 may return 2 at any moment after it was queued (the model knows
  // no duration); one without waits for ever.
  bool has_timeout = false;
  uint64_t length = 0;         // fill, copy: bytes
  std::vector<uint8_t> bytes;  // init
  // branch: compares 64-bit zero-extended values.
  Operand left, right;
  bool equal = true;
  std::vector<Operation> then_body, else_body;
  // Where it stands in its source, for messages and drawings; empty: the model writes its own.
  std::string text;
};

// Registers start as 0. One that is assigned several times shows its last value.
struct Register {
  std::string name;
  Type type = Type::i32;
  bool hidden = false;  // not part of the outcome
};

struct Thread {
  std::vector<Register> registers;
  std::vector<Operation> body;
};

struct Memory {
  std::string name;
  uint64_t initial_pages = 1;
  uint64_t maximum_pages = 1;
};

// A name for an address, for printing only.
struct Location {
  std::string name;
  uint32_t memory = 0;
  uint64_t address = 0;
};

// A store by the parent before the threads start.
struct InitialStore {
  Shape shape;
  uint32_t memory = 0;
  uint64_t address = 0;
  uint64_t value = 0;
};

// A load by the parent after all threads have ended; printed as `[name]=value`.
struct Observation {
  std::string name;
  Shape shape;
  uint32_t memory = 0;
  uint64_t address = 0;
};

struct Program {
  std::string name;
  std::vector<Memory> memories;
  std::vector<Location> locations;
  std::vector<InitialStore> init;
  std::vector<Thread> threads;
  std::vector<Observation> observe;
};

// What the model accepts; everything beyond is refused with a message that names the bound.
struct Bounds {
  static constexpr unsigned kEvents = 64;  // of one execution, with those of the parent
  static constexpr unsigned kThreads = 16;
  static constexpr unsigned kMemories = 4;
  static constexpr unsigned kRegisters = 64;       // of one thread
  static constexpr unsigned kOutcomeSlots = 64;    // visible registers and observations
  static constexpr unsigned kOutcomes = 1u << 18;  // of one program
  static constexpr unsigned kBulkBytes = 32;       // of one fill, copy or init
  static constexpr unsigned kLoopTurns = 8;        // `repeat N`, unrolled by the text reader
  static constexpr unsigned kOperations = 4096;    // of one thread, loops unrolled
  static constexpr unsigned kNesting = 16;         // of branches
  static constexpr unsigned kTerms = 64;           // of one operand
};

}  // namespace weft::model
