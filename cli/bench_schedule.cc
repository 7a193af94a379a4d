// `weft bench schedule`: deterministic executions a second, and what native threads cost.
#include <fmt/core.h>
#include <time.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "cli/args.h"
#include "cli/bench.h"
#include "reference/base/files.h"
#include "reference/embed/explore.h"
#include "reference/embed/imports.h"
#include "reference/embed/litmus_run.h"
#include "reference/module/assemble.h"
#include "suite/litmus/to_shape.h"

namespace weft::cli {
namespace {

constexpr const char* kLitmus = R"(
litmus SB
thread 0
  i32.atomic.store x 1
  r0 = i32.atomic.load y
thread 1
  i32.atomic.store y 1
  r1 = i32.atomic.load x

litmus IRIW
thread 0
  i32.atomic.store x 1
thread 1
  i32.atomic.store y 1
thread 2
  r0 = i32.atomic.load x
  r1 = i32.atomic.load y
thread 3
  r2 = i32.atomic.load y
  r3 = i32.atomic.load x
)";

// 1,000 visible operations and some 10,000 others, half in the main thread and half in a spawned
// one, which the main thread waits for at the end.
constexpr const char* kSpawned = R"((module
  (import "env" "memory" (memory 1 1 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (export "memory" (memory 0))
  (func $work (local $i i32) (local $x i32)
    (loop $next
      (local.set $x (i32.add (local.get $x)
        (i32.atomic.rmw.add (i32.const 0) (i32.const 1))))
      (local.set $x (i32.mul (i32.add (local.get $x) (i32.const 3)) (i32.const 5)))
      (local.set $x (i32.xor (i32.shl (local.get $x) (i32.const 3)) (local.get $x)))
      (local.set $x (i32.add (local.get $x) (i32.atomic.load (i32.const 64))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 250)))))
  (func (export "wasi_thread_start") (param i32 i32)
    (call $work)
    (i32.atomic.store (i32.const 128) (i32.const 1))
    (drop (memory.atomic.notify (i32.const 128) (i32.const 1))))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (call $work)
    (drop (memory.atomic.wait32 (i32.const 128) (i32.const 0) (i64.const -1)))))
)";

// Spawns threads one after the other, each waited for.
constexpr const char* kSpawnAndJoin = R"((module
  (import "env" "memory" (memory 1 1 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (export "memory" (memory 0))
  (func (export "wasi_thread_start") (param $tid i32) (param $i i32)
    (i32.atomic.store (i32.const 128) (local.get $i))
    (drop (memory.atomic.notify (i32.const 128) (i32.const 1))))
  (func (export "_start") (local $i i32)
    (loop $next
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (if (i32.le_s (call $spawn (local.get $i)) (i32.const 0)) (then (unreachable)))
      (loop $again
        (drop (memory.atomic.wait32 (i32.const 128)
          (i32.sub (local.get $i) (i32.const 1)) (i64.const -1)))
        (br_if $again (i32.ne (i32.atomic.load (i32.const 128)) (local.get $i))))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 10000))))))
)";

// 1,000 threads that wait; the main one sleeps half a second once all have announced themselves.
constexpr const char* kWaiting = R"((module
  (import "env" "memory" (memory 1 1 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (export "memory" (memory 0))
  (func (export "wasi_thread_start") (param i32 i32)
    (drop (i32.atomic.rmw.add (i32.const 64) (i32.const 1)))
    (drop (memory.atomic.wait32 (i32.const 128) (i32.const 0) (i64.const -1))))
  (func (export "_start") (local $i i32)
    (loop $next
      (if (i32.le_s (call $spawn (i32.const 0)) (i32.const 0)) (then (unreachable)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 1000))))
    (loop $all (br_if $all (i32.lt_u (i32.atomic.load (i32.const 64)) (i32.const 1000))))
    (drop (memory.atomic.wait32 (i32.const 192) (i32.const 0) (i64.const SLEEP)))))
)";

// A module of at least 1 MiB: functions, a table that names each, passive data as a linker for
// threads makes it.
std::string big_module() {
  std::string wat = R"((module (import "env" "memory" (memory 4 4 shared))
    (global $sp (mut i32) (i32.const 65536)) (func (export "wasi_thread_start") (param i32 i32))
    (func (export "_start")) )";
  constexpr int kFunctions = 10'000;
  for (int i = 0; i < kFunctions; i++) {
    wat += fmt::format("(func $f{} (param i32) (result i32) (local i32)", i);
    for (int k = 0; k < 10; k++) {
      wat += fmt::format(
          "(local.set 1 (i32.xor (i32.mul (local.get 0) (i32.const {})) (local.get 1)))",
          1'000'003 + i * 10 + k);
    }
    wat += "(local.get 1))";
  }
  wat += fmt::format("(table {} funcref) (elem (i32.const 0)", kFunctions / 10);
  for (int i = 0; i < kFunctions; i += 10) wat += fmt::format(" $f{}", i);
  wat += ") (data \"" + std::string(65536, 'x') + "\"))";
  return wat;
}

double seconds(clockid_t clock) {
  timespec t;
  clock_gettime(clock, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

// Calls `once` for some time; how often a second, in processor time of this thread.
double rate(double budget, const std::function<bool()>& once) {
  uint64_t times = 0;
  const double start = seconds(CLOCK_THREAD_CPUTIME_ID);
  double now = start;
  while (now - start < budget) {
    for (int i = 0; i < 64; i++, times++) {
      if (!once()) return 0;
    }
    now = seconds(CLOCK_THREAD_CPUTIME_ID);
  }
  return static_cast<double>(times) / (now - start);
}

Expected<std::shared_ptr<const module::Module>> load(const std::string& wat) {
  auto bytes = module::assemble(wat, "bench");
  if (!bytes) return tl::unexpected<Error>(bytes.error());
  auto module = module::load_module(*std::move(bytes));
  if (!module) return fail("bench: {}", module.error().message);
  return *std::move(module);
}

struct Row {
  std::string name;
  double value;
  std::string unit, goal;
};

Expected<void> deterministic_rows(double budget, std::vector<Row>& rows) {
  auto tests = suite::litmus::read_litmus(kLitmus, "bench");
  if (!tests) return tl::unexpected<Error>(tests.error());
  for (const auto& test : *tests) {
    auto module = suite::litmus::to_module(test);
    if (!module) return tl::unexpected<Error>(module.error());
    for (const char* which : {"random", "pct"}) {
      const auto scheduler = *which == 'r' ? schedule::make_random(1) : schedule::make_pct(3, 1);
      auto run = embed::LitmusRun::make(*module, suite::litmus::to_shape(test), *scheduler);
      if (!run) return tl::unexpected<Error>(run.error());
      rows.push_back({fmt::format("{} {}", test.name, which),
                      rate(budget, [&] { return (*run)->next(); }), "schedules/s",
                      test.name == "SB" ? ">= 1000000" : ">= 500000"});
    }
  }
  auto module = load(kSpawned);
  if (!module) return tl::unexpected<Error>(module.error());
  const auto scheduler = schedule::make_random(1);
  embed::RunOptions options;
  for (auto& buffer : options.process.buffers) buffer = std::make_shared<wasi::Buffer>();
  auto program = embed::VirtualProgram::make(*module, options, *scheduler);
  if (!program) return fail("bench: {}", program.error().message);
  rows.push_back({"spawned, 1000 visible + 10000",
                  rate(budget,
                       [&] {
                         scheduler->new_execution();
                         return (*program)->run().kind == embed::RunResult::Kind::kExit;
                       }),
                  "schedules/s", ">= 50000"});
  return {};
}

Expected<void> instantiation_row(double budget, std::vector<Row>& rows) {
  auto module = load(big_module());
  if (!module) return tl::unexpected<Error>(module.error());
  auto imports = embed::make_imports(**module);
  if (!imports) return tl::unexpected<Error>(imports.error());
  auto resolved = machine::Instance::resolve(**module, *imports);
  if (!resolved) return fail("bench: {}", resolved.error().message);
  const double made =
      rate(budget, [&] { return machine::Instance::create(*module, *resolved).has_value(); });
  rows.push_back({fmt::format("instantiate, {:.2f} MiB of module",
                              static_cast<double>((*module)->binary.size()) / (1 << 20)),
                  1e6 / made, "us", "< 50"});
  return {};
}

Expected<void> native_rows(std::vector<Row>& rows) {
  auto spawn = load(kSpawnAndJoin);
  if (!spawn) return tl::unexpected<Error>(spawn.error());
  double start = seconds(CLOCK_MONOTONIC);
  if (embed::run_module(*spawn, {}).kind != embed::RunResult::Kind::kExit) {
    return fail("bench: the program that spawns threads did not end as it should");
  }
  rows.push_back({"spawn and join 10000 threads", seconds(CLOCK_MONOTONIC) - start, "s", "< 1"});
  // The difference between sleeping long and sleeping briefly is what waiting costs.
  double used[2];
  for (int i = 0; i < 2; i++) {
    std::string wat = kWaiting;
    wat.replace(wat.find("SLEEP"), 5, i == 0 ? "1000" : "500000000");
    auto waiting = load(wat);
    if (!waiting) return tl::unexpected<Error>(waiting.error());
    start = seconds(CLOCK_PROCESS_CPUTIME_ID);
    embed::run_module(*waiting, {});
    used[i] = seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
  }
  rows.push_back({"1000 threads waiting 0.5 s", std::max(0.0, used[1] - used[0]), "s of processor",
                  "0, within the noise of starting them"});
  rows.push_back({"1000 threads started and ended", used[0], "s of processor", ""});
  return {};
}

}  // namespace

int bench_schedule(const std::vector<std::string>& arguments) {
  double budget = 1;
  std::string json;
  Args args("weft bench schedule",
            "deterministic executions a second, and costs of native threads");
  args.option("--seconds", budget, "processor time for each rate (default 1)");
  args.option("--json", json, "write the table as JSON to this file, - for standard output");
  if (const auto code = args.parse(arguments)) return *code;
  std::vector<Row> rows;
  auto done = deterministic_rows(budget, rows);
  if (done) done = instantiation_row(budget, rows);
  if (done) done = native_rows(rows);
  if (!done) {
    fmt::print(stderr, "weft: {}\n", done.error().message);
    return 3;
  }
  if (json != "-") {
    for (const Row& row : rows) {
      fmt::print("{:<32}{:>14.6g} {:<16}{}\n", row.name, row.value, row.unit,
                 row.goal.empty() ? "" : "goal " + row.goal);
    }
  }
  if (json.empty()) return 0;
  nlohmann::ordered_json out = {{"schema", "weft.bench/1"}, {"bench", "schedule"}};
  for (const Row& row : rows) {
    out["rows"].push_back(
        {{"name", row.name}, {"value", row.value}, {"unit", row.unit}, {"goal", row.goal}});
  }
  const std::string text = out.dump(2) + "\n";
  if (json == "-") {
    fmt::print("{}", text);
  } else if (auto written = write_file(json, std::string_view(text)); !written) {
    fmt::print(stderr, "weft: {}\n", written.error().message);
    return 3;
  }
  return 0;
}

}  // namespace weft::cli
