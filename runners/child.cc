#include "runners/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <utility>

#include "reference/base/files.h"

namespace weft::runners {
namespace {

using std::chrono::milliseconds;

constexpr auto kSampling = milliseconds(50);        // of memory
constexpr auto kAsleepWindow = milliseconds(1000);  // before the deadline
// Processor time that a sleeping engine's own timers may use within the window.
constexpr long kAsleepTicks = 2;

// A write to a dead child must not raise SIGPIPE in the harness, whose handlers are not ours.
ssize_t write_without_signal(int fd, const char* data, size_t size) {
  sigset_t pipe_only, before, pending;
  sigemptyset(&pipe_only);
  sigaddset(&pipe_only, SIGPIPE);
  sigpending(&pending);
  const bool was_pending = sigismember(&pending, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe_only, &before);
  const ssize_t n = ::write(fd, data, size);
  const int why = errno;
  if (n < 0 && why == EPIPE && !was_pending) {
    const timespec now{};
    while (sigtimedwait(&pipe_only, nullptr, &now) < 0 && errno == EINTR) {
    }
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = why;
  return n;
}

struct Pipe {
  int fds[2] = {-1, -1};
  bool open() { return ::pipe2(fds, O_CLOEXEC) == 0; }
  ~Pipe() {
    for (int fd : fds) {
      if (fd >= 0) ::close(fd);
    }
  }
  int take(int end) { return std::exchange(fds[end], -1); }
};

[[noreturn]] void become(const ChildSpec& spec, const Pipe& in, const Pipe& out, const Pipe& err,
                         const Pipe& failed) {
  ::setpgid(0, 0);
  ::dup2(in.fds[0], 0);
  ::dup2(out.fds[1], 1);
  ::dup2(err.fds[1], 2);
  ::signal(SIGPIPE, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const auto& [key, value] : spec.env) ::setenv(key.c_str(), value.c_str(), 1);
  std::vector<char*> argv;
  for (const std::string& arg : spec.argv) argv.push_back(const_cast<char*>(arg.c_str()));
  argv.push_back(nullptr);
  ::execvp(argv[0], argv.data());
  const int why = errno;
  (void)!::write(failed.fds[1], &why, sizeof why);
  ::_exit(127);
}

}  // namespace

Expected<std::unique_ptr<Child>> Child::start(const ChildSpec& spec) {
  Pipe in, out, err, failed;
  if (!in.open() || !out.open() || !err.open() || !failed.open()) {
    return fail("pipe: {}", std::strerror(errno));
  }
  const pid_t pid = ::fork();
  if (pid < 0) return fail("fork: {}", std::strerror(errno));
  if (pid == 0) become(spec, in, out, err, failed);
  ::setpgid(pid, pid);  // whichever of the two comes first
  ::close(failed.take(1));
  int why = 0;
  ssize_t n;
  do {
    n = ::read(failed.fds[0], &why, sizeof why);
  } while (n < 0 && errno == EINTR);
  if (n == sizeof why) {
    ::waitpid(pid, nullptr, 0);
    return fail("{}: cannot be started: {}", spec.argv[0], std::strerror(why));
  }
  std::unique_ptr<Child> child(new Child);
  child->pid_ = pid;
  child->in_ = in.take(1);
  child->out_ = out.take(0);
  child->err_ = err.take(0);
  child->memory_limit_ = spec.memory_limit;
  child->error_limit_ = spec.error_limit;
  for (int fd : {child->in_, child->out_, child->err_}) {
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
  }
  return child;
}

Child::~Child() {
  finish(milliseconds(0));
  for (int fd : {in_, out_, err_}) {
    if (fd >= 0) ::close(fd);
  }
}

void Child::send(std::string data) { queued_ += data; }

void Child::write_queued() {
  while (!queued_.empty()) {
    const ssize_t n = write_without_signal(in_, queued_.data(), queued_.size());
    if (n < 0 && errno == EAGAIN) return;
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {  // it reads no more; its output says the rest
      queued_.clear();
      return;
    }
    queued_.erase(0, static_cast<size_t>(n));
  }
}

void Child::read_error() {
  char buffer[16384];
  for (;;) {
    const ssize_t n = ::read(err_, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n == 0) {
      ::close(err_);
      err_ = -1;
    }
    if (n <= 0) return;
    const size_t room = error_limit_ - error_.size();
    error_.append(buffer, std::min(room, static_cast<size_t>(n)));
  }
}

ChildEvent Child::read(std::string& out, Clock::time_point deadline) {
  long ticks_at_window = -1;
  auto next_sample = Clock::now() + kSampling;
  for (;;) {
    const auto now = Clock::now();
    if (now >= deadline) {
      all_asleep_ = ticks_at_window >= 0 && cpu_ticks() - ticks_at_window <= kAsleepTicks;
      return ChildEvent::kDeadline;
    }
    if (ticks_at_window < 0 && deadline - now <= kAsleepWindow) ticks_at_window = cpu_ticks();
    if (now >= next_sample) {
      next_sample = now + kSampling;
      if (resident_bytes() > memory_limit_) return ChildEvent::kMemory;
    }
    pollfd fds[3] = {
        {out_, POLLIN, 0}, {err_, POLLIN, 0}, {queued_.empty() ? -1 : in_, POLLOUT, 0}};
    const auto wait = std::min<Clock::duration>(deadline - now, kSampling);
    ::poll(fds, 3, static_cast<int>(std::chrono::ceil<milliseconds>(wait).count()));
    if (fds[2].revents) write_queued();
    if (fds[1].revents) read_error();
    if (!fds[0].revents) continue;
    char buffer[65536];
    const ssize_t n = ::read(out_, buffer, sizeof buffer);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (n <= 0) return ChildEvent::kClosed;
    out.append(buffer, static_cast<size_t>(n));
    return ChildEvent::kData;
  }
}

std::string Child::take_error() {
  if (err_ >= 0) read_error();
  return std::exchange(error_, {});
}

Child::Ended Child::finish(milliseconds grace) {
  Ended ended;
  if (pid_ < 0) return ended;
  int status = 0;
  pid_t done = 0;
  const auto until = Clock::now() + grace;
  while ((done = ::waitpid(pid_, &status, WNOHANG)) == 0 && Clock::now() < until) {
    ::poll(nullptr, 0, 1);
  }
  ::kill(-pid_, SIGKILL);
  if (done == 0) {
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
  }
  pid_ = -1;
  ended.by_signal = WIFSIGNALED(status);
  ended.code = ended.by_signal ? WTERMSIG(status) : WEXITSTATUS(status);
  return ended;
}

// User and system time of all threads (proc(5), /proc/PID/stat, fields 14 and 15).
long Child::cpu_ticks() const {
  const auto text = read_text("/proc/" + std::to_string(pid_) + "/stat");
  if (!text) return 0;
  const size_t after_name = text->rfind(')');
  if (after_name == std::string::npos) return 0;
  std::istringstream fields(text->substr(after_name + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  long user = 0, system = 0;
  fields >> user >> system;
  return user + system;
}

uint64_t Child::resident_bytes() const {
  const auto text = read_text("/proc/" + std::to_string(pid_) + "/statm");
  if (!text) return 0;
  uint64_t total = 0, resident = 0;
  std::istringstream(*text) >> total >> resident;
  return resident * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace weft::runners
