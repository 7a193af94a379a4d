// The first line of results.jsonl: what ran, with what, on which machine, when. Knows no verdicts.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "results/executor.h"

namespace weft::results {

struct RunHeader {
  std::string weft_version;
  std::string home;  // the clone, for its commit; or the installed folder
  std::string suite_sha256;
  std::string suite;  // of --suite, else empty
  std::vector<std::string> argv;
  uint64_t seed = 0;
  size_t tests = 0;
};

nlohmann::json make_header(const RunHeader& facts, const std::vector<Column>& columns);

// The commit that a clone's .git names, without starting git; "unknown" elsewhere.
std::string commit_of(const std::string& clone);

// Today as YYYY-MM-DD, in local time.
std::string today();

}  // namespace weft::results
