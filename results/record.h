// One line of results.jsonl (weft.result/1): a test on a runtime, one attempt. Everything that is
// shown later (matrix, JUnit, HTML, ...) is computed from these lines. Knows no files.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "reference/base/expected.h"
#include "results/verdict.h"

namespace weft::results {

struct Record {
  std::string test, test_sha256;  // id; of the module
  std::string runtime;            // full name
  int attempt = 1;                // from 1
  bool final = true;              // false: kept, but a later attempt of the same case decides
  Verdict verdict = Verdict::kHarnessError;
  std::vector<std::string> requirements;
  std::vector<std::string> blamed;  // rows that the output names as failed; empty: not said
  std::string rule;                 // REQ-ID or REQ-ID/axiom
  nlohmann::json expected, observed;
  nlohmann::json provides;
  std::vector<std::string> argv;
  nlohmann::json env = nlohmann::json::object();
  std::vector<std::string> dirs;  // paths in argv that were the case's own; for run.sh, not stored
  uint64_t seed = 0;
  double seconds = 0;
  double host_load = 0;  // 1-minute load average when it ended
  nlohmann::json histogram, evidence;
  std::string severity, reason, issue;  // issue: of the expectation that applied
  bool host = false;
  bool not_run = false;                // the run ended before it: SKIPPED, and --resume runs it
  int rate_failed = 0, rate_runs = 0;  // of a sound failure that was run again to state its rate
  std::string repro;
};

nlohmann::json to_json(const Record& record);
// `where` is for messages (file and line).
Expected<Record> read_record(const nlohmann::json& line, const std::string& where);

// Text as JSON can carry it: {"stdout": text}, or {"stdout_base64": ...} if it is not UTF-8.
void put_text(nlohmann::json& object, const std::string& key, const std::string& text);

}  // namespace weft::results
