// weft wast: specification scripts on the reference.
#include <fmt/core.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/args.h"
#include "cli/command.h"
#include "reference/base/files.h"
#include "reference/script/script.h"

namespace weft::cli {
namespace {

using nlohmann::json;

// A file of commands to leave out: {"skip": [{"script": "end of its path", "line": 7, "reason":
// "..."}]}; without a line, the whole script.
struct SkipRule {
  std::string script, reason;
  std::optional<size_t> line;
};

Expected<std::vector<SkipRule>> read_skips(const std::string& path) {
  auto text = read_text(path);
  if (!text) return tl::unexpected(text.error());
  std::vector<SkipRule> rules;
  try {
    const json document = json::parse(*text);
    for (const json& one : document.at("skip")) {
      SkipRule rule{one.at("script"), one.at("reason"), std::nullopt};
      if (one.contains("line")) rule.line = one.at("line").get<size_t>();
      rules.push_back(std::move(rule));
    }
  } catch (const json::exception& error) {
    return fail("{}: expected {{\"skip\": [{{\"script\", \"line\"?, \"reason\"}}]}}: {}", path,
                error.what());
  }
  return rules;
}

bool names(const SkipRule& rule, const std::string& path) {
  return path == rule.script ||
         (path.size() > rule.script.size() && path.ends_with("/" + rule.script));
}

json to_json(const std::string& path, const script::Report& report) {
  json out = {{"script", path},
              {"passed", report.passed},
              {"failed", report.failed},
              {"skipped", report.skipped},
              {"remarks", json::array()}};
  for (const script::Remark& one : report.remarks) {
    out["remarks"].push_back(
        {{"status", one.status == script::Status::kFailed ? "failed" : "skipped"},
         {"line", one.line},
         {"command", one.command},
         {"message", one.message}});
  }
  return out;
}

void print(const std::string& path, const script::Report& report, bool verbose) {
  for (const script::Remark& one : report.remarks) {
    if (one.status == script::Status::kFailed || verbose) {
      fmt::print("{}:{}: {} {}: {}\n", path, one.line,
                 one.status == script::Status::kFailed ? "FAILED" : "skipped", one.command,
                 one.message);
    }
  }
  if (verbose || report.failed == 0) return;
  fmt::print("{}: {} passed, {} failed, {} skipped\n", path, report.passed, report.failed,
             report.skipped);
}

}  // namespace

int cmd_wast(const std::vector<std::string>& args) {
  std::vector<std::string> files;
  std::optional<std::string> json_file, skip_file;
  std::string policy = "at-once";
  std::string language = "all";
  bool verbose = false;
  Args parser("weft wast", "Run specification scripts on the reference.");
  parser.positionals("FILE", files, "scripts (.wast)", true);
  parser.option("--json", json_file, "write counts and remarks as JSON; - for standard output");
  parser.option("--skip", skip_file, "JSON list of commands to leave out, with reasons");
  parser.choice("--language", language, {"all", "threads"},
                "read modules as all that weft takes, or as 2.0 with the threads proposal");
  parser.choice("--policy", policy, {"at-once", "stepwise"},
                "perform visible operations at once, or one by one as schedulers do");
  parser.flag("-v,--verbose", verbose, "print every skipped command with its reason");
  if (auto code = parser.parse(args)) return *code;

  std::vector<SkipRule> rules;
  if (skip_file) {
    auto read = read_skips(*skip_file);
    if (!read) {
      fmt::print(stderr, "weft: {}\n", read.error().message);
      return 2;
    }
    rules = std::move(*read);
  }
  const bool only_json = json_file == "-";
  size_t passed = 0, failed = 0, skipped = 0;
  std::map<std::string, size_t> reasons;
  json scripts = json::array();
  for (const std::string& file : files) {
    script::Options options;
    options.stepwise = policy == "stepwise";
    if (language == "threads") options.language = module::Language::threads();
    const SkipRule* whole = nullptr;
    for (const SkipRule& rule : rules) {
      if (!names(rule, file)) continue;
      if (rule.line) {
        options.skip[*rule.line] = rule.reason;
      } else {
        whole = &rule;
      }
    }
    script::Report report;
    if (whole) {
      report.skipped = 1;
      report.remarks.push_back({script::Status::kSkipped, 0, 1, "script", whole->reason});
    } else {
      auto source = read_text(file);
      if (!source) {
        fmt::print(stderr, "weft: {}\n", source.error().message);
        return 2;
      }
      auto run = script::run_script(*source, file, options);
      if (!run) {
        fmt::print(stderr, "weft: {}\n", run.error().message);
        return 2;
      }
      report = std::move(*run);
    }
    if (!only_json) print(file, report, verbose);
    scripts.push_back(to_json(file, report));
    passed += report.passed, failed += report.failed, skipped += report.skipped;
    for (const script::Remark& one : report.remarks) {
      if (one.status == script::Status::kSkipped) ++reasons[one.message];
    }
  }
  if (!only_json) {
    for (const auto& [reason, count] : reasons) fmt::print("skipped {:>5}: {}\n", count, reason);
    fmt::print("{} passed, {} failed, {} skipped\n", passed, failed, skipped);
  }
  if (json_file) {
    const json out = {{"schema", "weft.wast/1"},
                      {"passed", passed},
                      {"failed", failed},
                      {"skipped", skipped},
                      {"scripts", scripts}};
    // A path need not be UTF-8.
    const std::string text = out.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
    if (only_json) {
      fmt::print("{}", text);
    } else if (auto done = write_file(*json_file, text); !done) {
      fmt::print(stderr, "weft: {}\n", done.error().message);
      return 2;
    }
  }
  return failed ? 1 : 0;
}

}  // namespace weft::cli
