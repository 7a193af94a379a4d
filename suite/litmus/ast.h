// A litmus test as it is written: locations, initial values, threads with branches and loops,
// expectations (docs/litmus.md). One source: the model's program value, the batched module and the
// WAT form are made from it. Knows no model, no runtimes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "reference/base/expected.h"
#include "reference/module/opcode.h"

namespace weft::suite::litmus {

struct Place {
  unsigned line = 0, column = 0;  // from 1; 0: not from a text
};

// A constant, a register of the thread, or the sum or exclusive or of two operands. Arithmetic is
// modulo 2^64; an operation takes the low bits it needs.
struct Expr {
  enum class Kind : uint8_t { kConst, kRegister, kSum, kXor };
  Kind kind = Kind::kConst;
  uint64_t value = 0;  // kConst; floats as their bits
  uint32_t reg = 0;    // kRegister: index into the thread's registers
  std::shared_ptr<const Expr> left, right;
};

// An effective address: a location plus a constant, plus a register (address dependency).
struct Address {
  uint32_t location = 0;
  uint32_t offset = 0;
  std::optional<uint32_t> reg;
};

struct Statement;
using Block = std::vector<Statement>;

struct Statement {
  enum class Kind : uint8_t { kOperation, kIf, kRepeat };
  Kind kind = Kind::kOperation;
  Place place;

  // kOperation
  const module::OpcodeInfo* opcode = nullptr;
  std::optional<uint32_t> result;  // register
  std::optional<Address> address;  // memory accesses, wait, notify; fill, copy, init: destination
  std::optional<Address> source;   // memory.copy
  std::vector<Expr> operands;      // in the order of the instruction, behind the address

  // kIf: `reg == value` (or != when `negated`)
  uint32_t reg = 0;
  uint64_t value = 0;
  bool negated = false;
  Block then_block, else_block;

  // kRepeat: `times` copies of then_block
  uint32_t times = 0;
};

struct Register {
  std::string name;
  char type = 'i';  // as in opcodes.def: i, I; floats are kept as bits of i (f) and I (F)
  bool hidden() const { return name.starts_with("_"); }
};

struct Thread {
  std::vector<Register> registers;  // in the order of first assignment
  Block body;
};

struct Location {
  std::string name;
  uint32_t address = 0;  // relative to the test's base
};

// A store before the threads start; `opcode` is the store instruction that does it.
struct Init {
  const module::OpcodeInfo* opcode = nullptr;
  uint32_t location = 0, offset = 0;
  uint64_t value = 0;
};

// Observations are read in order, each once: two of one location are two reads, which may differ.
struct Observe {
  const module::OpcodeInfo* opcode = nullptr;  // the load instruction that reads it
  uint32_t location = 0, offset = 0;
  std::string name;  // in outcomes; empty: its place, `x` or `x+2`
};

// A partial outcome: only what is named must match.
struct Expectation {
  bool allowed = false;
  std::string outcome;  // e.g. "0:r0=0 1:r1=0"
  Place place;
};

struct LitmusTest {
  std::string name;
  std::string file;
  Place place;         // of its name; not from a text: 0
  std::string header;  // JSON of the `;;!` lines before it, or empty
  uint32_t min_pages = 1, max_pages = 1;
  bool explicit_memory = false;
  bool init_zero = false;  // only the zero bytes of a fresh memory
  std::vector<Location> locations;
  std::vector<Init> inits;  // every location has one unless init_zero
  std::string data;         // bytes of the passive segment of memory.init
  std::vector<Thread> threads;
  std::vector<Observe> observes;
  std::vector<Expectation> expectations;
};

// How an outcome names an observation: `[label]=value`.
std::string observe_label(const LitmusTest& test, const Observe& observe);
// Where the test stands: `file:line:column: test NAME`, or without line.
std::string place_text(const LitmusTest& test);

// The instruction with this name of the text format; null: there is none.
const module::OpcodeInfo* opcode_by_name(std::string_view name);

// All tests of a text. Errors: `file:line:column: what, expected`.
Expected<std::vector<LitmusTest>> read_litmus(std::string_view text, const std::string& file);
Expected<std::vector<LitmusTest>> read_litmus_file(const std::string& path);
// The text of one test; read_litmus gives an equal test back.
std::string print_litmus(const LitmusTest& test);
// One operation as it stands in the text.
std::string statement_text(const LitmusTest& test, const Thread& thread,
                           const Statement& statement);

}  // namespace weft::suite::litmus
