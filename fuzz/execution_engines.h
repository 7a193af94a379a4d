// Runs a generated program whole and says all that can be observed of it, in weft's reference or in
// WABT's interpreter; and compares two such observations. Knows no generator.
#pragma once

#include <string>
#include <vector>

#include "fuzz/program_generator.h"
#include "fuzz/wabt_interpreter.h"
#include "reference/machine/value.h"

namespace weft::fuzz {

struct ObservedCall {
  bool trapped = false;
  std::string trap;  // in the specification's words; of WABT the ones that it may mean, with '|'
  std::vector<machine::Value> results;
};

// References are compared by what they are: 0 null, else the function's index, or the external
// number, plus one.
struct Observed {
  std::string refused;     // not empty: there was no instance, and why
  std::string start_trap;  // not empty: there was none because of this trap
  std::vector<ObservedCall> calls;
  std::vector<machine::Value> globals;
  std::vector<std::vector<machine::Value>> tables;
  std::vector<Bytes> memories;  // after the last call
};

// Stepping: every visible operation is stopped at and performed, by perform() and by the next run()
// in turn.
enum class ReferencePolicy : uint8_t { kNative, kStepping };
Observed run_reference(const Program& program, ReferencePolicy policy);
Observed run_wabt(const Program& program, WabtTrace* trace = nullptr);

// The first thing that differs, empty when nothing does: results, traps and their kinds, globals,
// tables, sizes and bytes of memories. What is not determined, the generator has taken away.
std::string difference(const Observed& left, const Observed& right);

// Generates, runs in both policies and in WABT, compares; empty when all agree.
std::string compare_execution(std::span<const uint8_t> input);

}  // namespace weft::fuzz
