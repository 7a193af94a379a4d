// Runs a generated program whole and says all that can be observed of it, in weft's reference or in
// WABT's interpreter; and compares two such observations. Knows no generator.
#pragma once

#include <string>
#include <vector>

#include "fuzz/program_generator.h"
#include "reference/machine/value.h"

namespace weft::fuzz {

struct ObservedCall {
  bool trapped = false;
  std::string trap;  // in the engine's words, which are not compared
  std::vector<machine::Value> results;
};

struct Observed {
  std::string refused;  // not empty: there was no instance, and why
  std::vector<ObservedCall> calls;
  std::vector<machine::Value> globals;
  Bytes memory;  // after the last call
};

enum class ReferencePolicy : uint8_t { kNative, kStepping };
Observed run_reference(const Program& program, ReferencePolicy policy);
Observed run_wabt(const Program& program);

// The first thing that differs, empty when nothing does: results and globals (any NaN equals any
// NaN of its type), trap or not, size and bytes of the memory.
std::string difference(const Observed& left, const Observed& right);

// Generates, runs in both policies and in WABT, compares; empty when all agree.
std::string compare_execution(std::span<const uint8_t> input);

}  // namespace weft::fuzz
