#include "reference/embed/run.h"

#include "reference/schedule/native.h"

namespace weft::embed {

RunResult result_of(const module::ModuleError& error) {
  RunResult result;
  result.kind = RunResult::Kind::kReject;
  result.stage = error.stage;
  result.message = error.message;
  result.offset = error.offset;
  return result;
}

RunResult result_of(const Refusal& refusal) {
  RunResult result;
  result.message = refusal.message;
  if (refusal.trap) {
    result.kind = RunResult::Kind::kTrap;
    result.message = machine::message_of(*refusal.trap);
    result.function = "instantiation";
    return result;
  }
  result.kind = RunResult::Kind::kReject;
  result.stage = refusal.stage;
  return result;
}

RunResult result_of(const module::Module& module, schedule::Ending ending) {
  using From = schedule::Ending::Kind;
  RunResult result;
  result.agent = ending.agent;
  switch (ending.kind) {
    case From::kReturned:
      result.results = std::move(ending.results);
      break;
    case From::kExit:
      result.code = ending.code;
      break;
    case From::kTrap:
      result.kind = RunResult::Kind::kTrap;
      result.message = ending.trap.message();
      result.function = function_name(module, ending.trap.function);
      result.function_index = ending.trap.function;
      result.offset = ending.trap.offset;
      break;
    case From::kDeadlock:
      result.kind = RunResult::Kind::kDeadlock;
      result.report = std::move(ending.report);
      break;
    case From::kLimit:
      result.kind = RunResult::Kind::kLimit;
      break;
    case From::kDiverged:
      result.kind = RunResult::Kind::kFailed;
      result.message = kTokenDoesNotFit;
      break;
  }
  return result;
}

RunResult run_module(std::shared_ptr<const module::Module> module, RunOptions options) {
  auto process = wasi::Process::make(std::move(options.process), wasi::real_host());
  if (!process) {
    RunResult failed;
    failed.kind = RunResult::Kind::kFailed;
    failed.message = process.error().message;
    return failed;
  }
  const uint32_t max_threads = options.program.max_threads;
  auto program = Program::make(module, **process, std::move(options.program));
  if (!program) return result_of(program.error());
  auto main = (*program)->main_agent();
  return result_of(*module, schedule::run_native(**program, std::move(main),
                                                 {max_threads, options.end_deadlocks}));
}

RunResult run_bytes(Bytes wasm, RunOptions options) {
  auto module = module::load_module(std::move(wasm));
  if (!module) return result_of(module.error());
  return run_module(*module, std::move(options));
}

}  // namespace weft::embed
