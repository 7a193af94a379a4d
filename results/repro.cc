#include "results/repro.h"

#include <fmt/format.h>

#include <filesystem>

#include "reference/base/files.h"
#include "reference/module/assemble.h"
#include "results/evidence_sheet.h"
#include "results/summary.h"

namespace weft::results {
namespace {

namespace fs = std::filesystem;
using suite::Expectation;

std::string shell_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

// The engine's own command line, with the module beside the script instead of the file that was.
std::string command_line(const Record& record) {
  std::string out;
  for (const std::string& arg : record.argv) {
    const bool module =
        arg == "module.wasm" || (arg.ends_with(".wasm") && arg.find('/') != std::string::npos);
    out += (out.empty() ? "" : " ") + (module ? "\"$here/module.wasm\"" : shell_quoted(arg));
  }
  return out;
}

// A shell condition that is true when what was seen is as `expect` says.
std::string condition(const Expectation& expect) {
  switch (expect.form) {
    case Expectation::Form::kReject:
      return "{ [ $code -ne 0 ] && [ $code -lt 128 ] && ! grep -qx accepted \"$out\"; }";
    case Expectation::Form::kAny:
    case Expectation::Form::kDiverges: {
      std::string all;
      for (const auto& list : {expect.choices, expect.otherwise}) {
        for (const Expectation& one : list) all += (all.empty() ? "" : " || ") + condition(one);
      }
      return "{ " + all + "; }";
    }
    case Expectation::Form::kRecord:
    case Expectation::Form::kModel:
    case Expectation::Form::kExplore:
      return "true";
    case Expectation::Form::kEnd:
      break;
  }
  std::string all;
  auto also = [&](const std::string& text) { all += (all.empty() ? "" : " && ") + text; };
  if (expect.exit) also(fmt::format("[ $code -eq {} ]", *expect.exit));
  if (expect.trap) also("[ $code -ne 0 ] && { [ $code -lt 64 ] || [ $code -gt 125 ]; }");
  if (expect.out) {
    also("printf %s " + shell_quoted(*expect.out) + " | cmp -s - \"$out\"");
  }
  return "{ " + all + "; }";
}

std::string readme(const Record& record, const Prepared& prepared,
                   const runners::RuntimeInfo& runtime, const suite::Requirements& requirements) {
  std::string out = fmt::format("# {} on {}: {}\n\n{}\n\n", record.test, record.runtime,
                                name_of(record.verdict), prepared.test->header.story);
  out += fmt::format("Engine: {} {}\nCommand: `{}`\n\n", runtime.family, runtime.version,
                     fmt::join(record.argv, " "));
  out += "Expected: " + suite::describe(prepared.expect) + "\n\n";
  out += "Observed: " + record.reason + "\n\n```\n" +
         record.observed.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) +
         "\n```\n\n";
  for (const std::string& id : record.requirements) {
    const suite::Requirement* one = requirements.find(id);
    if (one) out += fmt::format("- {}: {}\n  Source: {}\n", id, one->sentence, one->source);
  }
  return out + "\n" + caveat(machine_isa()) +
         "\n\n`./run.sh` repeats it and exits 1 when it shows. With weft: `" + record.repro + "`\n";
}

}  // namespace

std::string repro_name(const Record& record) {
  std::string name = record.test + "@" + record.runtime;
  for (char& c : name) {
    if (c == '/' || c == ':') c = '+';
  }
  return name;
}

std::string repro_script(const Record& record, const Prepared& prepared,
                         const runners::RuntimeInfo& runtime) {
  const suite::Header& header = prepared.test->header;
  std::string out = fmt::format("#!/bin/sh\n# {} on {}: {}\n# Exits 1 when the failure shows.\n",
                                record.test, record.runtime, name_of(record.verdict));
  if (runtime.kind == "host") {
    out += "# The engine is driven by weft's host program: the command below starts it alone.\n";
  }
  out += "here=$(cd \"$(dirname \"$0\")\" && pwd)\nout=$(mktemp)\n";
  out += "tries=${1:-20}\n";
  const double seconds = header.timeout;
  for (const auto& [key, value] : record.env.items()) {
    out += "export " + key + "=" + shell_quoted(value.is_string() ? value.get<std::string>() : "") +
           "\n";
  }
  const std::string input = header.stdin_mode == "text"
                                ? "printf %s " + shell_quoted(header.stdin_text) + " | "
                            : header.stdin_mode == "open" ? "tail -f /dev/null | "
                                                          : "";
  out += "i=0\nwhile [ $i -lt $tries ]; do\n  i=$((i + 1))\n";
  out += fmt::format("  {}timeout -s KILL {} {} >\"$out\"{}\n  code=$?\n", input, seconds,
                     command_line(record), input.empty() ? " </dev/null" : "");
  std::string holds = condition(prepared.expect);
  if (const auto outcomes = forbidden_outcomes(record, prepared); !outcomes.empty()) {
    // A line of the histogram that names an outcome which the memory model forbids.
    holds = "{ true";
    for (const std::string& outcome : outcomes) {
      holds +=
          " && ! grep '^weft-hist ' \"$out\" | cut -d' ' -f3- | grep -qxF " + shell_quoted(outcome);
    }
    holds += "; }";
  }
  out += "  if ! " + holds + "; then\n";
  out += "    echo \"shows in run $i: exit code $code\"\n    cat \"$out\"\n    rm -f \"$out\"\n";
  out += "    exit 1\n  fi\ndone\nrm -f \"$out\"\necho \"does not show in $tries runs\"\n";
  return out;
}

Expected<void> write_repro(const std::string& run_folder, const Record& record,
                           const Prepared& prepared, const runners::RuntimeInfo& runtime,
                           const suite::Requirements& requirements) {
  const std::string folder = run_folder + "/repro/" + repro_name(record);
  if (auto ok = write_file(folder + "/module.wasm", std::span<const uint8_t>(prepared.wasm)); !ok) {
    return ok;
  }
  // A module that no printer reads (a malformed one) has its source instead.
  auto text = module::print(prepared.wasm);
  const std::string wat = text ? *text : prepared.test->source;
  if (auto ok = write_file(folder + "/module.wat", std::string_view(wat)); !ok) return ok;
  const std::string about = readme(record, prepared, runtime, requirements);
  if (auto ok = write_file(folder + "/README.md", std::string_view(about)); !ok) return ok;
  const std::string sheet = evidence_sheet(record, prepared, runtime);
  if (auto ok = write_file(folder + "/evidence.md", std::string_view(sheet)); !ok) return ok;
  const std::string script = repro_script(record, prepared, runtime);
  if (auto ok = write_file(folder + "/run.sh", std::string_view(script)); !ok) return ok;
  std::error_code ec;
  fs::permissions(folder + "/run.sh", fs::perms(0755), ec);
  return {};
}

}  // namespace weft::results
