// Machine threads between two executions: their stacks are kept, not mapped anew. Knows no
// schedule.
#pragma once

#include <memory>
#include <vector>

#include "reference/machine/thread.h"

namespace weft::schedule {

// One OS thread at a time. Must outlive the executions that use it.
struct SpareThreads {
  std::vector<std::unique_ptr<machine::Thread>> list;

  std::unique_ptr<machine::Thread> take() {
    if (list.empty()) return std::make_unique<machine::Thread>();
    auto thread = std::move(list.back());
    list.pop_back();
    return thread;
  }
};

}  // namespace weft::schedule
