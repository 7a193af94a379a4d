#include "results/explored.h"

#include <filesystem>

#include "reference/embed/explore.h"
#include "reference/schedule/scheduler.h"

namespace weft::results {
namespace {

constexpr uint64_t kMostSchedules = 20000;

}  // namespace

Expected<std::set<std::string>> explored_outcomes(const suite::Test& test, const Bytes& wasm) {
  auto module = module::load_module(wasm);
  if (!module) {
    return fail("{}: {}: {}", test.path, module.error().stage, module.error().message);
  }
  embed::ExploreOptions options;
  options.executions = kMostSchedules;
  options.input = test.header.stdin_text;
  auto& process = options.run.process;
  process.args.push_back("module.wasm");
  process.args.insert(process.args.end(), test.header.args.begin(), test.header.args.end());
  for (const auto& [key, value] : test.header.env) process.env.push_back(key + "=" + value);
  const auto beside = std::filesystem::absolute(test.path).parent_path();
  for (const suite::Directory& dir : test.header.dirs) {
    process.dirs.push_back({(beside / dir.host).lexically_normal().string(), dir.guest});
  }
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
