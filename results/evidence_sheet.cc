#include "results/evidence_sheet.h"

#include <fmt/format.h>

namespace weft::results {
namespace {

std::string rate_of(const Record& record) {
  if (!record.rate_runs) return "not stated (the run was made without repetitions)";
  return fmt::format("shows in {} of {} more runs", record.rate_failed, record.rate_runs);
}

std::string row(const char* name, const std::string& value) {
  return fmt::format("  {:<9}{}\n", name, value);
}

}  // namespace

std::vector<std::string> forbidden_outcomes(const Record& record, const Prepared& prepared) {
  std::vector<std::string> out;
  if (!prepared.litmus || !record.histogram.is_array()) return out;
  for (const auto& pair : record.histogram) {
    const std::string outcome = pair[0];
    const LitmusCase::Place place = prepared.litmus->place(outcome);
    if (place.readable && !place.literal) out.push_back(outcome);
  }
  return out;
}

std::string evidence_lines(const Record& record, const std::string& repro_folder) {
  std::string out =
      fmt::format("evidence: {} on {}: {}{}\n", record.test, record.runtime,
                  record.rule.empty() ? "" : record.rule + ", ", name_of(record.verdict));
  out += row("observed", record.reason);
  out += row("rate", rate_of(record));
  out += row("engine", fmt::format("{}", fmt::join(record.argv, " ")));
  out += row("seed", fmt::format("{:#x}", record.seed));
  if (!repro_folder.empty()) {
    out += row("sheet", repro_folder + "/evidence.md");
    out += row("module", repro_folder + "/module.wasm (run.sh there needs no weft)");
  }
  return out + row("repeat", record.repro);
}

std::string evidence_sheet(const Record& record, const Prepared& prepared,
                           const runners::RuntimeInfo& runtime) {
  std::string out =
      fmt::format("# Evidence: {} on {}\n\n{}\n\n", record.test, record.runtime, record.reason);
  out += "| | |\n|---|---|\n";
  const auto line = [&](const char* name, const std::string& value) {
    out += fmt::format("| {} | {} |\n", name, value);
  };
  line("verdict", std::string(name_of(record.verdict)));
  line("rule", record.rule.empty() ? "none" : record.rule);
  line("rate", rate_of(record));
  line("engine", fmt::format("{} {} (sha256 {})", runtime.family, runtime.version,
                             runtime.binary_sha256.empty() ? "unknown" : runtime.binary_sha256));
  line("flags", runtime.flags.empty() ? "none" : fmt::format("{}", fmt::join(runtime.flags, " ")));
  line("command", fmt::format("`{}`", fmt::join(record.argv, " ")));
  line("seed", fmt::format("{:#x}", record.seed));
  line("module", fmt::format("module.wasm (sha256 {})", record.test_sha256));
  line("repeat", "`./run.sh`, or with weft `" + record.repro + "`");
  if (prepared.litmus) {
    out += "\n## The program\n\n```\n" + prepared.test->source + "\n```\n";
    out += "\n## What was seen\n\n| outcome | times | |\n|---|---|---|\n";
    if (record.histogram.is_array()) {
      for (const auto& pair : record.histogram) {
        const std::string outcome = pair[0];
        const LitmusCase::Place place = prepared.litmus->place(outcome);
        out += fmt::format("| {} | {} | {} |\n", outcome, pair[1].get<uint64_t>(),
                           !place.readable   ? "no outcome of this program"
                           : !place.literal  ? "**forbidden**"
                           : !place.intended ? "allowed by the letter only"
                           : place.sc        ? "sequentially consistent"
                                             : "allowed, weak");
      }
    }
    for (const std::string& outcome : forbidden_outcomes(record, prepared)) {
      const LitmusCase::Why why = prepared.litmus->why_not(outcome, model::Tier::literal);
      out += fmt::format("\n## Why `{}` is forbidden ({})\n\n```\n{}```\n", outcome, why.axiom,
                         why.argument);
    }
    out += "\nStimulus: " + record.evidence.dump() + "\n";
  }
  return out;
}

}  // namespace weft::results
