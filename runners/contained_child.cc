#include "runners/contained_child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <set>
#include <sstream>

#include "runners/launch.h"

extern char** environ;

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

namespace weft::runners {
namespace {

using Clock = std::chrono::steady_clock;

// A file descriptor that closes itself.
class Fd {
 public:
  Fd() = default;
  ~Fd() { reset(); }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  int get() const { return fd_; }
  int* slot() { return &fd_; }
  int release() {
    const int fd = fd_;
    fd_ = -1;
    return fd;
  }
  void reset() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_ = -1;
};

struct Pipe {
  Fd read, write;
  bool make() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return false;
    *read.slot() = ends[0];
    *write.slot() = ends[1];
    return true;
  }
};

// The path that exec takes, or what is wrong.
Expected<std::string> find_executable(const ProcessSpec& spec) {
  const std::string& name = spec.argv[0];
  if (name.find('/') != std::string::npos) {
    std::string path = name;
    if (name[0] != '/' && spec.cwd.empty()) path = "./" + name;
    const std::string from_here = name[0] == '/' || spec.cwd.empty() ? path : spec.cwd + "/" + name;
    std::error_code ec;
    if (std::filesystem::is_directory(from_here, ec)) {
      return fail("{}: cannot be started: is a directory", name);
    }
    if (::access(from_here.c_str(), X_OK) != 0) {
      return fail("{}: cannot be started: {}", name, std::strerror(errno));
    }
    return path;
  }
  const auto own = spec.env.find("PATH");
  const char* inherited = std::getenv("PATH");
  std::istringstream folders(own != spec.env.end() ? own->second
                             : inherited           ? inherited
                                                   : "/usr/local/bin:/usr/bin:/bin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string path = (folder.empty() ? "." : folder) + "/" + name;
    std::error_code ec;
    if (::access(path.c_str(), X_OK) == 0 && std::filesystem::is_regular_file(path, ec)) {
      return std::filesystem::absolute(path, ec).string();
    }
  }
  return fail("{}: cannot be started: no such program in PATH", name);
}

std::vector<std::string> environment(const ProcessSpec& spec) {
  std::vector<std::string> all;
  for (char** at = environ; at && *at; ++at) {
    const char* equals = std::strchr(*at, '=');
    if (equals && spec.env.count(std::string(*at, equals - *at))) continue;
    all.emplace_back(*at);
  }
  for (const auto& [key, value] : spec.env) all.push_back(key + "=" + value);
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

void kill_by(int pidfd) { ::syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, nullptr, 0); }

bool readable(int fd, int milliseconds) {
  pollfd one{fd, POLLIN, 0};
  return ::poll(&one, 1, milliseconds) > 0;
}

void set_nonblocking(int fd) { ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK); }

Containment effective(Containment wanted) {
  if (wanted != Containment::kAuto) return wanted;
  const char* forced = std::getenv("WEFT_CONTAINMENT");
  return forced && std::strcmp(forced, "group") == 0 ? Containment::kGroup : Containment::kAuto;
}

}  // namespace

ssize_t write_without_signal(int fd, const char* data, size_t size) {
  sigset_t pipe, before, pending;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  sigemptyset(&pending);
  ::sigpending(&pending);
  ::pthread_sigmask(SIG_BLOCK, &pipe, &before);
  const ssize_t written = ::write(fd, data, size);
  const int why = errno;
  if (written < 0 && why == EPIPE && !sigismember(&pending, SIGPIPE)) {
    const timespec now{0, 0};
    while (::sigtimedwait(&pipe, nullptr, &now) < 0 && errno == EINTR) {
    }
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = why;
  return written;
}

Expected<std::unique_ptr<ContainedChild>> ContainedChild::start(const ProcessSpec& spec) {
  if (spec.argv.empty()) return fail("an empty command line cannot be started");
  auto path = find_executable(spec);
  if (!path) return tl::unexpected(path.error());
  Pipe in, out, err, failed, report;
  for (Pipe* pipe : {&in, &out, &err, &failed, &report}) {
    if (!pipe->make()) return fail("{}: no pipe: {}", spec.argv[0], std::strerror(errno));
  }
  std::vector<std::string> args = spec.argv, variables = environment(spec);
  const std::vector<char*> argv = pointers(args), envp = pointers(variables);
  Launch what;
  what.path = path->c_str();
  what.argv = argv.data();
  what.envp = envp.data();
  what.cwd = spec.cwd.empty() ? nullptr : spec.cwd.c_str();
  what.in = in.read.get();
  what.out = out.write.get();
  what.err = err.write.get();
  what.failed = failed.write.get();
  what.report = report.write.get();
  const Containment containment = effective(spec.containment);
  const Launched launched =
      launch(what, containment != Containment::kGroup, containment == Containment::kNamespace);
  if (launched.init < 0) {
    return fail("{}: cannot be started: {}", spec.argv[0], std::strerror(launched.error));
  }
  std::unique_ptr<ContainedChild> child(new ContainedChild);
  child->init_ = launched.init;
  child->pidfd_ = launched.pidfd;
  child->in_namespace_ = launched.in_namespace;
  child->in_ = in.write.release();
  child->out_ = out.read.release();
  child->err_ = err.read.release();
  child->report_ = report.read.release();
  for (const int fd : {child->in_, child->out_, child->err_}) set_nonblocking(fd);
  for (Pipe* pipe : {&in, &out, &err, &failed, &report}) pipe->write.reset();
  in.read.reset();
  StartFailure failure{};
  ssize_t size;
  do {
    size = ::read(failed.read.get(), &failure, sizeof failure);
  } while (size < 0 && errno == EINTR);
  if (size != sizeof failure) return child;
  const char* why = std::strerror(failure.number);
  if (failure.step == 'c') return fail("{}: cannot be entered: {}", spec.cwd, why);
  return fail("{}: cannot be started: {}", spec.argv[0], why);
}

ContainedChild::~ContainedChild() {
  remove();
  for (const int fd : {pidfd_, in_, out_, err_, report_}) {
    if (fd >= 0) ::close(fd);
  }
}

void ContainedChild::close_in() {
  if (in_ >= 0) ::close(in_);
  in_ = -1;
}

std::optional<int> ContainedChild::wait_status() {
  int status = 0;
  if (!status_ && ::read(report_, &status, sizeof status) == sizeof status) status_ = status;
  return status_;
}

void ContainedChild::remove() {
  if (removed_) return;
  removed_ = true;
  constexpr auto kPatience = std::chrono::seconds(10);
  const auto give_up = Clock::now() + kPatience;
  if (in_namespace_) {
    kill_by(pidfd_);
    readable(pidfd_, 10000);
  } else {
    // The init ends by itself when nothing is left below it.
    const pid_t ours = ::getpgrp();
    while (Clock::now() < give_up && !readable(pidfd_, 0)) {
      std::set<pid_t> groups;
      const auto all = descendants_of(init_);
      // A group first: nobody in it can fork between the look and the signal.
      for (const Descendant& one : all) {
        if (one.group > 1 && one.group != ours && one.group != init_) groups.insert(one.group);
      }
      for (const pid_t group : groups) ::kill(-group, SIGKILL);
      for (const Descendant& one : all) {
        if (!one.zombie) ::kill(one.pid, SIGKILL);
      }
      if (readable(pidfd_, all.empty() ? 1 : 2)) break;
    }
    kill_by(pidfd_);
    readable(pidfd_, 10000);
  }
  siginfo_t info{};
  ::waitid(static_cast<idtype_t>(P_PIDFD), static_cast<id_t>(pidfd_), &info, WEXITED | WNOHANG);
}

}  // namespace weft::runners
