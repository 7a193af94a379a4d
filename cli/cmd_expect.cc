// weft expect: expectations from a run, and whether those that are there still hold.
#include <fmt/core.h>

#include <filesystem>
#include <set>

#include "cli/args.h"
#include "cli/command.h"
#include "reference/base/files.h"
#include "reference/base/schema.h"
#include "results/expect_update.h"
#include "results/run_header.h"
#include "results/store.h"

namespace weft::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

int bad_input(const Error& error) {
  fmt::print(stderr, "weft: {}\n", error.message);
  return 2;
}

int update(const results::Run& run, const results::Tally& tally, const std::string& folder) {
  std::set<std::string> families;
  for (const json& one : run.header.value("runtimes", json::array())) {
    families.insert(one.value("family", ""));
  }
  for (const std::string& family : families) {
    const std::string path = folder + "/" + family + ".json";
    json current;
    std::error_code ec;
    if (fs::exists(path, ec)) {
      auto read = read_json(path);
      if (!read) return bad_input(read.error());
      current = std::move(*read);
    }
    const json next = results::updated_expectations(current, family, run.header, tally);
    if (next == current || (current.is_null() && next["rules"].empty())) continue;
    if (auto ok = write_file(path, std::string_view(next.dump(1) + "\n")); !ok) {
      fmt::print(stderr, "weft: {}\n", ok.error().message);
      return 3;
    }
    fmt::print("{}: {} rules\n", path, next["rules"].size());
  }
  return 0;
}

int check(const results::Run& run, const results::Tally& tally, const std::string& folder) {
  results::Expectations expectations;
  expectations.set_today(results::today());
  if (auto ok = expectations.read_folder(folder); !ok) return bad_input(ok.error());
  std::vector<runners::RuntimeInfo> ran;
  for (const json& one : run.header.value("runtimes", json::array())) {
    runners::RuntimeInfo info;
    info.name = one.value("name", "");
    info.family = one.value("family", "");
    info.version = one.value("version", "");
    const size_t colon = info.name.find(':');
    if (colon != std::string::npos) info.config = info.name.substr(colon + 1);
    ran.push_back(info);
  }
  int wrong = 0;
  for (const auto& [key, record] : tally.final) {
    for (const runners::RuntimeInfo& info : ran) {
      if (info.name != record.runtime) continue;
      const auto* rule = expectations.find(record.test, info);
      if (rule) rule->used = true;
      if (rule || results::group_of(record.verdict) != results::Group::kFailed) continue;
      fmt::print("{} on {}: {} is not expected\n", record.test, record.runtime,
                 results::name_of(record.verdict));
      ++wrong;
    }
    if (record.verdict == results::Verdict::kXpass) {
      fmt::print("{} on {}: {}\n", record.test, record.runtime, record.reason);
      ++wrong;
    }
  }
  for (const std::string& complaint : expectations.complaints(ran)) {
    fmt::print("{}\n", complaint);
    ++wrong;
  }
  fmt::print("{} rules, {} complaints\n", expectations.size(), wrong);
  return wrong ? 1 : 0;
}

}  // namespace

int cmd_expect(const std::vector<std::string>& args) {
  std::string what, name = "latest", folder, runs = "weft-runs";
  Args parser("weft expect", "Expected failures: made from a run, or checked against one.");
  parser.positional("update|check", what, "update writes rules for the run's failures");
  parser.positional("RUN", name, "a run (default: latest)", false);
  parser.option("--expectations", folder, "the folder (default: results/expectations of weft)");
  parser.option("--runs", runs, "the folder of runs (default: weft-runs)");
  if (auto code = parser.parse(args)) return *code;
  if (what != "update" && what != "check") {
    fmt::print(stderr, "weft: expect {}: expected update or check\n", what);
    return 2;
  }
  if (folder.empty()) folder = home_folder() + "/results/expectations";
  auto run = results::read_run(name, runs);
  if (!run) return bad_input(run.error());
  const results::Tally tally = results::tally(run->records, {}, run->runtimes());
  return what == "update" ? update(*run, tally, folder) : check(*run, tally, folder);
}

}  // namespace weft::cli
