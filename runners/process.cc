#include "runners/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

extern char** environ;

namespace weft::runners {
namespace {

void append_capped(std::string& to, const char* data, size_t size, size_t limit, bool& truncated) {
  const size_t room = limit > to.size() ? limit - to.size() : 0;
  to.append(data, std::min(room, size));
  if (size > room) truncated = true;
}

}  // namespace

Expected<ProcessResult> run_process(const ProcessSpec& spec) {
  using Clock = std::chrono::steady_clock;
  int in[2], out[2], err[2], failed[2];
  if (::pipe2(in, O_CLOEXEC) || ::pipe2(out, O_CLOEXEC) || ::pipe2(err, O_CLOEXEC) ||
      ::pipe2(failed, O_CLOEXEC)) {
    return fail("pipe: {}", std::strerror(errno));
  }
  const auto start = Clock::now();
  const pid_t pid = ::fork();
  if (pid < 0) return fail("fork: {}", std::strerror(errno));
  if (pid == 0) {
    ::setpgid(0, 0);
    ::dup2(in[0], 0);
    ::dup2(out[1], 1);
    ::dup2(err[1], 2);
    for (const auto& [key, value] : spec.env) ::setenv(key.c_str(), value.c_str(), 1);
    std::vector<char*> argv;
    for (const std::string& arg : spec.argv) argv.push_back(const_cast<char*>(arg.c_str()));
    argv.push_back(nullptr);
    if (spec.cwd.empty() || ::chdir(spec.cwd.c_str()) == 0) ::execvp(argv[0], argv.data());
    const int why = errno;
    (void)!::write(failed[1], &why, sizeof why);
    ::_exit(127);
  }
  ::close(in[0]);
  ::close(out[1]);
  ::close(err[1]);
  ::close(failed[1]);
  if (spec.stdin_mode == "text")
    (void)!::write(in[1], spec.stdin_text.data(), spec.stdin_text.size());
  if (spec.stdin_mode != "open") ::close(in[1]);
  int why = 0;
  const bool not_started = ::read(failed[0], &why, sizeof why) == sizeof why;
  ::close(failed[0]);

  ProcessResult result;
  pollfd fds[2] = {{out[0], POLLIN, 0}, {err[0], POLLIN, 0}};
  const auto deadline = start + std::chrono::duration<double>(spec.timeout);
  bool timed_out = false;
  char buffer[65536];
  while (fds[0].fd >= 0 || fds[1].fd >= 0) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) {
      timed_out = true;
      break;
    }
    ::poll(fds, 2, static_cast<int>(left) + 1);
    for (int i = 0; i < 2; ++i) {
      if (fds[i].fd < 0 || !fds[i].revents) continue;
      const ssize_t n = ::read(fds[i].fd, buffer, sizeof buffer);
      if (n <= 0) {
        fds[i].fd = -1;
      } else if (i == 0) {
        append_capped(result.out, buffer, n, spec.output_limit, result.out_truncated);
      } else {
        append_capped(result.err, buffer, n, spec.output_limit, result.err_truncated);
      }
    }
  }
  if (timed_out) ::kill(-pid, SIGKILL);
  int status = 0;
  ::waitpid(pid, &status, 0);
  ::kill(-pid, SIGKILL);
  ::close(out[0]);
  ::close(err[0]);
  if (spec.stdin_mode == "open") ::close(in[1]);
  result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  if (not_started) return fail("{}: cannot be started: {}", spec.argv[0], std::strerror(why));
  if (timed_out) {
    result.end = ProcessEnd::kTimeout;
  } else if (WIFSIGNALED(status)) {
    result.end = ProcessEnd::kSignal;
    result.code = WTERMSIG(status);
  } else {
    result.code = WEXITSTATUS(status);
  }
  return result;
}

}  // namespace weft::runners
