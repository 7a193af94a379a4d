// Many deterministic executions of one program, and what came of them. Knows no command line.
// Thread-safe: explorations that share a module may run at once, each with a scheduler of its own.
#pragma once

#include "reference/embed/outcomes.h"
#include "reference/embed/virtual_program.h"

namespace weft::embed {

struct ExploreOptions {
  RunOptions run;
  std::string input;           // standard input of each execution
  uint64_t executions = 1000;  // at most; fewer when the scheduler is done
  schedule::VirtualOptions how;
};

// Each execution starts from the state after instantiation (see VirtualProgram). Outcomes are said
// as `exit=0 stdout="..."`, `trap=KIND stdout=...`, `deadlock ...`, `limit ...`. The error is the
// refusal of the module or of a directory.
Expected<Outcomes> explore_program(std::shared_ptr<const module::Module> module,
                                   const ExploreOptions& options, schedule::Scheduler& scheduler);

std::string outcome_text(const RunResult& result, const std::string& standard_output);

}  // namespace weft::embed
