#include "results/expect_update.h"

#include <map>
#include <set>

#include "suite/test/glob.h"

namespace weft::results {

using nlohmann::json;

json updated_expectations(const json& current, const std::string& family, const json& run_header,
                          const Tally& tally) {
  std::map<std::string, std::string> when;  // runtime of this family -> condition
  for (const json& one : run_header.value("runtimes", json::array())) {
    if (one.value("family", "") == family) {
      const std::string name = one.value("name", "");
      when[name] = "name == " + name;
    }
  }
  json out =
      current.is_object() ? current : json{{"schema", "weft.expectations/1"}, {"family", family}};
  json rules = json::array();
  for (const json& rule : out.value("rules", json::array())) {
    // A rule for one test goes when that test passes where it was expected to fail.
    const std::string tests = rule.value("tests", "");
    bool stale = false;
    for (const auto& [key, record] : tally.final) {
      if (record.verdict == Verdict::kXpass && when.count(record.runtime) && record.test == tests &&
          (rule.value("when", "") == "" || rule.value("when", "") == when[record.runtime])) {
        stale = true;
      }
    }
    if (!stale) rules.push_back(rule);
  }
  for (const auto& [key, record] : tally.final) {
    const bool failure = record.verdict == Verdict::kFail || record.verdict == Verdict::kCrash ||
                         record.verdict == Verdict::kTimeout || record.verdict == Verdict::kOom;
    if (!failure || !when.count(record.runtime)) continue;
    rules.push_back({{"tests", record.test},
                     {"when", when[record.runtime]},
                     {"expect", {name_of(record.verdict)}},
                     {"issue", "to be written: an issue's address, or a weft id"},
                     {"note", record.rule + ": " + record.reason}});
  }
  out["rules"] = rules;
  return out;
}

}  // namespace weft::results
