// weft bench: speed as ratios to peers, measured in one run.
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "cli/args.h"
#include "cli/bench.h"
#include "cli/cmd_bench_model.h"
#include "cli/command.h"
#include "reference/base/files.h"
#include "runners/bench_interpreter.h"
#include "runners/selection.h"

namespace weft::cli {
namespace {

using runners::BenchRow;

int complain(int code, const std::string& message) {
  fmt::print(stderr, "weft: {}\n", message);
  return code;
}

Expected<std::unique_ptr<runners::Runtime>> runtime_named(const std::string& name) {
  auto fleet = runners::read_fleet(runners::descriptor_folders("", home_folder()));
  if (!fleet) return tl::unexpected(fleet.error());
  auto chosen = runners::select(*fleet, {name});
  if (!chosen) return tl::unexpected(chosen.error());
  runners::locate(chosen->front());
  if (!chosen->front().info.found) {
    return fail("{} is not here: {}", name, chosen->front().info.how_to_get);
  }
  return runners::make_runtime(chosen->front());
}

void print_table(const std::vector<BenchRow>& rows, const std::string& peer) {
  fmt::print("{:<16}{:>12}{:>12}{:>8}  seconds, best (median)\n", "program", "reference", peer,
             "ratio");
  for (const BenchRow& row : rows) {
    fmt::print(
        "{:<16}{:>12.3f}{:>12.3f}{:>8.2f}  ({:.3f}, {:.3f}){}\n", row.program, row.ours_best,
        row.peer_best, row.ratio(), row.ours_median, row.peer_median,
        row.ours_unended + row.peer_unended == 0
            ? ""
            : fmt::format("  did not end: {} and {} runs", row.ours_unended, row.peer_unended));
  }
}

nlohmann::json as_json(const std::vector<BenchRow>& rows, const std::string& peer) {
  nlohmann::json out = {{"schema", "weft.bench/1"}, {"bench", "interpreter"}, {"peer", peer}};
  out["rows"] = nlohmann::json::array();
  for (const BenchRow& row : rows) {
    out["rows"].push_back({{"program", row.program},
                           {"threads", row.threads},
                           {"reference_best", row.ours_best},
                           {"reference_median", row.ours_median},
                           {"peer_best", row.peer_best},
                           {"peer_median", row.peer_median},
                           {"reference_unended", row.ours_unended},
                           {"peer_unended", row.peer_unended},
                           {"ratio", row.ratio()}});
  }
  return out;
}

int bench_interpreter(const std::vector<std::string>& args) {
  std::string peer_name = "wamr:fast", json_file;
  runners::BenchOptions options;
  Args parser("weft bench interpreter",
              "Time programs on the reference and on a peer, alternating; process start included.");
  parser.option("--peer", peer_name, "the runtime to compare with (default wamr:fast)");
  parser.option("--rounds", options.rounds, "runs of each program on each side (default 5)");
  parser.option("--timeout", options.timeout, "seconds a run may take (default 30)");
  parser.option("--json", json_file, "write the table as JSON to this file, - for standard output");
  if (auto code = parser.parse(args)) return *code;
  if (options.rounds < 1) return complain(2, "--rounds: expected at least 1");
  auto ours = runtime_named("reference");
  if (!ours) return complain(3, ours.error().message);
  auto peer = runtime_named(peer_name);
  if (!peer) return complain(3, peer.error().message);
  auto programs = runners::bench_programs(home_folder());
  if (!programs) return complain(3, programs.error().message);
  auto rows = runners::bench_interpreter(
      **ours, **peer, *programs, options,
      [](const std::string& name) { fmt::print(stderr, "{} ...\n", name); });
  if (!rows) return complain(3, rows.error().message);
  if (json_file != "-") print_table(*rows, peer_name);
  if (json_file.empty()) return 0;
  const std::string text = as_json(*rows, peer_name).dump(2) + "\n";
  if (json_file == "-") {
    fmt::print("{}", text);
  } else if (auto ok = write_file(json_file, text); !ok) {
    return complain(3, ok.error().message);
  }
  return 0;
}

struct Bench {
  const char* name;
  CommandFunction run;
  const char* about;
};
constexpr Bench kBenches[] = {
    {"interpreter", bench_interpreter, "the reference beside a peer's interpreter"},
    {"schedule", bench_schedule, "deterministic executions a second, costs of native threads"},
    {"stimulus", bench_stimulus, "weak outcomes that litmus tests make runtimes show"},
    {"model", bench_model, "the memory-model oracle: microseconds a test"},
};

}  // namespace

int cmd_bench(const std::vector<std::string>& args) {
  for (const Bench& bench : kBenches) {
    if (!args.empty() && args[0] == bench.name) return bench.run({args.begin() + 1, args.end()});
  }
  const bool help = !args.empty() && (args[0] == "--help" || args[0] == "-h");
  fmt::print(help ? stdout : stderr, "weft bench NAME: speed as ratios to peers, in one run\n");
  for (const Bench& bench : kBenches) {
    fmt::print(help ? stdout : stderr, "  {:<12} {}\n", bench.name, bench.about);
  }
  return help ? 0 : 2;
}

}  // namespace weft::cli
