#include "runners/placement.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "runners/process_tree.h"

namespace weft::runners {
namespace {

using std::chrono::milliseconds;

// How often threads are looked at: often until nothing has changed for a while.
constexpr milliseconds kOften(5), kSeldom(60), kProcesses(50);
constexpr int kSettled = 6;
// A thread is busy that ran for a fifth of the time: two that share a core still count.
constexpr uint64_t kBusyShare = 5;

std::vector<int> own_cores() {
  cpu_set_t set;
  std::vector<int> cores;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return cores;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &set)) cores.push_back(core);
  }
  return cores;
}

void allow(pid_t thread, const std::vector<int>& cores) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int core : cores) CPU_SET(core, &set);
  (void)::sched_setaffinity(thread, sizeof set, &set);  // it may have ended
}

// Nanoseconds that a thread has run (proc(5): /proc/PID/task/TID/schedstat).
uint64_t run_time(pid_t process, pid_t thread) {
  char path[96], text[64];
  std::snprintf(path, sizeof path, "/proc/%d/task/%d/schedstat", process, thread);
  const int fd = ::open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  const ssize_t size = ::read(fd, text, sizeof text - 1);
  ::close(fd);
  if (size <= 0) return 0;
  text[size] = 0;
  return std::strtoull(text, nullptr, 10);
}

std::vector<pid_t> threads_of(pid_t process) {
  std::vector<pid_t> all;
  char path[64];
  std::snprintf(path, sizeof path, "/proc/%d/task", process);
  DIR* tasks = ::opendir(path);
  if (!tasks) return all;
  while (const dirent* item = ::readdir(tasks)) {
    if (item->d_name[0] >= '1' && item->d_name[0] <= '9') all.push_back(std::atoi(item->d_name));
  }
  ::closedir(tasks);
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace

class Placer::Work {
 public:
  Work(Placement placement, pid_t root, std::vector<int> cores)
      : placement_(placement), root_(root), cores_(std::move(cores)), thread_([this] { loop(); }) {}

  ~Work() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      done_ = true;
    }
    changed_.notify_all();
    thread_.join();
    find_processes();
    for (const pid_t process : processes_) {
      for (const pid_t thread : threads_of(process)) allow(thread, cores_);
    }
  }

 private:
  using Clock = std::chrono::steady_clock;

  void loop() {
    Clock::time_point looked{};
    for (std::unique_lock<std::mutex> lock(mutex_); !done_;) {
      lock.unlock();
      if (Clock::now() - looked > kProcesses) {
        find_processes();
        looked = Clock::now();
      }
      placement_ == Placement::kSpread ? spread() : gather();
      lock.lock();
      changed_.wait_for(lock, settled_ < kSettled ? kOften : kSeldom, [this] { return done_; });
    }
  }

  void find_processes() {
    processes_.clear();
    for (const Descendant& one : descendants_of(root_)) {
      if (!one.zombie) processes_.push_back(one.pid);
    }
  }

  void gather() {
    for (const pid_t process : processes_) {
      for (const pid_t thread : threads_of(process)) {
        if (core_of_.emplace(thread, 0).second) allow(thread, {cores_[0]});
      }
    }
    ++settled_;
  }

  // Busy threads in the order of their ids, core by core: the same ones stay where they are.
  void spread() {
    const auto now = Clock::now();
    const auto since =
        static_cast<uint64_t>(std::chrono::nanoseconds(now - sampled_).count()) / kBusyShare;
    std::vector<pid_t> busy;
    std::map<pid_t, uint64_t> ran;
    for (const pid_t process : processes_) {
      for (const pid_t thread : threads_of(process)) {
        const uint64_t time = run_time(process, thread);
        ran[thread] = time;
        const auto before = ran_.find(thread);
        if (before != ran_.end() && time - before->second > since) busy.push_back(thread);
      }
    }
    sampled_ = now;
    ran_ = std::move(ran);
    bool changed = false;
    for (size_t i = 0; i < busy.size() && busy.size() > 1; ++i) {
      const size_t core = i % cores_.size();
      const auto [it, fresh] = core_of_.emplace(busy[i], core);
      if (!fresh && it->second == core) continue;
      it->second = core;
      allow(busy[i], {cores_[core]});
      changed = true;
    }
    settled_ = changed || busy.size() < 2 ? 0 : settled_ + 1;
  }

  const Placement placement_;
  const pid_t root_;
  const std::vector<int> cores_;
  std::vector<pid_t> processes_;
  std::map<pid_t, uint64_t> ran_;
  std::map<pid_t, size_t> core_of_;  // index into cores_
  Clock::time_point sampled_{};
  int settled_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  std::thread thread_;  // the last member: it uses the others
};

const char* name_of(Placement placement) {
  switch (placement) {
    case Placement::kFree:
      return "free";
    case Placement::kSpread:
      return "spread";
    case Placement::kOneCore:
      return "one core";
  }
  return "?";
}

unsigned Placer::cores() { return static_cast<unsigned>(own_cores().size()); }

Placer::Placer(Placement placement, pid_t root) {
  if (placement == Placement::kFree || root <= 0) return;
  std::vector<int> cores = own_cores();
  if (cores.size() < 2) return;
  work_ = std::make_unique<Work>(placement, root, std::move(cores));
}

Placer::~Placer() = default;

}  // namespace weft::runners
