// Runs one call of a script to its end: host calls of spectest return at once, waits park the OS
// thread. Knows no commands.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "reference/machine/thread.h"

namespace weft::script {

// What all threads of one script share. `stop` ends whatever still runs or waits.
struct Parking {
  std::mutex mutex;
  std::condition_variable condition;
  std::atomic<uint32_t> stop{0};

  void stop_all();
};

struct Outcome {
  enum class Kind { kResults, kTrap, kStopped } kind = Kind::kResults;
  std::vector<machine::Value> results;
  machine::Trap trap;
};

// `stepwise`: every visible operation is performed on its own (the policy of schedulers).
Outcome call(const machine::Func& function, const std::vector<machine::Value>& arguments,
             Parking& parking, bool stepwise);

}  // namespace weft::script
