// The oracle's speed: whole sets of the tier `literal` and membership, i32 accesses over explicitly
// initialised memory, medians of repetitions; the spread over all generated cycles; the machine is
// named.
#include "cli/cmd_bench_model.h"

#include <fmt/core.h>

#ifdef WEFT_BENCHMARK
#include <benchmark/benchmark.h>
#endif

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <memory>

#include "cli/args.h"
#include "fuzz/cycles.h"
#include "fuzz/litmus_corpus.h"
#include "reference/model/model.h"
#include "suite/litmus/ast.h"
#include "suite/litmus/to_program.h"

namespace weft::cli {

#ifdef WEFT_BENCHMARK
namespace {

// Accesses are written `W x 1` and `R r0 x`; `plain` or SC is the variant.
struct Shape {
  const char* name;
  const char* goal;  // microseconds for the median, whole set
  std::vector<const char*> threads;
};

const std::vector<Shape>& shapes() {
  static const std::vector<Shape> kShapes = {
      {"SB", "5", {"W x 1;R r0 y", "W y 1;R r1 x"}},
      {"MP", "5", {"W x 1;W y 1", "R r0 y;R r1 x"}},
      {"2+2W", "5", {"W x 1;W y 2", "W y 1;W x 2"}},
      {"IRIW", "25", {"W x 1", "W y 1", "R r0 x;R r1 y", "R r2 y;R r3 x"}},
      {"ISA2", "25", {"W x 1;W y 1", "R r0 y;W z 1", "R r1 z;R r2 x"}},
      {"12events",
       "1000",
       {"W x 1;R r0 y;R r1 z", "W y 1;R r2 z;R r3 x", "W z 1;R r4 x;R r5 y", "W x 2;W y 2;R r6 z"}},
  };
  return kShapes;
}

std::string litmus_text(const Shape& shape, bool atomic) {
  const std::string mode = atomic ? ".atomic" : "";
  std::string text =
      fmt::format("litmus {}\nlocate x=0 y=64 z=128\ninit i32 x=0 y=0 z=0\n", shape.name);
  for (size_t t = 0; t < shape.threads.size(); ++t) {
    text += fmt::format("thread {}\n", t);
    std::string rest = shape.threads[t];
    while (!rest.empty()) {
      const size_t end = std::min(rest.find(';'), rest.size());
      const std::string op = rest.substr(0, end);
      rest.erase(0, end + 1);
      if (op[0] == 'W') {
        text += fmt::format("  i32{}.store {}\n", mode, op.substr(2));
      } else {
        const size_t space = op.find(' ', 2);
        text += fmt::format("  {} = i32{}.load {}\n", op.substr(2, space - 2), mode,
                            op.substr(space + 1));
      }
    }
  }
  return text;
}

std::shared_ptr<model::Program> program(const Shape& shape, bool atomic) {
  const auto tests = suite::litmus::read_litmus(litmus_text(shape, atomic), "bench");
  if (!tests || tests->size() != 1) return nullptr;
  auto made = suite::litmus::to_program(tests->front());
  return made ? std::make_shared<model::Program>(std::move(*made)) : nullptr;
}

// Every generated cycle, decisive or not, as a program of the oracle.
std::vector<model::Program> generated_programs() {
  std::vector<model::Program> programs;
  for (const fuzz::CycleOptions& family : fuzz::default_families()) {
    fuzz::enumerate_cycles(family, [&](const fuzz::Cycle& cycle) {
      const auto tests = suite::litmus::read_litmus(fuzz::test_of(cycle).text, "bench");
      auto made = tests ? suite::litmus::to_program(tests->front())
                        : Expected<model::Program>(tl::unexpected(tests.error()));
      if (made) programs.push_back(std::move(*made));
      return made.has_value();
    });
  }
  return programs;
}

size_t operations(const model::Program& program) {
  size_t all = 0;
  for (const model::Thread& thread : program.threads) all += thread.body.size();
  return all;
}

// The whole `literal` set of each generated program: the spread, and how many small ones a second.
void corpus(benchmark::State& state, model::Oracle& oracle) {
  static const std::vector<model::Program> programs = generated_programs();
  const model::Tiers literal = model::tier_bit(model::Tier::literal);
  for (auto _ : state) {
    std::vector<double> micros;
    double small_micros = 0;
    size_t small = 0;
    for (const model::Program& p : programs) {
      const auto begin = std::chrono::steady_clock::now();
      benchmark::DoNotOptimize(oracle.allowed(p, literal));
      const std::chrono::duration<double, std::micro> took =
          std::chrono::steady_clock::now() - begin;
      micros.push_back(took.count());
      if (operations(p) > 6) continue;
      small_micros += took.count();
      ++small;
    }
    std::sort(micros.begin(), micros.end());
    state.counters["tests"] = double(micros.size());
    state.counters["median_us"] = micros[micros.size() / 2];
    state.counters["p99_us"] = micros[micros.size() * 99 / 100];
    state.counters["max_us"] = micros.back();
    state.counters["small_per_second"] = double(small) / small_micros * 1e6;
  }
}

}  // namespace

int bench_model(const std::vector<std::string>& args) {
  std::string json;
  int repetitions = 9;
  Args parser("weft bench model", "The oracle: microseconds for a whole set and for membership.");
  parser.option("--repetitions", repetitions, "of each measurement; the median counts (default 9)");
  parser.option("--json", json, "write Google Benchmark's JSON to this file");
  if (auto code = parser.parse(args)) return *code;
  if (repetitions < 1) {
    fmt::print(stderr, "weft: bench model: expected --repetitions of at least 1\n");
    return 2;
  }
  std::vector<std::string> words = {"weft", "--benchmark_min_time=0.05",
                                    fmt::format("--benchmark_repetitions={}", repetitions),
                                    "--benchmark_report_aggregates_only=true"};
  if (!json.empty()) {
    words.push_back("--benchmark_out=" + json);
    words.push_back("--benchmark_out_format=json");
  }
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  int argc = static_cast<int>(argv.size());
  benchmark::Initialize(&argc, argv.data());

  auto oracle = std::make_shared<model::Oracle>();
  const model::Tiers literal = model::tier_bit(model::Tier::literal);
  std::vector<std::shared_ptr<model::Program>> small;
  for (const Shape& shape : shapes()) {
    for (const bool atomic : {true, false}) {
      const auto p = program(shape, atomic);
      if (p == nullptr) {
        fmt::print(stderr, "weft: bench model: {} cannot be read\n", shape.name);
        return 3;
      }
      if (shape.name != std::string("12events")) small.push_back(p);
      const char* variant = atomic ? "sc" : "plain";
      benchmark::RegisterBenchmark(
          fmt::format("set/{}/{}/goal_us:{}", shape.name, variant, shape.goal).c_str(),
          [=](benchmark::State& state) {
            for (auto _ : state) benchmark::DoNotOptimize(oracle->allowed(*p, literal));
          })
          ->Unit(benchmark::kMicrosecond);
      const auto set = oracle->allowed(*p, literal);
      if (!set) continue;
      const model::Outcome outcome = set->outcomes.back().outcome;
      benchmark::RegisterBenchmark(
          fmt::format("member/{}/{}/goal_us:5", shape.name, variant).c_str(),
          [=](benchmark::State& state) {
            for (auto _ : state) {
              benchmark::DoNotOptimize(oracle->is_allowed(*p, outcome, model::Tier::literal));
            }
          })
          ->Unit(benchmark::kMicrosecond);
    }
  }
  benchmark::RegisterBenchmark(
      "tests_per_second/up_to_6_events/goal:50000", [=](benchmark::State& state) {
        for (auto _ : state) {
          for (const auto& p : small) {
            benchmark::DoNotOptimize(oracle->allowed(*p, literal));
          }
        }
        state.SetItemsProcessed(
            static_cast<int64_t>(state.iterations() * static_cast<int64_t>(small.size())));
      });
  benchmark::RegisterBenchmark("corpus/goal_p99_us:20000/goal_per_second:50000",
                               [=](benchmark::State& state) { corpus(state, *oracle); })
      ->Unit(benchmark::kMillisecond)
      ->Iterations(1);
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (!line.starts_with("model name")) continue;
    fmt::print("machine: {}\n", line.substr(line.find(':') + 2));
    break;
  }
  std::fflush(stdout);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
#else
int bench_model(const std::vector<std::string>&) {
  fmt::print(
      stderr,
      "weft: bench model: this weft was built without Google Benchmark (libbenchmark-dev)\n");
  return 3;
}
#endif

}  // namespace weft::cli
