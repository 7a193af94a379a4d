// One line of text for an event of a skeleton. Knows the program's names; no relation.
#pragma once

#include <string>

#include "reference/model/skeleton.h"

namespace weft::model {

// `x+2`, or the address.
std::string place_text(const Program& program, uint32_t memory, uint64_t address);
// The operation as the specification writes it, from Operation::text if that is set.
std::string operation_text(const Program& program, const Thread& thread, const Operation& op);
// What the event is: its operation, and what part of it.
std::string event_text(const Program& program, const Skeleton::Item& item);

}  // namespace weft::model
