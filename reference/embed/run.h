// Running a program from bytes to its end, in one call. Knows no command line.
// Thread-safe: several programs may run at once; what they share is the host's: files and streams.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "reference/embed/program.h"

namespace weft::embed {

struct RunOptions {
  ProgramOptions program;
  wasi::ProcessConfig process;
  bool end_deadlocks = false;  // native: see schedule::NativeOptions
};

// How it ended, as `weft exec --status-file` says it.
struct RunResult {
  enum class Kind {
    kExit,      // `code`: what proc_exit was given, or 0
    kTrap,      // `message` is the kind of trap, with where it happened
    kReject,    // never ran: `stage` (decode, validate, link), `message`, `offset` where known
    kFailed,    // our side failed: a preopen that cannot be opened, a token of another program:
                // `message`
    kDeadlock,  // `report`, one line a thread
    kLimit,     // more steps than allowed
  };
  Kind kind = Kind::kExit;
  uint32_t code = 0;
  std::string message;
  std::string stage;
  std::string function;  // kTrap: its name
  uint32_t function_index = 0;
  uint64_t offset = 0;                  // kTrap, kReject: bytes from the start of the module
  uint32_t agent = 0;                   // kTrap: in order of creation
  std::vector<machine::Value> results;  // of an entry that is not _start
  std::vector<std::string> report;
};

// What a replay says that the program cannot follow, or that ends before its token does.
inline constexpr const char* kTokenDoesNotFit =
    "replay: the token does not fit this program; expected one of the same module, arguments and "
    "threading model";

// Decodes, validates, links, runs natively; returns with all threads joined.
RunResult run_bytes(Bytes wasm, RunOptions options);
RunResult run_module(std::shared_ptr<const module::Module> module, RunOptions options);

// An ending of a scheduler as a result.
RunResult result_of(const module::Module& module, schedule::Ending ending);
RunResult result_of(const Refusal& refusal);
RunResult result_of(const module::ModuleError& error);

}  // namespace weft::embed
