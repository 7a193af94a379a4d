#include "runners/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <functional>
#include <mutex>
#include <thread>

namespace weft::runners {
namespace {

enum class Kind { kNamespace, kUserNamespace, kGroup };

// fork(2) without glibc's handlers: other threads may hold their locks.
pid_t raw_fork() { return static_cast<pid_t>(::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)); }

pid_t fork_init(Kind kind, int* pidfd) {
  if (kind == Kind::kGroup) {  // SYS_clone: also where clone3 is filtered away
    return static_cast<pid_t>(::syscall(SYS_clone, SIGCHLD | CLONE_PIDFD, 0, pidfd, 0, 0));
  }
  clone_args args;
  std::memset(&args, 0, sizeof args);
  args.flags = CLONE_PIDFD | CLONE_NEWPID;
  if (kind == Kind::kUserNamespace) args.flags |= CLONE_NEWUSER;
  args.pidfd = reinterpret_cast<uint64_t>(pidfd);
  args.exit_signal = SIGCHLD;
  return static_cast<pid_t>(::syscall(SYS_clone3, &args, sizeof args));
}

void write_text(const char* path, const char* text) {
  const int fd = ::open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  (void)!::write(fd, text, std::strlen(text));
  ::close(fd);
}

// "ID ID 1\n" without printf.
void write_identity_map(const char* path, unsigned id) {
  char digits[16], text[64];
  int count = 0;
  do {
    digits[count++] = static_cast<char>('0' + id % 10);
    id /= 10;
  } while (id);
  std::reverse(digits, digits + count);
  char* at = text;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < count; ++i) *at++ = digits[i];
    *at++ = ' ';
  }
  *at++ = '1';
  *at = 0;
  write_text(path, text);
}

void close_from(int first) {
  if (::syscall(SYS_close_range, first, ~0u, 0) == 0) return;
  for (int fd = first; fd < 4096; ++fd) ::close(fd);  // a kernel before 5.9
}

// Signals as a fresh process has them.
void default_signals() {
  for (int number = 1; number < 32; ++number) {
    if (number != SIGKILL && number != SIGSTOP) ::signal(number, SIG_DFL);
  }
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void give_up(const Launch& launch, char step) {
  const StartFailure failure{step, errno};
  (void)!::write(launch.failed, &failure, sizeof failure);
  ::_exit(127);
}

[[noreturn]] void become_engine(const Launch& launch, Kind kind) {
  // In a namespace the init's end is the engine's; in a group nobody else would tell it.
  if (kind == Kind::kGroup) ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  default_signals();
  ::setpgid(0, 0);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  write_text("/proc/self/oom_score_adj", "800");
  // Out of the way of 0 to 2 first: ours may be any of these.
  int ends[4] = {launch.in, launch.out, launch.err, launch.failed};
  for (int& end : ends) end = ::fcntl(end, F_DUPFD_CLOEXEC, 10);
  Launch moved = launch;
  moved.failed = ends[3];
  for (int i = 0; i < 3; ++i) ::dup2(ends[i], i);
  ::dup2(ends[3], 3);
  moved.failed = 3;
  close_from(4);
  ::fcntl(3, F_SETFD, FD_CLOEXEC);
  if (launch.cwd && ::chdir(launch.cwd) != 0) give_up(moved, 'c');
  ::execve(launch.path, launch.argv, launch.envp);
  give_up(moved, 'e');
}

// SIGKILL to the engine's group and to each child of ours. Orphans become our children, so that
// rounds of this reach everything. (proc(5): /proc/thread-self/children)
void kill_children(pid_t engine) {
  ::kill(-engine, SIGKILL);
  const int fd = ::open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  char text[4096];
  pid_t child = 0;
  for (ssize_t size; (size = ::read(fd, text, sizeof text)) > 0;) {
    for (ssize_t i = 0; i < size; ++i) {
      if (text[i] >= '0' && text[i] <= '9') {
        child = child * 10 + (text[i] - '0');
      } else {
        if (child > 1) ::kill(child, SIGKILL);
        child = 0;
      }
    }
  }
  ::close(fd);
}

// Reaps until nothing is left, reports how the engine ended, and then, in a namespace, ends.
// SIGTERM in a group: the harness is gone, everything must go.
[[noreturn]] void reap(pid_t engine, int report, Kind kind, const sigset_t& awaited) {
  bool harness_gone = false;
  for (;;) {
    int status = 0;
    const pid_t ended = static_cast<pid_t>(::wait4(-1, &status, WNOHANG, nullptr));
    if (ended < 0 && errno != EINTR) ::_exit(0);  // no child is left
    if (ended == engine) {
      (void)!::write(report, &status, sizeof status);
      ::close(report);
      if (kind != Kind::kGroup) ::_exit(0);  // and the kernel ends the rest of the namespace
    }
    if (ended != 0) continue;
    const timespec round{0, 2'000'000};
    if (harness_gone) kill_children(engine);
    if (::sigtimedwait(&awaited, nullptr, harness_gone ? &round : nullptr) == SIGTERM) {
      harness_gone = true;
    }
  }
}

[[noreturn]] void become_init(const Launch& launch, Kind kind, unsigned uid, unsigned gid) {
  ::prctl(PR_SET_NAME, "weft-init");
  default_signals();
  sigset_t awaited;
  sigemptyset(&awaited);
  sigaddset(&awaited, SIGCHLD);
  sigaddset(&awaited, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &awaited, nullptr);
  ::prctl(PR_SET_PDEATHSIG, kind == Kind::kGroup ? SIGTERM : SIGKILL);
  if (kind == Kind::kUserNamespace) {
    write_text("/proc/self/setgroups", "deny");
    write_identity_map("/proc/self/uid_map", uid);
    write_identity_map("/proc/self/gid_map", gid);
  }
  if (kind == Kind::kGroup) ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  ::setsid();
  const pid_t engine = raw_fork();
  if (engine < 0) give_up(launch, 'f');
  if (engine == 0) become_engine(launch, kind);
  // Only the report stays open, so that the ends of the engine's pipes are the engine's alone.
  const int report = ::dup2(launch.report, 0);
  close_from(1);
  reap(engine, report, kind, awaited);
}

// The first way of this list that the kernel allows is kept for the next time.
Launched fork_here(const Launch& launch, bool may_use_namespace, bool must_use_namespace) {
  static Kind first = Kind::kNamespace;
  const unsigned uid = ::getuid(), gid = ::getgid();
  Kind kind = may_use_namespace ? first : Kind::kGroup;
  Launched launched;
  for (;;) {
    launched.init = fork_init(kind, &launched.pidfd);
    if (launched.init == 0) become_init(launch, kind, uid, gid);
    if (launched.init > 0) break;
    launched.error = errno;
    const bool refused = errno == EPERM || errno == ENOSYS || errno == EINVAL || errno == ENOSPC ||
                         errno == EUSERS || errno == EACCES;
    if (kind == Kind::kGroup || !refused) return launched;
    kind = kind == Kind::kNamespace ? Kind::kUserNamespace : Kind::kGroup;
    if (kind == Kind::kGroup && must_use_namespace) return launched;
    first = kind;
  }
  launched.in_namespace = kind != Kind::kGroup;
  return launched;
}

// The thread that forks. It is never joined: it ends with the process.
class Forker {
 public:
  static Forker& the() {
    static Forker* forker = new Forker;
    return *forker;
  }

  Launched run(const std::function<Launched()>& work) {
    std::unique_lock<std::mutex> lock(mutex_);
    idle_.wait(lock, [&] { return !work_; });
    work_ = &work;
    done_ = false;
    changed_.notify_one();
    answered_.wait(lock, [&] { return done_; });
    const Launched launched = result_;
    work_ = nullptr;
    done_ = false;
    idle_.notify_one();
    return launched;
  }

 private:
  Forker() {
    std::thread([this] { loop(); }).detach();
  }
  void loop() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      changed_.wait(lock, [&] { return work_ && !done_; });
      result_ = (*work_)();
      done_ = true;
      answered_.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable idle_, changed_, answered_;
  const std::function<Launched()>* work_ = nullptr;
  bool done_ = false;
  Launched result_;
};

}  // namespace

Launched launch(const Launch& launch, bool may_use_namespace, bool must_use_namespace) {
  return Forker::the().run(
      [&] { return fork_here(launch, may_use_namespace, must_use_namespace); });
}

}  // namespace weft::runners
