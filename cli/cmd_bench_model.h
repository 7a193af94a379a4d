// `weft bench model`: the speed of the oracle, with Google Benchmark where weft was built with it.
#pragma once

#include <string>
#include <vector>

namespace weft::cli {

int bench_model(const std::vector<std::string>& args);

}  // namespace weft::cli
