// SARIF 2.1.0 (OASIS): a result a failure, with the requirement as its rule.
#include <set>

#include "results/report/report.h"
#include "results/summary.h"

namespace weft::results {

using nlohmann::json;

std::string sarif(const Run& run, const Tally& tally, const suite::Requirements& requirements) {
  json rules = json::array(), results = json::array();
  std::set<std::string> named;
  for (const auto& [key, record] : tally.final) {
    const bool failed = group_of(record.verdict) == Group::kFailed;
    if (!failed && record.verdict != Verdict::kXfail && record.verdict != Verdict::kDiverges) {
      continue;
    }
    const std::string rule = record.rule.empty() ? "weft" : record.rule;
    if (named.insert(rule).second) {
      json one = {{"id", rule}};
      if (const auto* requirement = requirements.find(rule.substr(0, rule.find('/')))) {
        one["shortDescription"] = {{"text", requirement->sentence}};
        one["fullDescription"] = {
            {"text", requirement->sentence + " (" + requirement->source + ")"}};
      }
      rules.push_back(one);
    }
    json one = {
        {"ruleId", rule},
        {"level", failed ? "error" : "note"},
        {"message",
         {{"text", std::string(name_of(record.verdict)) + " " + record.test + " on " +
                       record.runtime + ": " + record.reason}}},
        {"locations",
         json::array({{{"physicalLocation",
                        {{"artifactLocation", {{"uri", "suite/" + record.test + ".wat"}}}}}}})},
        {"partialFingerprints", {{"weft/v1", record.test + "@" + record.runtime}}},
        {"properties", {{"verdict", name_of(record.verdict)}, {"runtime", record.runtime}}}};
    if (record.verdict == Verdict::kXfail) {
      one["suppressions"] = json::array({{{"kind", "external"}, {"justification", record.issue}}});
    }
    results.push_back(one);
  }
  const json weft = run.header.value("weft", json::object());
  const json machine = run.header.value("machine", json::object());
  const json out = {
      {"version", "2.1.0"},
      {"runs",
       json::array(
           {{{"tool",
              {{"driver",
                {{"name", "weft"}, {"version", weft.value("version", "0")}, {"rules", rules}}}}},
             {"results", results},
             {"properties", {{"note", caveat(machine.value("isa", "unknown"))}}}}})}};
  return out.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace weft::results
