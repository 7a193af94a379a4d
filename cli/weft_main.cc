// The `weft` command: finds the subcommand and calls it.
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "cli/command.h"

namespace weft::cli {
namespace {

struct Command {
  const char* name;
  CommandFunction run;
  const char* about;
};

// In the order of `weft --help`.
constexpr Command kCommands[] = {
    {"run", cmd_run, "run the suite and print the matrix (the main job)"},
    {"list", cmd_list, "tests | requirements | runtimes, as table, JSON or ids"},
    {"explain", cmd_explain, "story, requirement sentences, what is expected"},
    {"build", cmd_build, "write the plain .wasm and .wat: what goes into a bug report"},
    {"report", cmd_report, "a run as HTML, JUnit, TAP, SARIF, Markdown, annotations"},
    {"diff", cmd_diff, "two runs: improved, regressed, changed"},
    {"expect", cmd_expect, "expectations from a run: update | check"},
    {"runtimes", cmd_runtimes, "what is found, its version, what it can do; install, doctor, new"},
    {"exec", cmd_exec, "run one module on the reference, like any WASI runtime"},
    {"explore", cmd_explore, "many schedules of one test, and its distinct outcomes"},
    {"wast", cmd_wast, "run specification scripts on the reference"},
    {"bench", cmd_bench, "speed as ratios to peers, measured in one run"},
    {"model", cmd_model, "outcomes that the memory model allows a litmus test, and why"},
    {"litmus", cmd_litmus, "generate litmus tests; convert between text and WAT"},
    {"programs", cmd_programs, "generated single-threaded programs, as a suite for any runtime"},
};

void print_help() {
  fmt::print("weft: conformance of threaded WebAssembly and WASI, proven\n\n");
  for (const Command& command : kCommands) {
    fmt::print("  weft {:<10} {}\n", command.name, command.about);
  }
  fmt::print("\n`weft COMMAND --help` explains a command.\n");
}

// Standard output may be a full disk or a pipe that nobody reads any more; what the command has
// written elsewhere stands.
int output_failed(int number) {
  fmt::print(stderr, "weft: standard output cannot be written: {}\n", std::strerror(number));
  return 3;
}

int run(const Command& command, const std::vector<std::string>& args) {
  try {
    const int code = command.run(args);
    if (std::fflush(stdout) != 0) return code ? code : output_failed(errno);
    if (std::ferror(stdout)) return code ? code : output_failed(EIO);
    return code;
  } catch (const std::system_error& error) {  // fmt::print
    if (std::ferror(stdout)) return output_failed(error.code().value());
    fmt::print(stderr, "weft: {}: {}\n", command.name, error.what());
  } catch (const std::exception& error) {
    fmt::print(stderr, "weft: {}: {}\n", command.name, error.what());
  }
  return 3;
}

}  // namespace
}  // namespace weft::cli

int main(int argc, char** argv) {
  using namespace weft::cli;
  const std::vector<std::string> args(argv + 1, argv + argc);
  if (args.empty() || args[0] == "--help" || args[0] == "-h" || args[0] == "help") {
    print_help();
    return args.empty() ? 2 : 0;
  }
  if (args[0] == "--version") {
    fmt::print("weft {}\n", WEFT_VERSION);
    return 0;
  }
  for (const Command& command : kCommands) {
    if (args[0] == command.name) return run(command, {args.begin() + 1, args.end()});
  }
  fmt::print(stderr, "weft: {}: no such command; `weft --help` lists them\n", args[0]);
  return 2;
}
