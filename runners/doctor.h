// The doctor's examination: does a runtime run a program, and are the known hard cases handled (a
// trap, a hang, a flood of output, a module that is none)? Knows runtimes, prints nothing.
#pragma once

#include <string>
#include <vector>

#include "runners/descriptor.h"

namespace weft::runners {

struct Finding {
  std::string check;  // run, trap, hang, flood, refusal
  bool ok = false;
  std::string text;  // what was seen; when it is not ok, also what was expected
};

// Of a runtime that was found; takes some two seconds, most of them waiting for the deadline of
// what hangs. Several runtimes may be examined at once.
std::vector<Finding> examine(const Described& runtime);

}  // namespace weft::runners
