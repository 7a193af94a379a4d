#include "runners/host_runtime.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "runners/host_process.h"
#include "runners/stop.h"

namespace weft::runners {
namespace {

// How an attempt at some cases ended.
struct Attempt {
  bool failed = false;
  Observation failure;  // of the first case without an answer, if failed
  size_t answered = 0;  // cases answered, in order
};

using Indices = std::vector<size_t>;

}  // namespace

class HostRuntime::Session {
 public:
  explicit Session(HostSetup setup) : setup_(std::move(setup)), host_(setup_) {}

  std::vector<Observation> run(std::span<const Case> cases);
  const RuntimeInfo& info() const { return setup_.info; }
  HostProcess& host() { return host_; }

  std::mutex mutex;

 private:
  // Runs cases in one host, a batch; stores the answers of those that `into` has a place for.
  Attempt attempt(std::span<const Case> cases, const Indices& batch, std::vector<Observation>* into,
                  std::vector<char>* answered);
  Observation find(std::span<const Case> cases, const Indices& before, size_t suspect,
                   Observation failure);
  bool repeats(std::span<const Case> cases, Indices batch);

  const HostSetup setup_;
  HostProcess host_;
  std::set<std::string> ends_by_force_;  // ids: they run last, each costs a start of the host
};

Attempt HostRuntime::Session::attempt(std::span<const Case> cases, const Indices& batch,
                                      std::vector<Observation>* into, std::vector<char>* answered) {
  Attempt result;
  if (auto sent = host_.send(cases, batch); !sent) {
    result.failed = true;
    result.failure.reason = sent.error().message;
    if (children_stopped()) result.failure.end = End::kStopped;
    return result;
  }
  for (size_t index : batch) {
    HostAnswer answer = host_.receive(cases[index].timeout, cases[index].placement);
    if (!answer.is_answer) {
      result.failed = true;
      result.failure = std::move(answer.seen);
      return result;
    }
    ++result.answered;
    if (into) {
      (*into)[index] = std::move(answer.seen);
      (*answered)[index] = 1;
    }
    if (answer.last) {
      ends_by_force_.insert(cases[index].id);
      break;  // the host has left; the caller goes on with the rest
    }
  }
  return result;
}

// True if the last case of `batch` gets no answer when the batch runs in a fresh host.
bool HostRuntime::Session::repeats(std::span<const Case> cases, Indices batch) {
  while (!batch.empty()) {
    host_.stop();
    const Attempt again = attempt(cases, batch, nullptr, nullptr);
    if (again.failed) return again.answered + 1 == batch.size();
    batch.erase(batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(again.answered));
  }
  return false;
}

// The verdict on a case that got no answer after `before` had been answered by the same host.
Observation HostRuntime::Session::find(std::span<const Case> cases, const Indices& before,
                                       size_t suspect, Observation failure) {
  if (before.empty() || failure.end == End::kStopped) return failure;
  host_.stop();
  std::vector<Observation> alone(cases.size());
  std::vector<char> answered(cases.size());
  const Attempt again = attempt(cases, {suspect}, &alone, &answered);
  if (again.failed) return again.failure;
  if (failure.end == End::kHostError) return alone[suspect];
  Indices needed = before;
  while (needed.size() > 1) {
    const auto middle = needed.begin() + static_cast<std::ptrdiff_t>(needed.size() / 2);
    Indices late(middle, needed.end()), early(needed.begin(), middle);
    const auto with_suspect = [&](Indices some) {
      some.push_back(suspect);
      return some;
    };
    if (repeats(cases, with_suspect(late))) {
      needed = std::move(late);
    } else if (repeats(cases, with_suspect(early))) {
      needed = std::move(early);
    } else {
      break;
    }
  }
  // A hang that a run alone does not show was none of this case; a crash is a crash.
  if (failure.end == End::kTimeout && needed.size() > 1) return alone[suspect];
  failure.reason = needed.size() == 1
                       ? fmt::format("only after {} in the same process", cases[needed[0]].id)
                       : fmt::format("in a batch of {} cases; alone it ends", before.size() + 1);
  return failure;
}

std::vector<Observation> HostRuntime::Session::run(std::span<const Case> cases) {
  std::vector<Observation> seen(cases.size());
  std::vector<char> answered(cases.size());
  Indices todo(cases.size());
  for (size_t i = 0; i < todo.size(); ++i) todo[i] = i;
  std::stable_partition(todo.begin(), todo.end(),
                        [&](size_t index) { return ends_by_force_.count(cases[index].id) == 0; });
  Indices before;  // answered by the host that runs now, in this call
  while (!todo.empty()) {
    if (!host_.running()) before.clear();
    const size_t size = std::min(todo.size(), host_.largest_batch());
    const Indices batch(todo.begin(), todo.begin() + static_cast<std::ptrdiff_t>(size));
    const Attempt one = attempt(cases, batch, &seen, &answered);
    size_t settled = one.answered;
    if (one.failed) {
      before.insert(before.end(), batch.begin(),
                    batch.begin() + static_cast<std::ptrdiff_t>(one.answered));
      const size_t suspect = batch[one.answered];
      seen[suspect] = find(cases, before, suspect, one.failure);
      host_.stop();
      ++settled;
    } else {
      before.insert(before.end(), batch.begin(),
                    batch.begin() + static_cast<std::ptrdiff_t>(one.answered));
    }
    todo.erase(todo.begin(), todo.begin() + static_cast<std::ptrdiff_t>(settled));
  }
  return seen;
}

HostRuntime::HostRuntime(HostSetup setup) : session_(new Session(std::move(setup))) {}
HostRuntime::~HostRuntime() = default;

const RuntimeInfo& HostRuntime::info() const { return session_->info(); }

std::vector<Observation> HostRuntime::run_batch(std::span<const Case> cases) {
  std::lock_guard lock(session_->mutex);
  return session_->run(cases);
}

Observation HostRuntime::run(const Case& one) { return run_batch({&one, 1})[0]; }

size_t HostRuntime::largest_batch() const {
  std::lock_guard lock(session_->mutex);
  return session_->host().largest_batch();
}
std::vector<std::string> HostRuntime::features() const {
  std::lock_guard lock(session_->mutex);
  return session_->host().features();
}
int HostRuntime::starts() const {
  std::lock_guard lock(session_->mutex);
  return session_->host().starts();
}

}  // namespace weft::runners
