// `weft explore`: many deterministic schedules of one test, and the distinct outcomes.
#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/args.h"
#include "cli/command.h"
#include "cli/test_options.h"
#include "reference/base/files.h"
#include "reference/embed/explore.h"
#include "reference/embed/litmus_run.h"
#include "reference/module/assemble.h"
#include "reference/schedule/scheduler.h"
#include "results/explored.h"
#include "suite/litmus/ast.h"
#include "suite/litmus/in_suite.h"
#include "suite/litmus/to_shape.h"

namespace weft::cli {
namespace {

struct Options {
  std::string test, name;
  static constexpr uint64_t kNotSaid = UINT64_MAX;
  uint64_t random = kNotSaid, pct = kNotSaid, depth = 3, seed = 1, max_steps = 1'000'000;
  bool dfs = false;
  std::string threading = "instance-per-thread";
  std::optional<std::string> replay, json;
};

// One test's outcomes.
struct Explored {
  std::string name;
  embed::Outcomes outcomes;
};

struct Plan {
  std::unique_ptr<schedule::Scheduler> scheduler;
  schedule::DfsState dfs;
  uint64_t executions = 0;
};

Expected<std::unique_ptr<Plan>> make_plan(const Options& options) {
  auto plan = std::make_unique<Plan>();
  plan->executions = UINT64_MAX;
  if (options.replay) {
    auto replay = schedule::make_scheduler("replay:" + *options.replay);
    if (!replay) return tl::unexpected<Error>(replay.error());
    plan->scheduler = *std::move(replay);
  } else if (options.dfs) {
    plan->scheduler = schedule::make_dfs(plan->dfs);
  } else if (options.pct != Options::kNotSaid) {
    plan->scheduler = schedule::make_pct(static_cast<uint32_t>(options.depth), options.seed);
    plan->executions = options.pct;
  } else {
    plan->scheduler = schedule::make_random(options.seed);
    plan->executions = options.random != Options::kNotSaid ? options.random : 1000;
  }
  return plan;
}

schedule::VirtualOptions how(const Options& options) {
  schedule::VirtualOptions how;
  how.max_steps = options.max_steps;
  return how;
}

Expected<Explored> explore_litmus(const suite::litmus::LitmusTest& test, const Options& options) {
  auto module = suite::litmus::to_module(test);
  if (!module) return tl::unexpected<Error>(module.error());
  auto plan = make_plan(options);
  if (!plan) return tl::unexpected<Error>(plan.error());
  auto run = embed::LitmusRun::make(*module, suite::litmus::to_shape(test), *(*plan)->scheduler,
                                    how(options));
  if (!run) return fail_in(test.file, run.error());
  for (uint64_t i = 0; i < (*plan)->executions && (*run)->next(); i++) {
  }
  const bool none = (*run)->outcomes().total() == 0 && options.replay;
  if (none || (*plan)->scheduler->diverged()) return fail("{}", embed::kTokenDoesNotFit);
  return Explored{test.name, (*run)->outcomes()};
}

Expected<Explored> explore_test(const suite::Test& test, const Options& options) {
  auto bytes = suite::build(test);
  if (!bytes) return tl::unexpected<Error>(bytes.error());
  auto module = module::load_module(*std::move(bytes));
  if (!module) {
    return fail("{}: {}: {}", test.path, module.error().stage, module.error().message);
  }
  auto plan = make_plan(options);
  if (!plan) return tl::unexpected<Error>(plan.error());
  embed::ExploreOptions explore;
  explore.executions = (*plan)->executions;
  explore.how = how(options);
  explore.input = test.header.stdin_text;
  if (options.threading == "shared-instance") {
    explore.run.program.threading = embed::ThreadingModel::kSharedInstance;
  }
  const std::string name = test.header.id.empty() ? test.path : test.header.id;
  results::give_header(test, name, explore.run.process);
  auto outcomes = embed::explore_program(*module, explore, *(*plan)->scheduler);
  if (!outcomes) return fail_in(test.path, outcomes.error());
  if ((*plan)->scheduler->diverged()) return fail("{}", embed::kTokenDoesNotFit);
  return Explored{name, *std::move(outcomes)};
}

// A text without a header is a module as it stands, like a .wasm.
Expected<suite::Test> find_bare_or_test(const std::string& name) {
  if (!name.ends_with(".wat")) return find_test(name);
  auto text = read_text(name);
  if (!text) return tl::unexpected<Error>(text.error());
  if (text->find(";;!") != std::string::npos) return find_test(name);
  suite::Test bare;
  bare.path = name;
  auto binary = module::assemble(*text, name);
  if (!binary) return tl::unexpected<Error>(binary.error());
  bare.binary = *std::move(binary);
  return bare;
}

Expected<std::vector<Explored>> explore(const Options& options) {
  std::vector<Explored> all;
  const auto add = [&](Expected<Explored> one) -> Expected<void> {
    if (!one) return tl::unexpected<Error>(one.error());
    all.push_back(*std::move(one));
    return {};
  };
  if (options.test.ends_with(".litmus")) {
    auto tests = suite::litmus::read_litmus_file(options.test);
    if (!tests) return tl::unexpected<Error>(tests.error());
    for (const auto& test : *tests) {
      if (!options.name.empty() && test.name != options.name) continue;
      if (auto done = add(explore_litmus(test, options)); !done) {
        return tl::unexpected<Error>(done.error());
      }
    }
    if (all.empty()) return fail("{}: no test called {}", options.test, options.name);
    return all;
  }
  auto test = find_bare_or_test(options.test);
  if (!test) return tl::unexpected<Error>(test.error());
  if (test->header.kind == suite::Kind::kLitmus) {
    auto litmus = suite::litmus::litmus_of(*test);
    if (!litmus) return tl::unexpected<Error>(litmus.error());
    if (auto done = add(explore_litmus(*litmus, options)); !done) {
      return tl::unexpected<Error>(done.error());
    }
    return all;
  }
  if (auto done = add(explore_test(*test, options)); !done) {
    return tl::unexpected<Error>(done.error());
  }
  return all;
}

void print(const Explored& explored) {
  fmt::print("{}: {} executions, {} outcomes\n", explored.name, explored.outcomes.total(),
             explored.outcomes.size());
  for (const embed::Outcome& outcome : explored.outcomes.sorted()) {
    fmt::print("  {:>10}  {}  {}\n", outcome.count, outcome.text, outcome.token);
  }
}

nlohmann::ordered_json as_json(const Explored& explored) {
  nlohmann::ordered_json test;
  test["test"] = explored.name;
  test["executions"] = explored.outcomes.total();
  test["outcomes"] = nlohmann::ordered_json::array();
  for (const embed::Outcome& outcome : explored.outcomes.sorted()) {
    test["outcomes"].push_back(
        {{"outcome", outcome.text}, {"count", outcome.count}, {"token", outcome.token}});
  }
  return test;
}

}  // namespace

int cmd_explore(const std::vector<std::string>& arguments) {
  Options options;
  Args args("weft explore", "run many schedules of one test and print its distinct outcomes");
  args.option("--random", options.random, "N uniformly random schedules (default: 1000)");
  args.option("--pct", options.pct, "N schedules of probabilistic concurrency testing");
  args.option("--depth", options.depth, "depth of --pct (default 3)");
  args.flag("--dfs", options.dfs, "all choice sequences, depth first, without reduction");
  args.option("--replay", options.replay, "the one schedule that a token says");
  args.option("--seed", options.seed, "of the first schedule (default 1)");
  args.option("--max-steps", options.max_steps,
              "visible operations after which an execution is cut off (default 1000000)");
  args.option("--name", options.name, "only this test of a litmus file");
  args.choice("--threading-model", options.threading, {"instance-per-thread", "shared-instance"},
              "what a new thread gets (docs/threading-models.md)");
  args.option("--json", options.json, "write the outcomes as JSON lines; - for standard output");
  args.positional("TEST", options.test, "id, .wat, .wasm or .litmus path");
  if (const auto code = args.parse(arguments)) return *code;
  const int modes = (options.random != Options::kNotSaid) + (options.pct != Options::kNotSaid) +
                    options.dfs + (options.replay ? 1 : 0);
  const char* wrong =
      modes > 1 ? "only one of --random, --pct, --dfs and --replay can be had at once"
      : options.depth < 1 || options.depth > 1000 ? "--depth: expected 1 to 1000"
      : options.random == 0 || options.pct == 0   ? "--random, --pct: expected 1 or more schedules"
                                                  : nullptr;
  if (wrong) {
    fmt::print(stderr, "weft: {}\n", wrong);
    return 2;
  }
  auto explored = explore(options);
  if (!explored) {
    fmt::print(stderr, "weft: {}\n", explored.error().message);
    return 2;
  }
  using Replace = nlohmann::json::error_handler_t;  // a path need not be UTF-8
  std::string lines;
  for (const Explored& one : *explored) {
    if (options.json) lines += as_json(one).dump(-1, ' ', false, Replace::replace) + "\n";
    if (!options.json || *options.json != "-") print(one);
  }
  if (options.json && *options.json == "-") fmt::print("{}", lines);
  if (options.json && *options.json != "-") {
    if (auto written = write_file(*options.json, std::string_view(lines)); !written) {
      fmt::print(stderr, "weft: {}\n", written.error().message);
      return 3;
    }
  }
  return 0;
}

}  // namespace weft::cli
