#include "results/run_script.h"

#include <fmt/format.h>

#include <filesystem>

#include "reference/base/shell.h"
#include "results/evidence_sheet.h"

namespace weft::results {
namespace {

namespace fs = std::filesystem;
using suite::Expectation;

constexpr const char* kHostProgram = "host.cjs";

bool is_our_host(const std::string& arg) {
  std::error_code ec;
  return fs::path(arg).filename() == kHostProgram &&
         fs::exists(fs::path(arg).parent_path() / "by_hand.cjs", ec);
}

// An argument as it is now: the module and the program lie beside the script, directories are the
// fresh copies of this try.
std::string word(const std::string& arg, const Record& record) {
  if (is_our_host(arg)) return "\"$here/host/host.cjs\"";
  if (arg == "module.wasm" || (arg.ends_with(".wasm") && arg.find('/') != std::string::npos)) {
    return "\"$here/module.wasm\"";
  }
  for (size_t i = 0; i < record.dirs.size(); ++i) {
    const size_t at = arg.find(record.dirs[i]);
    if (record.dirs[i].empty() || at == std::string::npos) continue;
    return (at ? shell_quoted(arg.substr(0, at)) : "") + fmt::format("\"$work/dirs/{}\"", i) +
           shell_quoted(arg.substr(at + record.dirs[i].size()));
  }
  return shell_quoted(arg);
}

// The engine's own command line; what a host program is told in frames, as words.
std::string command_line(const Record& record, const suite::Header& header) {
  std::string out = "\"$engine\"";
  for (size_t i = 1; i < record.argv.size(); ++i) out += " " + word(record.argv[i], record);
  if (host_folder(record).empty()) return out;
  out += " --stdin " + header.stdin_mode;
  for (const auto& [name, value] : header.env) out += " --env " + shell_quoted(name + "=" + value);
  for (size_t i = 0; i < header.dirs.size(); ++i) {
    out += fmt::format(" --dir \"$work/dirs/{}\"{}", i, shell_quoted("::" + header.dirs[i].guest));
  }
  out += " \"$here/module.wasm\"";
  for (const std::string& arg : header.args) out += " " + shell_quoted(arg);
  return out;
}

// A shell condition that is true when what was seen is as `expect` says.
std::string condition(const Expectation& expect) {
  switch (expect.form) {
    case Expectation::Form::kReject:
      return "{ [ $code -ne 0 ] && [ $code -lt 128 ] && ! grep -qx accepted out; }";
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
  if (expect.out) also("printf %s " + shell_quoted(*expect.out) + " | cmp -s - out");
  return "{ " + all + "; }";
}

std::string condition(const Record& record, const Prepared& prepared) {
  const auto outcomes = forbidden_outcomes(record, prepared);
  if (outcomes.empty()) return condition(prepared.expect);
  // A line of the histogram that names an outcome which the memory model forbids.
  std::string holds = "{ true";
  for (const std::string& outcome : outcomes) {
    holds += " && ! grep '^weft-hist ' out | cut -d' ' -f3- | grep -qxF " + shell_quoted(outcome);
  }
  return holds + "; }";
}

}  // namespace

std::string host_folder(const Record& record) {
  for (const std::string& arg : record.argv) {
    if (is_our_host(arg)) return fs::path(arg).parent_path().string();
  }
  return {};
}

std::string run_script(const Record& record, const Prepared& prepared,
                       const runners::RuntimeInfo& runtime) {
  const suite::Header& header = prepared.test->header;
  std::string out = fmt::format("#!/bin/sh\n# {} on {}: {}\n", record.test, record.runtime,
                                name_of(record.verdict));
  if (record.argv.empty() || (runtime.kind == "host" && host_folder(record).empty())) {
    return out +
           "# The engine is driven by a host program that speaks weft's protocol.\n"
           "echo 'not from a shell; with weft:' " +
           shell_quoted(record.repro) + " >&2\nexit 2\n";
  }
  out += "# run.sh [TRIES]: exits 1 when the failure shows. ENGINE=path: another binary of it.\n";
  if (runtime.kind == "host") {
    out +=
        "# host/ is weft's host program: imports, threads and files; the rest is the engine's.\n";
  }
  out += "here=$(cd \"$(dirname \"$0\")\" && pwd)\n";
  out += fmt::format("engine=${{ENGINE:-{}}}\n", shell_quoted(record.argv[0]));
  out += "tries=${1:-20}\nwork=$(mktemp -d) || exit 2\ntrap 'rm -rf \"$work\"' EXIT\n";
  out += "cd \"$work\" || exit 2\n";
  for (const auto& [key, value] : record.env.items()) {
    out += "export " + key + "=" + shell_quoted(value.is_string() ? value.get<std::string>() : "") +
           "\n";
  }
  std::string before, input = " </dev/null";
  if (header.stdin_mode == "text") {
    before = "printf %s " + shell_quoted(header.stdin_text) + " | ";
    input.clear();
  } else if (header.stdin_mode == "open") {
    out += "mkfifo open\n";  // opened for both, it never ends and never has anything
    input = " <>open";
  }
  out += "i=0\nwhile [ $i -lt $tries ]; do\n  i=$((i + 1))\n";
  if (!header.dirs.empty()) out += "  rm -rf dirs && cp -R \"$here/dirs\" dirs\n";
  out += fmt::format("  {}timeout -s KILL {} {} >out{}\n  code=$?\n", before, header.timeout,
                     command_line(record, header), input);
  out += "  if ! " + condition(record, prepared) + "; then\n";
  out += "    echo \"shows in run $i: exit code $code\"\n    cat out\n    exit 1\n  fi\ndone\n";
  return out + "echo \"does not show in $tries runs\"\n";
}

}  // namespace weft::results
