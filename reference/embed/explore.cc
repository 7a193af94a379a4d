#include "reference/embed/explore.h"

#include <fmt/core.h>

namespace weft::embed {
namespace {

std::string escaped(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      out += "\\n";
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte >= 0x7F) {
      out += fmt::format("\\{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace

std::string outcome_text(const RunResult& result, const std::string& standard_output) {
  std::string text;
  switch (result.kind) {
    case RunResult::Kind::kExit:
      text = fmt::format("exit={}", result.code);
      for (const machine::Value& value : result.results) {
        text += " " + machine::to_string(value);
      }
      break;
    case RunResult::Kind::kTrap:
      text = fmt::format("trap={} thread={}", escaped(result.message), result.agent);
      break;
    case RunResult::Kind::kDeadlock:
      text = "deadlock";
      break;
    case RunResult::Kind::kLimit:
      text = "limit";
      break;
    case RunResult::Kind::kReject:
    case RunResult::Kind::kFailed:
      text = "refused";
      break;
  }
  return standard_output.empty() ? text : text + " stdout=" + escaped(standard_output);
}

Expected<Outcomes> explore_program(std::shared_ptr<const module::Module> module,
                                   const ExploreOptions& options, schedule::Scheduler& scheduler) {
  Outcomes outcomes;
  RunOptions run = options.run;
  for (auto& buffer : run.process.buffers) buffer = std::make_shared<wasi::Buffer>();
  run.process.buffers[0]->input = options.input;
  const auto out = run.process.buffers[1];
  auto program = VirtualProgram::make(std::move(module), std::move(run), scheduler, options.how);
  if (!program) return fail("{}", program.error().message);
  while (outcomes.total() < options.executions && scheduler.new_execution()) {
    const RunResult result = (*program)->run();
    if (result.kind == RunResult::Kind::kReject || result.kind == RunResult::Kind::kFailed) {
      return fail("{}", result.message);
    }
    if (outcomes.count_text(outcome_text(result, out->output))) {
      outcomes.describe((*program)->last().choices().token());
    }
  }
  return outcomes;
}

}  // namespace weft::embed
