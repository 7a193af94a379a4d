#include "runners/child.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include "runners/stop.h"

namespace weft::runners {
namespace {

using std::chrono::milliseconds;

constexpr auto kSampling = milliseconds(50);        // of memory
constexpr auto kAsleepWindow = milliseconds(1000);  // before the deadline
// Clock ticks that a sleeping engine's own timers may use within the window.
constexpr uint64_t kAsleepTicks = 2;

int until(Child::Clock::time_point then) {
  const auto left = std::chrono::ceil<milliseconds>(then - Child::Clock::now()).count();
  return static_cast<int>(std::clamp<int64_t>(left, 0, 60'000));
}

}  // namespace

Expected<std::unique_ptr<Child>> Child::start(const ChildSpec& spec) {
  ProcessSpec process;
  process.argv = spec.argv;
  process.env = spec.env;
  auto contained = ContainedChild::start(process);
  if (!contained) return tl::unexpected(contained.error());
  std::unique_ptr<Child> child(new Child);
  child->child_ = std::move(*contained);
  child->memory_limit_ = spec.memory_limit;
  child->error_limit_ = spec.error_limit;
  return child;
}

void Child::send(std::string data) { queued_ += data; }

void Child::write_queued() {
  while (!queued_.empty()) {
    const ssize_t n = write_without_signal(child_->in(), queued_.data(), queued_.size());
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
  while (!error_ended_) {
    const ssize_t n = ::read(child_->err(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n == 0) error_ended_ = true;
    if (n <= 0) return;
    const size_t room = error_limit_ - error_.size();
    error_.append(buffer, std::min(room, static_cast<size_t>(n)));
  }
}

ChildEvent Child::read(std::string& out, Clock::time_point deadline) {
  std::optional<uint64_t> ticks_at_window;
  auto next_sample = Clock::now() + kSampling;
  for (;;) {
    const auto now = Clock::now();
    if (now >= deadline) {
      all_asleep_ = ticks_at_window && child_->usage().ticks - *ticks_at_window <= kAsleepTicks;
      return ChildEvent::kDeadline;
    }
    if (!ticks_at_window && deadline - now <= kAsleepWindow) {
      ticks_at_window = child_->usage().ticks;
    }
    if (now >= next_sample) {
      next_sample = now + kSampling;
      if (child_->usage().resident > memory_limit_) return ChildEvent::kMemory;
    }
    if (children_stopped()) return ChildEvent::kStopped;
    pollfd fds[4] = {{child_->out(), POLLIN, 0},
                     {error_ended_ ? -1 : child_->err(), POLLIN, 0},
                     {queued_.empty() ? -1 : child_->in(), POLLOUT, 0},
                     {stop_fd(), POLLIN, 0}};
    ::poll(fds, 4, until(std::min<Clock::time_point>(deadline, now + kSampling)));
    if (fds[2].revents) write_queued();
    if (fds[1].revents) read_error();
    if (!fds[0].revents) continue;
    char buffer[65536];
    const ssize_t n = ::read(child_->out(), buffer, sizeof buffer);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (n <= 0) return ChildEvent::kClosed;
    out.append(buffer, static_cast<size_t>(n));
    return ChildEvent::kData;
  }
}

std::string Child::take_error() {
  read_error();
  return std::exchange(error_, {});
}

Child::Ended Child::finish(milliseconds grace) {
  const auto deadline = Clock::now() + grace;
  std::optional<int> status;
  while (!status) {
    pollfd ended = {child_->ended_fd(), POLLIN, 0};
    const int ready = ::poll(&ended, 1, until(deadline));
    if (ready > 0) {
      status = child_->wait_status();
      break;
    }
    if (Clock::now() >= deadline) break;
  }
  child_->remove();
  if (!status) return {true, SIGKILL};
  const bool by_signal = WIFSIGNALED(*status);
  return {by_signal, by_signal ? WTERMSIG(*status) : WEXITSTATUS(*status)};
}

}  // namespace weft::runners
