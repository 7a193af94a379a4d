// An outcome of a litmus program as a value, and its one text form. Knows the program's registers
// and observations; not how outcomes are computed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reference/base/expected.h"
#include "reference/model/program.h"

namespace weft::model {

enum class Ending : uint8_t { finished, waiting, trapped };

// Where the values of a program's outcomes stand: the visible registers, thread by thread in their
// declared order, then the observations. At most Bounds::kOutcomeSlots.
struct OutcomeLayout {
  struct Slot {
    int thread = -1;     // -1: an observation
    uint32_t index = 0;  // into Thread::registers or Program::observe
    unsigned bits = 32;  // 32 or 64: width of the value
    std::string label;   // `0:r0` or `[x]`
  };
  std::vector<Slot> slots;
  unsigned threads = 0;

  explicit OutcomeLayout(const Program& program);
};

// A complete outcome: every slot that has a value, and how each thread ended. A thread that
// finished has all its registers (0 where never assigned); one that trapped or stays suspended has
// those that it had assigned. Used also for a partial outcome (`allow`, `forbid`, --outcome):
// slots without a value, and threads whose ending is not named, are then unconstrained.
struct Outcome {
  std::vector<uint64_t> values;  // one a slot; 0 where not present
  uint64_t present = 0;          // bit i: slot i has a value
  std::vector<Ending> endings;   // one a thread
  uint64_t endings_named = 0;    // partial outcomes: bit t: the ending of thread t is constrained

  bool operator==(const Outcome&) const = default;
};

// `0:r0=0 1:r1=0 [x]=2 1:waiting 2:trap`: slots in order, unsigned decimal; then waiting, trap.
std::string to_text(const OutcomeLayout& layout, const Outcome& outcome);

// Reads the text form, complete or partial, parts in any order; values decimal (a
// negative one stands for its two's complement) or 0x.
// `1:waiting` and `1:trap` constrain the ending of thread 1; `1:end` says that it finished.
// Errors: a part that names no visible register, observation or thread of the program; a value
// that does not fit; a part given twice with different values. Nothing at all is an error.
Expected<Outcome> parse_outcome(const OutcomeLayout& layout, std::string_view text);

// Does a complete outcome satisfy a partial one?
bool matches(const Outcome& partial, const Outcome& complete);

}  // namespace weft::model
