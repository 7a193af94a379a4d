// weft bench stimulus: how much weak behaviour the batched litmus tests make each runtime show.
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "cli/args.h"
#include "cli/bench.h"
#include "cli/command.h"
#include "cli/test_options.h"
#include "reference/base/files.h"
#include "results/litmus.h"
#include "results/stimulus.h"
#include "runners/selection.h"

namespace weft::cli {
namespace {

using results::Shown;
using results::StimulusRow;

int complain(int code, const std::string& message) {
  fmt::print(stderr, "weft: {}\n", message);
  return code;
}

Expected<std::shared_ptr<results::LitmusCase>> litmus_case(const std::string& id) {
  auto test = find_test(id);
  if (!test) return tl::unexpected(test.error());
  return results::LitmusCase::make(*test);
}

void print_row(const StimulusRow& row, bool all) {
  const Shown& best = row.weak[row.best];
  fmt::print("{:<16}{:>10.0f}{:>10.0f}{:>10.2f}  {:<16}{:>6} of {:.1f} M\n", row.runtime,
             best.per_million(), best.middle, best.per_second() / 1e6,
             results::presets()[row.best].name, row.strong.hits,
             double(row.strong.iterations) / 1e6);
  for (size_t i = 0; all && i < row.weak.size(); ++i) {
    fmt::print("  {:<14}{:>10.0f}{:>10.0f}{:>10.2f}  {}\n", "", row.weak[i].per_million(),
               row.weak[i].middle, row.weak[i].per_second() / 1e6, results::presets()[i].name);
  }
  std::fflush(stdout);
}

nlohmann::json as_json(const Shown& shown) {
  return {{"hits", shown.hits},
          {"median_per_million", shown.middle},
          {"iterations", shown.iterations},
          {"seconds", shown.seconds}};
}

nlohmann::json as_json(const std::vector<StimulusRow>& rows) {
  nlohmann::json out = {{"schema", "weft.bench/1"}, {"bench", "stimulus"}};
  out["rows"] = nlohmann::json::array();
  for (const StimulusRow& row : rows) {
    nlohmann::json one = {{"runtime", row.runtime},
                          {"best", results::presets()[row.best].name},
                          {"weak", as_json(row.weak[row.best])},
                          {"strong", as_json(row.strong)}};
    for (size_t i = 0; i < row.weak.size(); ++i) {
      one["presets"][results::presets()[i].name] = as_json(row.weak[i]);
    }
    out["rows"].push_back(std::move(one));
  }
  return out;
}

}  // namespace

int bench_stimulus(const std::vector<std::string>& args) {
  std::vector<std::string> names;
  std::string json_file, weak_id = "mm/classic/SB+nn", strong_id = "mm/classic/SB+aa";
  int milliseconds = 300, rounds = 3;
  bool all = false;
  Args parser(
      "weft bench stimulus",
      "Weak outcomes and iterations a second of a litmus test on each runtime, best preset; "
      "and its forbidden partner, whose outcome must not show.");
  parser.positionals("RUNTIME", names, "runtimes (default: the default ones)");
  parser.option("--test", weak_id, "a litmus test that allows an outcome (default SB+nn)");
  parser.option("--forbidden", strong_id, "a litmus test that forbids it (default SB+aa)");
  parser.option("--milliseconds", milliseconds, "of a run (default 300)");
  parser.option("--rounds", rounds, "runs of each preset, the best one counts (default 3)");
  parser.flag("--all", all, "each preset's numbers");
  parser.option("--json", json_file, "write the table as JSON to this file, - for standard output");
  if (auto code = parser.parse(args)) return *code;
  if (milliseconds < 1 || rounds < 1) {
    return complain(2, "--milliseconds, --rounds: expected at least 1");
  }
  auto weak = litmus_case(weak_id), strong = litmus_case(strong_id);
  if (!weak) return complain(2, weak.error().message);
  if (!strong) return complain(2, strong.error().message);
  auto fleet = runners::read_fleet(runners::descriptor_folders("", home_folder()));
  if (!fleet) return complain(3, fleet.error().message);
  auto chosen = runners::select(*fleet, names);
  if (!chosen) return complain(2, chosen.error().message);
  const bool table = json_file != "-";
  if (table) {
    fmt::print("{:<16}{:>10}{:>10}{:>10}  {:<16}{}\n", "runtime", "weak/M", "(median)", "M it/s",
               "best preset", "forbidden partner");
  }
  std::vector<StimulusRow> rows;
  int code = 0;
  for (runners::Described& one : *chosen) {
    runners::locate(one);
    if (!one.info.found) {
      fmt::print(stderr, "{} is not here: {}\n", one.info.name, one.info.how_to_get);
      continue;
    }
    const auto runtime = runners::make_runtime(one);
    auto row = results::measure_stimulus(
        *runtime, **weak, **strong,
        {static_cast<uint32_t>(milliseconds), static_cast<unsigned>(rounds)});
    if (!row) return complain(3, row.error().message);
    if (table) print_row(*row, all);
    if (row->strong.hits) code = 1;
    rows.push_back(std::move(*row));
  }
  if (json_file.empty()) return code;
  const std::string text = as_json(rows).dump(2) + "\n";
  if (!table) {
    fmt::print("{}", text);
  } else if (auto ok = write_file(json_file, text); !ok) {
    return complain(3, ok.error().message);
  }
  return code;
}

}  // namespace weft::cli
