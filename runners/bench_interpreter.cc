#include "runners/bench_interpreter.h"

#include <algorithm>

#include "reference/base/files.h"
#include "reference/module/assemble.h"

namespace weft::runners {
namespace {

constexpr const char* kOurs[] = {"start", "sieve", "atomics", "fib", "hash"};
// Long enough that thread start, where Zig's library loses a race now and then, is no matter.
constexpr struct {
  const char* name;
  const char* size;
} kThreaded[] = {{"matrix", "160"}, {"parallel_sort", "200000"}};

// Seconds; negative: killed at the deadline.
Expected<double> time_once(Runtime& runtime, const BenchProgram& program, double timeout) {
  Case one;
  one.id = "bench/" + program.name;
  one.wasm = program.wasm;
  one.args = program.args;
  one.timeout = timeout;
  const Observation seen = runtime.run(one);
  if (seen.end == End::kTimeout) return -1;
  if (seen.end != End::kExit || seen.code != 0) {
    return fail("{} on {}: expected exit code 0, got {} {} {}", program.name, runtime.info().name,
                seen.code, seen.reason, seen.err.substr(0, 200));
  }
  return seen.seconds;
}

struct Times {
  std::vector<double> seconds;
  uint32_t unended = 0;
  void add(double one) {
    if (one < 0) {
      ++unended;
    } else {
      seconds.insert(std::upper_bound(seconds.begin(), seconds.end(), one), one);
    }
  }
  double best() const { return seconds.empty() ? 0 : seconds.front(); }
  double median() const { return seconds.empty() ? 0 : seconds[seconds.size() / 2]; }
};

}  // namespace

Expected<std::vector<BenchProgram>> bench_programs(const std::string& home) {
  std::vector<BenchProgram> programs;
  for (const char* name : kOurs) {
    const std::string path = home + "/runners/bench/" + name + ".wat";
    auto text = read_text(path);
    if (!text) return tl::unexpected(text.error());
    auto wasm = module::assemble(*text, path);
    if (!wasm) return tl::unexpected(wasm.error());
    programs.push_back({name, std::move(*wasm), {}, false});
  }
  for (const auto& [name, size] : kThreaded) {
    auto wasm = read_bytes(home + "/suite/programs/" + name + ".wasm");
    if (!wasm) return tl::unexpected(wasm.error());
    programs.push_back({name, std::move(*wasm), {size}, true});
  }
  return programs;
}

Expected<std::vector<BenchRow>> bench_interpreter(
    Runtime& ours, Runtime& peer, const std::vector<BenchProgram>& programs,
    const BenchOptions& options, const std::function<void(const std::string&)>& progress) {
  std::vector<BenchRow> rows;
  for (const BenchProgram& program : programs) {
    progress(program.name);
    Times our_times, peer_times;
    for (int round = 0; round < options.rounds; ++round) {
      auto first = time_once(ours, program, options.timeout);
      if (!first) return tl::unexpected(first.error());
      our_times.add(*first);
      auto second = time_once(peer, program, options.timeout);
      if (!second) return tl::unexpected(second.error());
      peer_times.add(*second);
    }
    rows.push_back({program.name, program.threads, our_times.best(), our_times.median(),
                    peer_times.best(), peer_times.median(), our_times.unended, peer_times.unended});
  }
  return rows;
}

}  // namespace weft::runners
