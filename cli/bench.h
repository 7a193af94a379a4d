// The parts of `weft bench`, one a file; cmd_bench.cc lists them. Knows no measurement itself.
#pragma once

#include <string>
#include <vector>

namespace weft::cli {

int bench_schedule(const std::vector<std::string>& args);
int bench_stimulus(const std::vector<std::string>& args);

}  // namespace weft::cli
