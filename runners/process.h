// Supervision of one child process: isolated, timed, capped and killed from outside.
// Knows nothing of runtimes or WebAssembly.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "reference/base/expected.h"
#include "runners/placement.h"

namespace weft::runners {

// How everything that a child starts is held together, so that one kill removes all of it.
enum class Containment {
  kAuto,  // kNamespace where the kernel lets us, else kGroup; $WEFT_CONTAINMENT=group forces it
  kNamespace,  // a PID namespace (by root, or inside a user namespace)
  kGroup,      // an own session, a subreaper, and repeated SIGKILL of what is found in /proc
};

struct ProcessSpec {
  std::vector<std::string> argv;           // argv[0] is looked up in PATH when it has no slash
  std::map<std::string, std::string> env;  // added to our environment
  std::string cwd;                         // empty: a fresh one is not made, ours is kept
  std::string stdin_mode = "closed";       // closed: at end of file; open: never delivers; text
  std::string stdin_text;
  double timeout = 10;                 // seconds
  uint64_t memory_limit = 4ull << 30;  // bytes resident, summed over the tree
  unsigned process_limit = 512;        // processes in the tree
  size_t output_limit = 64 << 10;      // bytes kept of each stream; the rest is drained
  Containment containment = Containment::kAuto;
  Placement placement = Placement::kFree;
};

// kStopped: stop_children() (stop.h) was called.
enum class ProcessEnd { kExit, kSignal, kTimeout, kMemory, kProcesses, kStopped };

struct ProcessResult {
  ProcessEnd end = ProcessEnd::kExit;
  int code = 0;  // exit code or signal
  std::string out, err;
  bool out_truncated = false, err_truncated = false;
  double seconds = 0;
  // kTimeout: the tree used at most one clock tick (10 ms) of processor time in its last second.
  bool all_asleep = false;
  std::string reason;  // kMemory, kProcesses: which limit, and how far it was passed
};

// Runs the child to its end or kills it with everything it started; nothing of it is left when
// this returns. What it started ends with it. An error means that it could not be started (missing
// binary, no more processes). Any number of threads may call this at once.
Expected<ProcessResult> run_process(const ProcessSpec& spec);

}  // namespace weft::runners
