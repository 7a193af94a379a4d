// A child process that lives long and is talked to over pipes: fed, read with a deadline, limited
// in memory, removed with everything it started (contained_child.h). Knows nothing of frames or
// runtimes.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "reference/base/expected.h"
#include "runners/contained_child.h"

namespace weft::runners {

struct ChildSpec {
  std::vector<std::string> argv;           // argv[0] is looked up in PATH when it has no slash
  std::map<std::string, std::string> env;  // added to our environment
  uint64_t memory_limit = 4ull << 30;      // bytes resident, of everything it started
  size_t error_limit = 64 << 10;           // bytes kept of standard error between two takes
};

// Why `read` returned.
enum class ChildEvent {
  kData,      // something arrived on standard output
  kClosed,    // standard output is at its end: the child is dead or as good as dead
  kDeadline,  // nothing arrived in time
  kMemory,    // more memory than allowed
  kStopped,   // stop_children() (stop.h) was called
};

class Child {
 public:
  using Clock = std::chrono::steady_clock;

  static Expected<std::unique_ptr<Child>> start(const ChildSpec& spec);
  void set_memory_limit(uint64_t bytes) { memory_limit_ = bytes; }
  // Queues bytes for the child's standard input; `read` writes them.
  void send(std::string data);
  // Writes what is queued and appends what arrives to `out` until something has arrived.
  ChildEvent read(std::string& out, Clock::time_point deadline);
  // True if everything it started used no processor time during the last second before a kDeadline.
  bool all_asleep() const { return all_asleep_; }
  pid_t root() const { return child_->root(); }
  // Standard error since the last call.
  std::string take_error();

  struct Ended {
    bool by_signal = false;
    int code = 0;  // exit code or signal number
  };
  // Kills everything and waits. `grace`: how long it may take to end by itself first (a
  // process that is dying has closed its output before it can be waited for).
  Ended finish(std::chrono::milliseconds grace);

 private:
  Child() = default;
  void write_queued();
  void read_error();

  std::unique_ptr<ContainedChild> child_;
  uint64_t memory_limit_ = 0;
  size_t error_limit_ = 0;
  std::string queued_;
  std::string error_;
  bool error_ended_ = false;
  bool all_asleep_ = false;
};

}  // namespace weft::runners
