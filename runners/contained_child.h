// A child process in a container of its own: started with pipes to it, watched, and removed with
// everything it started. Knows no deadlines, no limits (process.h) and no runtimes.
//
// Between us and the engine stands a small process, its init: the engine must not be PID 1 of its
// namespace (there abort() and signals to itself have no default effect). The init is a copy of
// ours that has closed everything, waits for the engine, reaps orphans and reports how the engine
// ended. In a namespace its end ends everything; otherwise it is the subreaper, so that whatever
// the engine left behind is found below it.
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>

#include "reference/base/expected.h"
#include "runners/process.h"
#include "runners/process_tree.h"

namespace weft::runners {

// write(2) to a pipe whose reader may be dead: EPIPE without SIGPIPE, whose handling is not ours.
ssize_t write_without_signal(int fd, const char* data, size_t size);

class ContainedChild {
 public:
  // Uses argv, env, cwd and containment of `spec`.
  static Expected<std::unique_ptr<ContainedChild>> start(const ProcessSpec& spec);
  ~ContainedChild();  // removes everything
  ContainedChild(const ContainedChild&) = delete;
  ContainedChild& operator=(const ContainedChild&) = delete;

  // Our ends of the engine's standard streams: non-blocking, owned by this object.
  int in() const { return in_; }
  int out() const { return out_; }
  int err() const { return err_; }
  void close_in();
  // Becomes readable when the engine itself (not what it started) has ended.
  int ended_fd() const { return report_; }
  // The engine's wait status (waitpid(2)), once `ended_fd` was readable. Empty: it was removed.
  std::optional<int> wait_status();

  // The process below which the engine and everything that it starts is found.
  pid_t root() const { return init_; }
  // Of the engine and everything below it.
  TreeUsage usage() const { return usage_below(init_); }
  // SIGKILL to everything, again until nothing is left (at most some seconds: a process that the
  // kernel does not let die is given up). Idempotent.
  void remove();
  bool in_namespace() const { return in_namespace_; }

 private:
  ContainedChild() = default;

  pid_t init_ = -1;
  int pidfd_ = -1;
  int in_ = -1, out_ = -1, err_ = -1, report_ = -1;
  bool in_namespace_ = false, removed_ = false;
  std::optional<int> status_;
};

}  // namespace weft::runners
