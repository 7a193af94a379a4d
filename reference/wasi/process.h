// A program as preview1 sees it, common to all its threads: arguments, environment, descriptors,
// preopened directories, and how it ended. Thread-safe. Knows no scheduler and no thread.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "reference/base/expected.h"
#include "reference/wasi/fd_table.h"
#include "reference/wasi/host.h"

namespace weft::wasi {

struct Preopen {
  std::string host, guest;
};

struct ProcessConfig {
  std::vector<std::string> args;  // with argv[0]
  std::vector<std::string> env;   // "KEY=VALUE"
  std::vector<Preopen> dirs;
  // The standard streams: descriptors of the host, which stay the caller's (-1: not there), or
  // buffers in memory, which win.
  int stdio[3] = {0, 1, 2};
  std::shared_ptr<Buffer> buffers[3];
  bool use_openat2 = true;  // false: only our own path walk (for kernels without it, and tests)
};

class Process {
 public:
  // Opens the preopens; the error names the directory.
  static Expected<std::unique_ptr<Process>> make(ProcessConfig config, Host& host);

  // As make() left it: descriptors, file numbers, buffers. Of a process that nobody uses and that
  // was not stopped. What the program did to files and to streams of the host stays. The error
  // names the directory.
  Expected<void> reset();

  const std::vector<std::string>& args() const { return config_.args; }
  const std::vector<std::string>& env() const { return config_.env; }
  bool use_openat2() const { return config_.use_openat2; }
  Host& host() { return host_; }
  FdTable& fds() { return fds_; }

  // A number for a file of the host, counted by first appearance (deterministic hosts).
  uint64_t file_number(uint64_t device, uint64_t inode);

  // Becomes readable when the program has ended: a call that waits on the host polls it too.
  int stop_event() const { return stop_.get(); }
  // Wakes every call that waits on the host, now and later.
  void stop();

 private:
  Process(ProcessConfig config, Host& host) : config_(std::move(config)), host_(host) {}
  Expected<void> open_descriptors();
  ProcessConfig config_;
  Host& host_;
  FdTable fds_;
  UniqueFd stop_;
  std::mutex numbers_mutex_;
  std::map<std::pair<uint64_t, uint64_t>, uint64_t> numbers_;
};

}  // namespace weft::wasi
