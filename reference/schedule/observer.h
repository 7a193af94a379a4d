// Small observers of a deterministic run: they see each step after it was made, on the OS thread
// that makes it, one step at a time; `step` and what it points to are good until on_step() returns.
#pragma once

#include <cstdint>
#include <vector>

#include "reference/machine/thread.h"
#include "reference/schedule/agent.h"

namespace weft::schedule {

struct Step {
  enum class Kind : uint8_t {
    kOperation,  // the visible operation `operation`
    kExpire,     // a timed wait ended because its time had come
    kRetry,      // a blocked host call was tried again
    kReturn,     // the main agent's last entry returned
    kTrap,       // a trap outside a visible operation
    kCompute,    // more of a long thread-local computation (VirtualOptions::work_limit)
  };
  Kind kind = Kind::kOperation;
  uint64_t number = 0;  // from 0
  uint64_t time = 0;    // virtual nanoseconds
  const Agent* agent = nullptr;
  machine::VisibleOp operation;    // kOperation
  machine::Thread::Place place{};  // where the agent stood before the step
  // What the operation pushed: loaded or previous value, result of grow, size, notify, host call.
  uint64_t result = 0;       // of a v128 the low half
  uint64_t result_high = 0;  // operation.result_width 16: the high half
  bool has_result = false;
  bool waits = false;  // kOperation: the agent is suspended now
  // What a host call wrote into guest memories, in order; for thread-spawn the data segments that
  // the new instance brings.
  struct Write {
    uint64_t address = 0;
    std::vector<uint8_t> bytes;
  };
  std::vector<Write> writes;
};

class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on_step(const Step& step) = 0;
};

}  // namespace weft::schedule
