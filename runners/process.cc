#include "runners/process.h"

#include <errno.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <deque>

#include "runners/contained_child.h"
#include "runners/stop.h"

namespace weft::runners {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kSampleEvery(50);
constexpr milliseconds kAsleepFor(1000);
// More than a tick in a second is work; a runtime's housekeeping stays below.
constexpr uint64_t kAsleepTicks = 1;

// Keeps the first `limit` bytes of a stream and drains the rest.
class CappedReader {
 public:
  CappedReader(int fd, size_t limit) : fd_(fd), limit_(limit) {}
  int fd() const { return open_ ? fd_ : -1; }
  bool open() const { return open_; }

  // Reads what is there, at most some rounds, so that a flood cannot keep us from the deadline.
  void read_some() {
    char buffer[65536];
    for (int round = 0; round < 16 && open_; ++round) {
      const ssize_t size = ::read(fd_, buffer, sizeof buffer);
      if (size < 0 && errno == EINTR) continue;
      if (size < 0 && errno == EAGAIN) return;
      if (size <= 0) {
        open_ = false;
        return;
      }
      const size_t room = limit_ - std::min(limit_, text_.size());
      text_.append(buffer, std::min(room, static_cast<size_t>(size)));
      truncated_ = truncated_ || static_cast<size_t>(size) > room;
    }
  }

  std::string take() { return std::move(text_); }
  bool truncated() const { return truncated_; }

 private:
  int fd_;
  size_t limit_;
  std::string text_;
  bool truncated_ = false, open_ = true;
};

// The text that the child reads, written as it takes it.
class Feeder {
 public:
  Feeder(ContainedChild& child, const ProcessSpec& spec) : child_(child), text_(spec.stdin_text) {
    if (spec.stdin_mode == "open") return;
    if (spec.stdin_mode == "text" && !text_.empty()) {
      active_ = true;
    } else {
      child_.close_in();
    }
  }
  int fd() const { return active_ ? child_.in() : -1; }
  void write_some() {
    const ssize_t size = write_without_signal(child_.in(), text_.data() + at_, text_.size() - at_);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (size > 0) at_ += static_cast<size_t>(size);
    if (size <= 0 || at_ == text_.size()) {
      active_ = false;
      child_.close_in();
    }
  }

 private:
  ContainedChild& child_;
  const std::string& text_;
  size_t at_ = 0;
  bool active_ = false;
};

// Samples of the tree: limits, and whether it sleeps.
class Watch {
 public:
  Watch(const ContainedChild& child, const ProcessSpec& spec) : child_(child), spec_(spec) {}

  // False: a limit was passed; `result` says which.
  bool sample(ProcessResult& result) {
    const TreeUsage usage = child_.usage();
    const auto now = Clock::now();
    history_.push_back({now, usage.ticks});
    while (history_.size() > 2 && now - history_[1].first >= kAsleepFor) history_.pop_front();
    if (usage.resident > spec_.memory_limit) {
      result.end = ProcessEnd::kMemory;
      result.reason = fmt::format("{} MiB of memory resident, the limit is {} MiB",
                                  usage.resident >> 20, spec_.memory_limit >> 20);
      return false;
    }
    if (usage.processes > spec_.process_limit) {
      result.end = ProcessEnd::kProcesses;
      result.reason =
          fmt::format("{} processes, the limit is {}", usage.processes, spec_.process_limit);
      return false;
    }
    return true;
  }

  bool all_asleep() const {
    if (history_.size() < 2 || history_.back().first - history_.front().first < kAsleepFor) {
      return false;
    }
    const uint64_t then = history_.front().second, now = history_.back().second;
    return now >= then && now - then <= kAsleepTicks;
  }

 private:
  const ContainedChild& child_;
  const ProcessSpec& spec_;
  std::deque<std::pair<Clock::time_point, uint64_t>> history_;
};

int milliseconds_until(Clock::time_point when) {
  const auto left = std::chrono::ceil<milliseconds>(when - Clock::now()).count();
  return static_cast<int>(std::clamp<int64_t>(left, 0, 1 << 30));
}

// What was written before the end is still in the pipes; all writers are gone.
void drain(CappedReader& reader) {
  const auto give_up = Clock::now() + std::chrono::seconds(2);
  while (reader.open() && Clock::now() < give_up) {
    pollfd one{reader.fd(), POLLIN, 0};
    ::poll(&one, 1, 100);
    reader.read_some();
  }
}

}  // namespace

Expected<ProcessResult> run_process(const ProcessSpec& spec) {
  const auto start = Clock::now();
  const auto deadline = start + std::chrono::duration_cast<Clock::duration>(
                                    std::chrono::duration<double>(spec.timeout));
  const int stop = stop_fd();
  if (children_stopped()) {
    ProcessResult none;
    none.end = ProcessEnd::kStopped;
    return none;
  }
  auto started = ContainedChild::start(spec);
  if (!started) return tl::unexpected(started.error());
  ContainedChild& child = **started;
  CappedReader out(child.out(), spec.output_limit), err(child.err(), spec.output_limit);
  Feeder feeder(child, spec);
  Watch watch(child, spec);
  std::optional<Placer> placer(std::in_place, spec.placement, child.root());
  ProcessResult result;
  bool killed = false;
  auto next_sample = start + kSampleEvery;
  for (;;) {
    pollfd fds[] = {{child.ended_fd(), POLLIN, 0},
                    {out.fd(), POLLIN, 0},
                    {err.fd(), POLLIN, 0},
                    {feeder.fd(), POLLOUT, 0},
                    {stop, POLLIN, 0}};
    ::poll(fds, 5, milliseconds_until(std::min(deadline, next_sample)));
    if (fds[1].revents) out.read_some();
    if (fds[2].revents) err.read_some();
    if (fds[3].revents) feeder.write_some();
    if (fds[0].revents) break;
    if (children_stopped()) {
      killed = true;
      result.end = ProcessEnd::kStopped;
      break;
    }
    const auto now = Clock::now();
    if (now >= next_sample || now >= deadline) {
      next_sample = now + kSampleEvery;
      if (!watch.sample(result)) {
        killed = true;
        break;
      }
    }
    if (now >= deadline) {
      killed = true;
      result.end = ProcessEnd::kTimeout;
      result.all_asleep = watch.all_asleep();
      break;
    }
  }
  result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  const std::optional<int> status = killed ? std::nullopt : child.wait_status();
  placer.reset();
  child.remove();
  drain(out);
  drain(err);
  result.out = out.take();
  result.err = err.take();
  result.out_truncated = out.truncated();
  result.err_truncated = err.truncated();
  if (killed) return result;
  if (!status) return fail("{}: its supervisor was killed by somebody else", spec.argv[0]);
  if (WIFSIGNALED(*status)) {
    result.end = ProcessEnd::kSignal;
    result.code = WTERMSIG(*status);
  } else {
    result.code = WEXITSTATUS(*status);
  }
  return result;
}

}  // namespace weft::runners
