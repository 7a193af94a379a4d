#include "runners/child.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace weft::runners {
namespace {

using std::chrono::milliseconds;

constexpr auto kSampling = milliseconds(50);        // of memory
constexpr auto kAsleepWindow = milliseconds(1000);  // before the deadline
// Processor time that a sleeping engine's own timers may use within the window.
constexpr long kAsleepTicks = 2;

}  // namespace

Expected<std::unique_ptr<Child>> Child::start(const ChildSpec& spec) {
  ProcessSpec process;
  process.argv = spec.argv;
  process.env = spec.env;
  auto process_started = ContainedChild::start(process);
  if (!process_started) return tl::unexpected(process_started.error());
  std::unique_ptr<Child> child(new Child);
  child->process_ = std::move(*process_started);
  child->memory_limit_ = spec.memory_limit;
  child->error_limit_ = spec.error_limit;
  return child;
}

Child::~Child() = default;

void Child::send(std::string data) { queued_ += data; }

void Child::write_queued() {
  while (!queued_.empty()) {
    const ssize_t n = write_without_signal(process_->in(), queued_.data(), queued_.size());
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
    const ssize_t n = ::read(process_->err(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n == 0) error_ended_ = true;
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
      all_asleep_ = ticks_at_window >= 0 && ticks() - ticks_at_window <= kAsleepTicks;
      return ChildEvent::kDeadline;
    }
    if (ticks_at_window < 0 && deadline - now <= kAsleepWindow) ticks_at_window = ticks();
    if (now >= next_sample) {
      next_sample = now + kSampling;
      if (process_->usage().resident > memory_limit_) return ChildEvent::kMemory;
    }
    pollfd fds[3] = {{process_->out(), POLLIN, 0},
                     {error_ended_ ? -1 : process_->err(), POLLIN, 0},
                     {queued_.empty() ? -1 : process_->in(), POLLOUT, 0}};
    const auto wait = std::min<Clock::duration>(deadline - now, kSampling);
    ::poll(fds, 3, static_cast<int>(std::chrono::ceil<milliseconds>(wait).count()));
    if (fds[2].revents) write_queued();
    if (fds[1].revents) read_error();
    if (!fds[0].revents) continue;
    char buffer[65536];
    const ssize_t n = ::read(process_->out(), buffer, sizeof buffer);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (n <= 0) return ChildEvent::kClosed;
    out.append(buffer, static_cast<size_t>(n));
    return ChildEvent::kData;
  }
}

std::string Child::take_error() {
  if (!error_ended_) read_error();
  return std::exchange(error_, {});
}

Child::Ended Child::finish(milliseconds grace) {
  Ended ended;
  if (finished_) return ended;
  finished_ = true;
  pollfd end{process_->ended_fd(), POLLIN, 0};
  const bool by_itself = ::poll(&end, 1, static_cast<int>(grace.count())) > 0;
  const std::optional<int> status = by_itself ? process_->wait_status() : std::nullopt;
  process_->remove();
  ended.by_signal = !status || WIFSIGNALED(*status);
  ended.code = !status ? SIGKILL : ended.by_signal ? WTERMSIG(*status) : WEXITSTATUS(*status);
  return ended;
}

long Child::ticks() const { return static_cast<long>(process_->usage().ticks); }

}  // namespace weft::runners
