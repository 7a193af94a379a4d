// Reports that are lines of text: TAP, Markdown, GitHub annotations, and the whole run as JSON.
#include <fmt/format.h>

#include "results/report/report.h"
#include "results/summary.h"

namespace weft::results {
namespace {

using nlohmann::json;

std::string one_line(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return text;
}

bool failed(const Record& record) { return group_of(record.verdict) == Group::kFailed; }

}  // namespace

std::string tap(const Tally& tally) {
  std::string out = fmt::format("TAP version 14\n1..{}\n", tally.final.size());
  int number = 0;
  for (const auto& [key, record] : tally.final) {
    const Group group = group_of(record.verdict);
    // An expected failure is TAP's todo: "not ok", and yet no failure.
    const bool todo = record.verdict == Verdict::kXfail;
    out += fmt::format("{} {} - {} on {}", group == Group::kFailed || todo ? "not ok" : "ok",
                       ++number, record.test, record.runtime);
    if (todo) out += " # TODO " + one_line(record.reason);
    if (group == Group::kSkipped) out += " # SKIP " + one_line(record.reason);
    out += "\n";
    if (record.verdict == Verdict::kPass) continue;
    out += "  ---\n";
    out += fmt::format(
        "  verdict: {}\n  rule: {}\n  reason: {}\n", name_of(record.verdict),
        json(record.rule).dump(),
        json(one_line(record.reason)).dump(-1, ' ', true, json::error_handler_t::replace));
    out += "  ...\n";
  }
  return out;
}

std::string github(const Tally& tally) {
  std::string out;
  int shown = 0;
  for (const auto& [key, record] : tally.final) {
    if (!failed(record) || ++shown > 10) continue;
    auto escaped = [](const std::string& text, bool property) {
      std::string result;
      for (const char c : text) {
        if (c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','))) {
          result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        } else {
          result += c;
        }
      }
      return result;
    };
    const std::string title =
        fmt::format("{} {} on {}", name_of(record.verdict), record.test, record.runtime);
    out += fmt::format("::error title={}::{}\n", escaped(title, true),
                       escaped(record.rule + ": " + record.reason, false));
  }
  return out;
}

std::string markdown(const Run& run, const Tally& tally, const suite::Requirements& requirements) {
  auto cell = [](std::string text) {
    text = one_line(text);
    for (size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) {
      text.replace(at, 1, "\\|");
    }
    return text;
  };
  std::string out = "# weft\n\n" + counts_line(tally) + "\n\n| area |";
  std::string rule = "|---|";
  for (const std::string& runtime : tally.runtimes) {
    out += " " + cell(runtime) + " |";
    rule += "---|";
  }
  out += "\n" + rule + "\n";
  for (const std::string& area : tally.areas) {
    out += "| " + cell(area) + " |";
    for (const std::string& runtime : tally.runtimes) {
      const auto found = tally.by_area.find({area, runtime});
      if (found == tally.by_area.end()) {
        out += " - |";
      } else {
        const Cell& c = found->second;
        out += fmt::format(" {}/{}{}{} |", c.passed, c.total(),
                           c.failed ? fmt::format(", {} failed", c.failed) : "",
                           c.skipped ? fmt::format(", {} skipped", c.skipped) : "");
      }
    }
    out += "\n";
  }
  std::string rows;
  for (const auto& [key, record] : tally.final) {
    if (!failed(record) && record.verdict != Verdict::kXfail) continue;
    const suite::Requirement* requirement = requirements.find(record.rule);
    rows += fmt::format("| {} | {} | {} | {} | {} |\n", name_of(record.verdict), cell(record.test),
                        cell(record.runtime),
                        cell(record.rule + (requirement ? ": " + requirement->sentence : "")),
                        cell(record.reason));
  }
  if (!rows.empty()) {
    out += "\n| verdict | test | runtime | requirement | seen |\n|---|---|---|---|---|\n" + rows;
  }
  const json machine = run.header.value("machine", json::object());
  return out + "\n" + caveat(machine.value("isa", "unknown")) + "\n";
}

std::string whole_json(const Run& run, const Tally& tally) {
  json out = {{"schema", "weft.results/1"}, {"run", run.header}, {"results", json::array()}};
  out["counts"] = {{"passed", tally.passed}, {"failed", tally.failed}, {"skipped", tally.skipped}};
  for (const auto& [key, record] : tally.final) out["results"].push_back(to_json(record));
  return out.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace weft::results
