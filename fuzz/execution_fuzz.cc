// Fuzz target: the input drives a generator of valid modules (program_generator.h), whose exports
// run in weft's reference (natively and stepping) and in WABT's interpreter; all must agree.
//
// Faults that it caught: stores of a constant to a 32-bit memory added address and offset in 32
// bits, so that i32.store16 offset=2008 of address -1 wrapped into the memory instead of trapping
// (core spec 4.4.7; reference/machine/access_test.cc). What WABT 1.0.32's interpreter lacks or does
// otherwise is taken away by the generator (wabt_gaps_test.cc): no difference is excused.
#include <fmt/core.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>

#include "fuzz/execution_engines.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 4096) return 0;  // more than a program takes
  const std::string found = weft::fuzz::compare_execution({data, size});
  if (!found.empty()) {
    fmt::print(stderr, "{}\n", found);
    std::fflush(stderr);
    __builtin_trap();
  }
  return 0;
}
