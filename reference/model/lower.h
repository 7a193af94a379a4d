// A program made ready for the searches: thread bodies as linear code, what each memory may grow
// to, and the checks that refuse a program beyond the bounds. Knows operations, no semantics.
#pragma once

#include <cstdint>
#include <vector>

#include "reference/base/expected.h"
#include "reference/model/outcome.h"
#include "reference/model/program.h"

namespace weft::model {

struct Code {
  enum class Kind : uint8_t { operation, branch, jump };
  Kind kind = Kind::operation;
  const Operation* operation = nullptr;
  unsigned target = 0;  // branch: where the else part begins; jump: where to go on
  unsigned end = 0;     // branch: the first instruction after both parts
};

enum class Bound : uint8_t { inside, outside, depends };

struct Lowered {
  const Program* program = nullptr;
  std::vector<std::vector<Code>> threads;
  std::vector<std::vector<int>> slots;  // of thread, register: the outcome's slot, or -1
  std::vector<bool> grows;              // memory: some operation grows it (perhaps by 0 pages)
  std::vector<uint64_t> most_pages;     // memory: the most pages that it can ever have
  std::vector<std::vector<uint64_t>> lengths;  // memory: the lengths in bytes that grows can meet
  unsigned waits = 0, notifies = 0, fences = 0;
  unsigned slot_count = 0;

  bool queues() const { return waits + notifies > 0; }
  bool any_grow() const;
  // Does [address, address + bytes) lie inside, whatever the length that the check reads?
  Bound bound(uint32_t memory, uint64_t address, uint64_t bytes) const;
};

// Errors: the bound that is broken, or the first part of the program that has no meaning. The
// program must outlive the result.
Expected<Lowered> lower(const Program& program);

// Width in bits of what a branch compares: 32 if all its registers are, else 64.
unsigned branch_bits(const Thread& thread, const Operation& branch);

constexpr unsigned type_bits(Type type) { return type == Type::i32 || type == Type::f32 ? 32 : 64; }

}  // namespace weft::model
