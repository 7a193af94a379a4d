// An agent (the threads proposal's word): one thread of a program as schedulers see it. Owns its
// machine threads and what the embedder keeps for it. Knows no OS thread and no scheduler.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "reference/machine/thread.h"

namespace weft::schedule {

// A call to make, one after the other in the same agent: for the main agent first the start
// function of its instance, then its entry.
struct Entry {
  const machine::Func* function = nullptr;
  std::vector<machine::Value> arguments;
};

struct Agent {
  uint32_t number = 0;  // in order of creation; 0: the main agent
  uint32_t tid = 0;     // what the program calls it; 0: the main agent
  std::vector<Entry> entries;
  size_t next_entry = 0;
  // The call that runs, at the back: above it stand calls that a host function asked for (the start
  // function of an instance that is being made).
  std::vector<std::unique_ptr<machine::Thread>> calls;
  std::shared_ptr<void> keep;        // lives as long as the agent: its instance
  std::shared_ptr<void> host_state;  // of the host call under way; the embedder's

  machine::Thread& top() { return *calls.back(); }
};

}  // namespace weft::schedule
