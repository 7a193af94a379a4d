// `weft exec`: one module on the reference, like any WASI runtime.
#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "cli/args.h"
#include "cli/command.h"
#include "cli/exec_report.h"
#include "reference/base/files.h"
#include "reference/base/shell.h"
#include "reference/embed/run.h"
#include "reference/embed/trace.h"
#include "reference/embed/virtual_program.h"
#include "reference/module/assemble.h"
#include "reference/schedule/scheduler.h"
#include "reference/wasi/preview1.h"

namespace weft::cli {
namespace {

constexpr uint64_t kMaxThreads = 4096;

struct Options {
  std::vector<std::string> dirs, env;
  std::string threading = "instance-per-thread";
  std::optional<std::string> invoke, status_file, schedule, trace;
  uint64_t max_threads = kMaxThreads;
  bool wasi_functions = false, deadlock = false;
  std::string module;
  std::vector<std::string> arguments;
};

constexpr int kBadInput = 2;

int complain(const std::string& message) {
  fmt::print(stderr, "weft: {}\n", message);
  return kBadInput;
}

void list_functions() {
  for (const std::string_view name : wasi::missing_functions()) fmt::print("{}\n", name);
}

Expected<wasi::Preopen> parse_dir(const std::string& text) {
  const size_t colons = text.find("::");
  if (colons == std::string::npos) return wasi::Preopen{text, text};
  wasi::Preopen dir = {text.substr(0, colons), text.substr(colons + 2)};
  if (dir.host.empty() || dir.guest.empty()) {
    return fail("--dir {}: expected HOST::GUEST, both not empty", text);
  }
  return dir;
}

// A number for a parameter of `type`: decimal or 0x, floats as C writes them.
Expected<machine::Value> parse_value(module::ValType type, const std::string& text) {
  using module::ValType;
  char* end = nullptr;
  errno = 0;
  machine::Value value;
  switch (type) {
    case ValType::kF32:
      value = machine::Value::f32(std::strtof(text.c_str(), &end));
      if (!std::isinf(value.as_f32())) errno = 0;  // ERANGE for subnormal numbers, too
      break;
    case ValType::kF64:
      value = machine::Value::f64(std::strtod(text.c_str(), &end));
      if (!std::isinf(value.as_f64())) errno = 0;
      break;
    case ValType::kI32:
    case ValType::kI64: {
      const bool negative = text.starts_with("-");
      const auto bits = negative ? static_cast<uint64_t>(std::strtoll(text.c_str(), &end, 0))
                                 : std::strtoull(text.c_str(), &end, 0);
      const auto low = static_cast<uint32_t>(bits);
      const bool fits = type == ValType::kI64 || bits == low ||
                        static_cast<int64_t>(bits) == static_cast<int32_t>(low);
      if (!fits) errno = ERANGE;
      value = type == ValType::kI32 ? machine::Value::i32(low) : machine::Value::i64(bits);
      break;
    }
    default:
      return fail("a parameter of type {} cannot be given on the command line",
                  machine::name_of(type));
  }
  if (text.empty() || *end != '\0' || errno == ERANGE) {
    return fail("argument {}: expected a number of type {}", text, machine::name_of(type));
  }
  return value;
}

Expected<std::vector<machine::Value>> parse_arguments(const module::Module& module,
                                                      const std::string& function,
                                                      const std::vector<std::string>& given) {
  for (const module::Export& e : module.exports) {
    if (e.name != function || e.kind != module::ExternKind::kFunc) continue;
    const auto& params = module.type_of_function(e.index).params;
    if (params.size() != given.size()) {
      return fail("--invoke {}: takes {} arguments, {} given", function, params.size(),
                  given.size());
    }
    std::vector<machine::Value> values;
    for (size_t i = 0; i < params.size(); i++) {
      auto value = parse_value(params[i], given[i]);
      if (!value) return tl::unexpected<Error>(value.error());
      values.push_back(*value);
    }
    return values;
  }
  return fail("--invoke {}: the module exports no such function", function);
}

// A module from a file, text or binary. A text that cannot be assembled is malformed.
tl::expected<Bytes, embed::RunResult> read_module(const std::string& path) {
  embed::RunResult bad;
  auto bytes = read_bytes(path);
  if (!bytes) {
    bad.kind = embed::RunResult::Kind::kFailed;
    bad.message = bytes.error().message;
    return tl::unexpected<embed::RunResult>(bad);
  }
  constexpr uint8_t kMagic[] = {0, 'a', 's', 'm'};
  const bool binary = bytes->size() >= 4 && std::equal(kMagic, kMagic + 4, bytes->begin());
  if (binary || path.ends_with(".wasm")) return *std::move(bytes);
  auto assembled =
      module::assemble({reinterpret_cast<const char*>(bytes->data()), bytes->size()}, path);
  if (assembled) return *std::move(assembled);
  bad.kind = embed::RunResult::Kind::kReject;
  bad.stage = "decode";
  bad.message = assembled.error().message;
  return tl::unexpected<embed::RunResult>(bad);
}

tl::expected<embed::RunOptions, Error> run_options(const Options& options,
                                                   const module::Module& module) {
  embed::RunOptions run;
  run.program.max_threads = static_cast<uint32_t>(options.max_threads);
  run.program.threading = options.threading == "shared-instance"
                              ? embed::ThreadingModel::kSharedInstance
                              : embed::ThreadingModel::kInstancePerThread;
  run.process.args.push_back(options.module);
  if (options.invoke) {
    auto values = parse_arguments(module, *options.invoke, options.arguments);
    if (!values) return tl::unexpected<Error>(values.error());
    run.program.entry = *options.invoke;
    run.program.arguments = *std::move(values);
  } else {
    run.process.args.insert(run.process.args.end(), options.arguments.begin(),
                            options.arguments.end());
  }
  for (const std::string& text : options.env) {
    if (text.find('=') == std::string::npos || text[0] == '=') {
      return fail("--env {}: expected NAME=VALUE", text);
    }
    run.process.env.push_back(text);
  }
  for (const std::string& text : options.dirs) {
    auto dir = parse_dir(text);
    if (!dir) return tl::unexpected<Error>(dir.error());
    run.process.dirs.push_back(*dir);
  }
  return run;
}

embed::RunResult failed(std::string message) {
  embed::RunResult result;
  result.kind = embed::RunResult::Kind::kFailed;
  result.message = std::move(message);
  return result;
}

// The command that repeats a deterministic run. A token too long for an argument gives way to the
// schedule that made it, which is just as exact.
std::string repeat_line(const Options& options, const std::string& token) {
  constexpr size_t kLongestArgument = 100'000;
  std::string line = "weft exec --schedule ";
  line += token.size() <= kLongestArgument ? "replay:" + token : shell_quoted(*options.schedule);
  if (options.threading != "instance-per-thread") line += " --threading-model " + options.threading;
  if (options.max_threads != kMaxThreads)
    line += fmt::format(" --max-threads {}", options.max_threads);
  for (const std::string& dir : options.dirs) line += " --dir " + shell_quoted(dir);
  for (const std::string& env : options.env) line += " --env " + shell_quoted(env);
  if (options.invoke) line += " --invoke " + shell_quoted(*options.invoke);
  line += " " + shell_quoted(options.module);
  for (const std::string& argument : options.arguments) line += " " + shell_quoted(argument);
  return line;
}

embed::RunResult execute_scheduled(const Options& options,
                                   std::shared_ptr<const module::Module> module,
                                   embed::RunOptions run) {
  auto scheduler = schedule::make_scheduler(*options.schedule);
  if (!scheduler) return failed(scheduler.error().message);
  std::unique_ptr<embed::TraceWriter> trace;
  schedule::VirtualOptions how;
  if (options.trace) {
    auto writer = embed::TraceWriter::open(*options.trace);
    if (!writer) return failed(writer.error().message);
    trace = *std::move(writer);
    how.observer = trace.get();
  }
  (*scheduler)->new_execution();
  auto done = embed::run_scheduled(std::move(module), std::move(run), **scheduler, how);
  if ((*scheduler)->diverged()) {
    return failed(embed::kTokenDoesNotFit);
  }
  if (trace) {
    if (auto written = trace->finish(); !written) return failed(written.error().message);
  }
  const bool failure = done.result.kind == embed::RunResult::Kind::kTrap ||
                       done.result.kind == embed::RunResult::Kind::kDeadlock ||
                       done.result.code != 0;
  if (failure && !done.token.empty()) {
    fmt::print(stderr, "weft: repeat: {}\n", repeat_line(options, done.token));
  }
  return std::move(done.result);
}

embed::RunResult execute(const Options& options) {
  auto bytes = read_module(options.module);
  if (!bytes) return bytes.error();
  auto module = module::load_module(*std::move(bytes));
  if (!module) return embed::result_of(module.error());
  auto run = run_options(options, **module);
  if (!run) return failed(run.error().message);
  if (options.schedule) return execute_scheduled(options, *module, *std::move(run));
  run->end_deadlocks = options.deadlock;
  return embed::run_module(*module, *std::move(run));
}

}  // namespace

int cmd_exec(const std::vector<std::string>& arguments) {
  Options options;
  Args args("weft exec", "run one module on the reference, like any WASI runtime");
  args.option("--dir", options.dirs, "HOST::GUEST: give a directory (again for more)");
  args.option("--env", options.env, "NAME=VALUE for the program's environment");
  args.choice("--threading-model", options.threading, {"instance-per-thread", "shared-instance"},
              "what a new thread gets (docs/threading-models.md)");
  args.option("--invoke", options.invoke, "call this export with ARGS and print its results");
  args.option("--status-file", options.status_file, "write how it ended, as JSON");
  args.option("--max-threads", options.max_threads, "most threads at once (default 4096)");
  args.option("--schedule", options.schedule,
              "run deterministically on one thread: round-robin, random:SEED, pct:DEPTH:SEED, "
              "replay:TOKEN");
  args.option("--trace", options.trace, "with --schedule: write every visible operation as JSON");
  args.flag("--deadlock", options.deadlock,
            "end with 126 when all threads wait for ever (--schedule always does)");
  args.flag("--wasi-functions", options.wasi_functions,
            "list the preview1 functions that return nosys, and end");
  args.positional("MODULE", options.module, ".wat or .wasm", false);
  args.positionals("ARGS", options.arguments, "the program's arguments");
  args.stop_at_positional();
  args.footer(
      "Exit code: the program's own (n & 255), 134 for a trap, 2 for a module that is "
      "malformed, invalid or does not link.");
  if (const auto code = args.parse(arguments)) return *code;
  if (options.wasi_functions) {
    list_functions();
    return 0;
  }
  if (options.module.empty()) return complain("MODULE is missing; see `weft exec --help`");
  if (options.max_threads < 1 || options.max_threads > (1u << 20)) {
    return complain(fmt::format("--max-threads {}: expected 1 to 1048576", options.max_threads));
  }
  if (options.trace && !options.schedule) {
    return complain("--trace needs --schedule: native runs have no order to write down");
  }
  const embed::RunResult result = execute(options);
  print_result(options.module, result);
  if (options.status_file) {
    if (auto written = write_status(*options.status_file, result); !written) {
      return complain(written.error().message);
    }
  }
  return exit_code(result);
}

}  // namespace weft::cli
