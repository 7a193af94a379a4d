// Expected failures: rules by runtime family, in order, first match wins
// (results/expectations/FAMILY.json, docs/ci.md). Knows no observations.
#pragma once

#include <atomic>
#include <deque>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "reference/base/expected.h"
#include "results/verdict.h"
#include "runners/runtime.h"

namespace weft::results {

struct ExpectationRule {
  std::string family;  // of the file
  std::string tests;   // glob over ids
  std::string when;    // expression over version, config, name; empty: always
  std::vector<Verdict> expect;
  std::string issue, note, until;  // until: YYYY-MM-DD, the last day it holds
  bool skip = false;
  std::string where;  // file and index, for messages
  mutable std::atomic<bool> used{false};
};

class Expectations {
 public:
  // Adds the rules of one file. An error names the file, the rule and the key.
  Expected<void> read(const std::string& path);
  // Every *.json of a folder; a folder that is not there holds none.
  Expected<void> read_folder(const std::string& folder);
  // An expectation file of a wasi-testsuite checkout: {"SUITE": {"TEST": "reason"}}. Its
  // tests may fail, crash or hang; a pass is none of XPASS's.
  Expected<void> read_testsuite(const std::string& path, const std::string& family);

  // The first rule that matches and has not expired on `today` (YYYY-MM-DD), or nullptr.
  const ExpectationRule* find(const std::string& test, const runners::RuntimeInfo& runtime) const;

  // Applies a rule to a verdict: XFAIL, XPASS or what it was. `reason` is extended.
  static Verdict apply(const ExpectationRule& rule, Verdict verdict, std::string& reason);

  // Rules that matched nothing, although a runtime of their family ran; and expired ones.
  std::vector<std::string> complaints(const std::vector<runners::RuntimeInfo>& ran) const;

  void set_today(const std::string& date) { today_ = date; }
  size_t size() const { return rules_.size(); }

 private:
  std::deque<ExpectationRule> rules_;
  std::string today_;
};

// `version < 2.5 and config == fast`; also `name`, `or`, `not`, parentheses, == != < <= > >=.
// Versions compare by their numbers, other words as text.
Expected<bool> holds(const std::string& when, const runners::RuntimeInfo& runtime);

}  // namespace weft::results
