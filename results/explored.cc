#include "results/explored.h"

#include <filesystem>

#include "reference/embed/explore.h"
#include "reference/schedule/scheduler.h"

namespace weft::results {
namespace {

constexpr uint64_t kMostSchedules = 20000;

}  // namespace

void give_header(const suite::Test& test, const std::string& name, wasi::ProcessConfig& process) {
  process.args.push_back(name);
  process.args.insert(process.args.end(), test.header.args.begin(), test.header.args.end());
  for (const auto& [key, value] : test.header.env) process.env.push_back(key + "=" + value);
  for (const suite::Directory& dir : suite::host_directories(test)) {
    process.dirs.push_back({dir.host, dir.guest});
  }
}

Expected<std::set<std::string>> explored_outcomes(const suite::Test& test, const Bytes& wasm) {
  auto module = module::load_module(wasm);
  if (!module) {
    return fail("{}: {}: {}", test.path, module.error().stage, module.error().message);
  }
  embed::ExploreOptions options;
  options.executions = kMostSchedules;
  options.input = test.header.stdin_text;
  give_header(test, "module.wasm", options.run.process);
  schedule::DfsState state;
  const auto scheduler = schedule::make_dfs(state);
  auto found = embed::explore_program(*module, options, *scheduler);
  if (!found) return fail_in(test.path, found.error());
  if (found->total() >= kMostSchedules) {
    return fail("{}: \"expect\": \"explore\": has more than {} schedules", test.path,
                kMostSchedules);
  }
  std::set<std::string> out;
  for (const embed::Outcome& one : found->sorted()) {
    if (!one.text.starts_with("exit=")) {
      return fail(
          "{}: \"expect\": \"explore\": a schedule ends with \"{}\", expected an exit code "
          "in all ({})",
          test.path, one.text, one.token);
    }
    out.insert(one.text);
  }
  return out;
}

}  // namespace weft::results
