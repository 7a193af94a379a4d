// What a runner saw: the facts of one run of one module on one runtime, without judgement.
// Knows no oracles and no verdicts.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "reference/base/files.h"
#include "runners/placement.h"
#include "suite/test/test.h"

namespace weft::runners {

// How a case ended.
enum class End {
  kExit,       // the program's own exit code (`code`)
  kTrap,       // reported as a trap by the runtime (`trap` names the kind where it says so)
  kReject,     // refused before running (`stage`: decode, validate, compile, link)
  kSignal,     // the runtime died of a signal (`code`)
  kTimeout,    // killed at the deadline
  kOom,        // killed for memory, or flooded the machine with processes
  kStopped,    // removed because the user wants to end (stop.h): nothing is known
  kHostError,  // the adapter failed: nothing is known of the runtime (`reason`)
};

struct Observation {
  End end = End::kHostError;
  int code = 0;          // exit code (kExit) or signal number (kSignal)
  std::string trap;      // kind of the trap where the runtime names it, else empty
  std::string stage;     // kReject: decode, validate, compile, link, or empty
  std::string reason;    // kHostError: what failed; kOom: which limit
  std::string out, err;  // at most 64 KiB each, see `out_truncated`
  bool out_truncated = false, err_truncated = false;
  double seconds = 0;             // wall clock
  bool all_asleep = false;        // kTimeout: no thread used processor time during the last second
  std::vector<std::string> argv;  // the engine's own command line
  std::map<std::string, std::string> env;  // added to the environment
  std::vector<std::string> dirs;           // the case's host paths, as they stand in argv
};

// Who implements a part that a test may judge.
enum class Provider { kEngine, kWeft };

struct Provides {
  Provider spawn = Provider::kEngine;
  Provider wasi = Provider::kEngine;
  Provider wait = Provider::kEngine;
};

// One case to run: a module with its surroundings.
struct Case {
  std::string id;  // the test's id, for messages
  Bytes wasm;
  bool script = false;            // `wasm` is the text of a specification script
  std::vector<std::string> args;  // without argv[0]
  std::map<std::string, std::string> env;
  std::vector<suite::Directory> dirs;  // host paths absolute
  std::string stdin_mode = "closed";   // closed, open, text
  std::string stdin_text;
  double timeout = 10;  // seconds
  Placement placement = Placement::kFree;
  uint64_t memory_limit = 4ull << 30;  // bytes resident, summed over the tree
  unsigned process_limit = 512;        // processes in the tree, where the engine is one a case
};

}  // namespace weft::runners
