#include "results/expectations.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "reference/base/files.h"
#include "reference/base/schema.h"
#include "suite/test/glob.h"

namespace weft::results {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const json& schema() {
  static const json kSchema = json::parse(R"({
    "type": "object", "required": ["schema", "family", "rules"], "additionalProperties": false,
    "properties": {
      "schema": { "enum": ["weft.expectations/1"] },
      "family": { "type": "string" },
      "about": { "type": "string" },
      "rules": { "type": "array", "items": {
        "type": "object", "required": ["tests", "expect", "issue", "note"],
        "additionalProperties": false,
        "properties": {
          "tests": { "type": "string" },
          "when": { "type": "string" },
          "expect": { "type": "array", "items": { "type": "string" } },
          "issue": { "type": "string", "pattern": "." },
          "note": { "type": "string", "pattern": "." },
          "until": { "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" },
          "skip": { "type": "boolean" } } } } } })");
  return kSchema;
}

}  // namespace

Expected<void> Expectations::read(const std::string& path) {
  auto file = read_json(path);
  if (!file) return tl::unexpected(file.error());
  if (auto ok = check_schema(*file, schema(), path); !ok) return ok;
  const json& rules = (*file)["rules"];
  for (size_t i = 0; i < rules.size(); ++i) {
    const json& rule = rules[i];
    ExpectationRule& out = rules_.emplace_back();
    out.where = fmt::format("{}: rules[{}]", path, i);
    out.family = (*file)["family"];
    out.tests = rule["tests"];
    out.when = rule.value("when", "");
    out.issue = rule["issue"];
    out.note = rule["note"];
    out.until = rule.value("until", "");
    out.skip = rule.value("skip", false);
    for (const std::string name : rule["expect"]) {
      const auto verdict = verdict_of(name);
      if (!verdict) return fail("{}: expect: \"{}\" is no verdict", out.where, name);
      out.expect.push_back(*verdict);
    }
    if (out.expect.empty()) return fail("{}: expect: expected a verdict", out.where);
    if (auto ok = holds(out.when, runners::RuntimeInfo{}); !ok)
      return fail_in(out.where, ok.error());
  }
  return {};
}

Expected<void> Expectations::read_folder(const std::string& folder) {
  std::error_code ec;
  std::vector<std::string> paths;
  for (const auto& entry : fs::directory_iterator(folder, ec)) {
    if (entry.path().extension() == ".json") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  for (const std::string& path : paths) {
    if (auto ok = read(path); !ok) return ok;
  }
  return {};
}

Expected<void> Expectations::read_testsuite(const std::string& path, const std::string& family) {
  auto file = read_json(path);
  if (!file) return tl::unexpected(file.error());
  if (!file->is_object()) return fail("{}: expected an object of suites", path);
  for (const auto& [suite, tests] : file->items()) {
    if (!tests.is_object()) return fail("{}: {}: expected an object of tests", path, suite);
    for (const auto& [test, reason] : tests.items()) {
      if (!reason.is_string()) return fail("{}: {}.{}: expected a reason", path, suite, test);
      // In whatever folder the suite lies, or in the one that was named.
      for (const char* prefix : {"*/", ""}) {
        ExpectationRule& out = rules_.emplace_back();
        out.where = fmt::format("{}: {}.{}", path, suite, test);
        out.family = family;
        out.tests = prefix + test;
        // These files leave tests out and do not say that they fail: a pass is no surprise.
        out.expect = {Verdict::kFail, Verdict::kCrash, Verdict::kTimeout, Verdict::kOom,
                      Verdict::kPass};
        out.issue = path;
        out.note = reason;
        out.used = true;  // nobody's duty here to keep them tidy
      }
    }
  }
  return {};
}

const ExpectationRule* Expectations::find(const std::string& test,
                                          const runners::RuntimeInfo& runtime) const {
  for (const ExpectationRule& rule : rules_) {
    if (rule.family != runtime.family || !suite::glob_match(rule.tests, test)) continue;
    if (!rule.until.empty() && rule.until < today_) continue;
    const auto applies = holds(rule.when, runtime);
    if (applies && *applies) return &rule;
  }
  return nullptr;
}

Verdict Expectations::apply(const ExpectationRule& rule, Verdict verdict, std::string& reason) {
  const bool expected =
      std::find(rule.expect.begin(), rule.expect.end(), verdict) != rule.expect.end();
  const Group group = group_of(verdict);
  if (expected && group == Group::kFailed) {
    reason = fmt::format("{}: {} [{}: {}]", name_of(verdict), reason, rule.issue, rule.note);
    return Verdict::kXfail;
  }
  if (expected || group == Group::kSkipped || verdict == Verdict::kHarnessError) return verdict;
  std::string wanted;
  for (const Verdict one : rule.expect) {
    wanted += (wanted.empty() ? "" : " or ") + std::string(name_of(one));
  }
  if (group == Group::kFailed) {
    reason += fmt::format(" (expected {}, {})", wanted, rule.where);
    return verdict;
  }
  reason = fmt::format("{}, but {} was expected: remove or narrow {}", name_of(verdict), wanted,
                       rule.where);
  return Verdict::kXpass;
}

std::vector<std::string> Expectations::complaints(
    const std::vector<runners::RuntimeInfo>& ran) const {
  std::vector<std::string> out;
  for (const ExpectationRule& rule : rules_) {
    const bool concerned = std::any_of(ran.begin(), ran.end(), [&](const auto& runtime) {
      if (runtime.family != rule.family) return false;
      const auto applies = holds(rule.when, runtime);
      return applies && *applies;
    });
    if (!concerned) continue;
    if (!rule.until.empty() && rule.until < today_) {
      out.push_back(fmt::format("{}: expired on {} ({})", rule.where, rule.until, rule.tests));
    } else if (!rule.used) {
      out.push_back(fmt::format("{}: matched no test that ran ({})", rule.where, rule.tests));
    }
  }
  return out;
}

}  // namespace weft::results
