// One choice of control paths through a program: its events in program order, the values that they
// write, what the paths demand of the values read, and the shape of the outcome. No reads-from yet.
#pragma once

#include <cstdint>
#include <vector>

#include "reference/model/event.h"
#include "reference/model/expression.h"
#include "reference/model/outcome.h"

namespace weft::model {

// What a path demands: `left == right`, or `!=`.
struct Demand {
  ExprId left = 0, right = 0;
  bool equal = true;
};

struct SlotValue {
  unsigned slot = 0;  // of the outcome
  ExprId value = 0;
};

struct Skeleton {
  // Events in order: the parent's, thread by thread, the observer's.
  struct Item {
    Event event;
    ExprId written = 0;           // data: the number whose low bytes are written
    uint64_t length_written = 0;  // length: always a constant
    uint64_t length_least = 0, length_most = UINT64_MAX;  // length read: what the path demands
    bool demands_data = false;  // data read: it must be `demanded` (also among the demands)
    uint64_t demanded = 0;
    Mask control = 0;          // events whose read value (or wake-up) lets this one happen
    Mask length_control = 0;   // events whose bounds check lets this one happen
    bool reads_first = false;  // whether or what it writes depends on its own read
    const Operation* operation = nullptr;  // none: the parent's
  };
  std::vector<Item> items;
  std::vector<Demand> demands;
  std::vector<SlotValue> values;
  std::vector<Ending> endings;
  unsigned parent_events = 0;     // the first so many items
  unsigned observer_events = 0;   // the last so many
  bool has_queue = false;         // any item with a queueing action
  bool has_dependencies = false;  // any value written or control that depends on a read

  unsigned size() const { return static_cast<unsigned>(items.size()); }
};

}  // namespace weft::model
