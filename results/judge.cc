#include "results/judge.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "reference/embed/explore.h"
#include "results/provider.h"

namespace weft::results {
namespace {

using runners::End;
using runners::Observation;
using runners::RuntimeInfo;
using suite::Expectation;
using Form = Expectation::Form;

// Why `seen` is not what `expect` says; empty if it is.
using Mismatch = std::optional<std::string>;

// A program's own exit codes are 0 and 64 to 125: an engine that reports a trap only by its exit
// code uses another one.
bool is_engines_code(int code) { return code != 0 && (code < 64 || code > 125); }

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

// The first failed check of a test's output, `label: got G, want W`; empty if there is none.
std::string failed_check(const std::string& out) {
  const size_t got = out.find(": got ");
  if (got == std::string::npos) return "";
  const size_t begin = got == 0 ? 0 : out.rfind('\n', got) + 1;  // npos + 1 is 0
  return out.substr(begin, std::min(out.find('\n', got), out.size()) - begin);
}

Mismatch compare_end(const Expectation& expect, const Observation& seen) {
  if (seen.end == End::kReject)
    return "the module was refused" + (seen.stage.empty() ? "" : " (" + seen.stage + ")");
  if (expect.exit) {
    if (seen.end == End::kTrap) {
      return fmt::format("trapped{}, expected exit code {}",
                         seen.trap.empty() ? "" : " (" + seen.trap + ")", *expect.exit);
    }
    if (seen.code != *expect.exit) {
      const std::string check = failed_check(seen.out);
      return fmt::format("{}exit code {}, expected {}", check.empty() ? "" : check + "; ",
                         seen.code, *expect.exit);
    }
  }
  if (expect.trap) {
    const bool trapped =
        seen.end == End::kTrap || (seen.end == End::kExit && is_engines_code(seen.code));
    if (!trapped) return fmt::format("ended with exit code {}, expected a trap", seen.code);
    // The kind counts only where the runtime names it.
    if (!expect.trap_kind.empty() && !seen.trap.empty() && seen.trap != expect.trap_kind) {
      return fmt::format("trap \"{}\", expected \"{}\"", seen.trap, expect.trap_kind);
    }
  }
  if (expect.out && seen.out != *expect.out) {
    return fmt::format("standard output is {}, expected {}", suite::quote_text(seen.out),
                       suite::quote_text(*expect.out));
  }
  return std::nullopt;
}

// The outcomes that the search of all schedules has found are ends with an exit code.
Mismatch compare_explored(const Expectation& expect, const Observation& seen) {
  embed::RunResult end;
  end.code = static_cast<uint32_t>(seen.code);
  const bool exited = seen.end == End::kExit;
  if (exited && expect.explored.count(embed::outcome_text(end, seen.out))) return std::nullopt;
  return fmt::format("{}: no schedule of all ends so; {} are possible", describe(seen),
                     expect.explored.size());
}

Mismatch compare_reject(const Expectation& expect, const RuntimeInfo& runtime,
                        const Observation& seen) {
  if (has_line(seen.out, "accepted")) return "the module was accepted and ran";
  if (seen.end == End::kReject) {
    // Malformed against invalid is asserted on the reference only: others need not say.
    if (runtime.kind == "reference" && expect.reject != "any" && !seen.stage.empty() &&
        seen.stage != expect.reject) {
      return fmt::format("refused at stage {}, expected {}", seen.stage, expect.reject);
    }
    return std::nullopt;
  }
  if (seen.end == End::kTrap && runtime.kind != "cli") return "the module was accepted and trapped";
  if (seen.end == End::kExit && seen.code == 0) return "the module was accepted: exit code 0";
  return std::nullopt;
}

struct Outcome {
  Verdict verdict = Verdict::kPass;
  std::string reason, severity;
};

Outcome compare(const Expectation& expect, const RuntimeInfo& runtime, const Observation& seen) {
  switch (expect.form) {
    case Form::kAny: {
      std::string reasons;
      for (const Expectation& choice : expect.choices) {
        Outcome one = compare(choice, runtime, seen);
        if (one.verdict != Verdict::kFail) return one;
        if (reasons.empty()) reasons = one.reason;
      }
      return {Verdict::kFail, reasons + fmt::format(" (or {} more)", expect.choices.size() - 1),
              ""};
    }
    case Form::kDiverges:
      for (const Expectation& choice : expect.choices) {
        if (compare(choice, runtime, seen).verdict == Verdict::kFail) continue;
        return {Verdict::kDiverges,
                choice.note.empty() ? "allowed, but not as recommended: " + describe(seen)
                                    : choice.note,
                choice.severity.empty() ? "low" : choice.severity};
      }
      return compare(expect.otherwise[0], runtime, seen);
    case Form::kRecord:
      return {Verdict::kRecorded,
              expect.record == "stdout" ? "stdout " + suite::quote_text(seen.out) : describe(seen),
              ""};
    case Form::kReject:
      if (auto why = compare_reject(expect, runtime, seen)) return {Verdict::kFail, *why, ""};
      return {};
    case Form::kExplore:
      if (auto why = compare_explored(expect, seen)) return {Verdict::kFail, *why, ""};
      return {};
    case Form::kEnd:
    case Form::kModel:
      if (auto why = compare_end(expect, seen)) return {Verdict::kFail, *why, ""};
      return {};
  }
  return {};
}

// Rows that a failed check names: lines `WAIT-028 sum: got 1, want 2`.
std::vector<std::string> blamed_rows(const std::string& out,
                                     const std::vector<std::string>& requirements) {
  std::vector<std::string> rows;
  size_t at = 0;
  while (at < out.size()) {
    const size_t end = std::min(out.find('\n', at), out.size());
    const std::string line = out.substr(at, end - at);
    at = end + 1;
    if (line.find(": got ") == std::string::npos) continue;
    const std::string first = line.substr(0, line.find_first_of(" :"));
    if (std::find(requirements.begin(), requirements.end(), first) == requirements.end()) continue;
    if (std::find(rows.begin(), rows.end(), first) == rows.end()) rows.push_back(first);
  }
  return rows;
}

}  // namespace

std::string describe(const Observation& seen) {
  std::string text;
  switch (seen.end) {
    case End::kExit:
      text = fmt::format("exit {}", seen.code);
      break;
    case End::kTrap:
      text = seen.trap.empty() ? "a trap" : "trap: " + seen.trap;
      break;
    case End::kReject:
      text = "refused" + (seen.stage.empty() ? "" : " at stage " + seen.stage);
      break;
    case End::kSignal:
      return fmt::format("died of signal {}", seen.code);
    case End::kTimeout:
      return "did not end in time";
    case End::kOom:
      return "killed: " + seen.reason;
    case End::kStopped:
      return "was interrupted";
    case End::kHostError:
      return "could not be run: " + seen.reason;
  }
  return text + ", stdout " + suite::quote_text(seen.out);
}

std::string not_built(const suite::Test& test, const Expectation& expect) {
  if (expect.form == Form::kModel && test.header.kind != suite::Kind::kLitmus) {
    return "\"expect\": \"model\" needs a test of kind litmus";
  }
  // A component says so in its eighth byte (component model, Binary.md: layer 1).
  if (test.binary.size() >= 8 && test.binary[6] == 1 && test.binary[4] == 0x0d) {
    return "is a component (WASI 0.2 or later); weft runs core modules";
  }
  if (test.header.kind == suite::Kind::kScript && test.portable_layout) {
    return "needs a partner for its operations; weft has none for it";
  }
  return "";
}

Judgement judge(const suite::Test& test, const Expectation& expect, const RuntimeInfo& runtime,
                const Observation& seen) {
  const auto& requirements = test.header.requirements;
  Judgement out;
  out.rule = requirements.empty() ? "" : requirements.front();
  out.host = all_ours(requirements, runtime.provides);
  if (std::string why = not_built(test, expect); !why.empty()) {
    out.verdict = Verdict::kSkipped;
    out.reason = why;
    return out;
  }
  switch (seen.end) {
    case End::kStopped:
      out.verdict = Verdict::kSkipped;
      out.reason = "interrupted";
      return out;
    case End::kHostError:
      out.reason = seen.reason.empty() ? "the adapter failed" : seen.reason;
      return out;
    case End::kTimeout:
      out.verdict = Verdict::kTimeout;
      out.reason = seen.all_asleep ? "hangs: all its threads are asleep" : "did not end in time";
      break;
    case End::kOom:
      out.verdict = Verdict::kOom;
      out.reason = seen.reason.empty() ? "killed for its memory" : seen.reason;
      break;
    case End::kSignal:
      out.verdict = Verdict::kCrash;
      out.reason = fmt::format("the runtime died of signal {}", seen.code);
      break;
    case End::kExit:
      if (seen.code == kNoThread && test.header.kind == suite::Kind::kProgram &&
          !test.portable_layout && expect.exit != kNoThread) {
        out.verdict = Verdict::kSkipped;
        out.reason = "no thread to be had (exit code 90)";
        return out;
      }
      if (seen.code == kAllVoid && test.header.kind == suite::Kind::kProgram &&
          !test.portable_layout && expect.exit != kAllVoid) {
        out.verdict = Verdict::kInsufficient;
        out.reason = "every trial was void (exit code 91)";
        return out;
      }
      [[fallthrough]];
    case End::kTrap:
    case End::kReject: {
      Outcome outcome = compare(expect, runtime, seen);
      out.verdict = outcome.verdict;
      out.reason = outcome.reason;
      out.severity = outcome.severity;
      break;
    }
  }
  if (out.verdict == Verdict::kFail) {
    out.blamed = blamed_rows(seen.out, requirements);
    if (test.header.kind == suite::Kind::kScript) {
      const std::string& said = seen.out.empty() ? seen.err : seen.out;
      out.reason += ": " + suite::quote_text(said.substr(0, said.find('\n')));
    }
    if (!out.blamed.empty()) {
      out.rule = out.blamed.front();
      out.host = all_ours(out.blamed, runtime.provides);
    }
    // The allowed outcome that an evidence test waits for did not show: nothing is proven.
    if (test.header.sort == suite::Sort::kEvidence) out.verdict = Verdict::kInsufficient;
  }
  // Where weft supplies what is judged, a failure is ours (docs/verdicts.md).
  if (out.host && group_of(out.verdict) == Group::kFailed) {
    out.reason =
        fmt::format("weft's own host fails here ({}): {}", name_of(out.verdict), out.reason);
    out.verdict = Verdict::kHarnessError;
  }
  return out;
}

}  // namespace weft::results
