#include "reference/schedule/native.h"

#include <fmt/core.h>
#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <mutex>
#include <new>
#include <utility>

#include "reference/schedule/parker.h"

namespace weft::schedule {
namespace {

// Guest stacks are data of the machine: an OS thread needs little. Sanitizers and debug builds need
// more than release builds do.
constexpr size_t kStackBytes = size_t{512} << 10;
// Machine threads that are kept for the next agents.
constexpr size_t kMostSpare = 64;

class Native;

// An agent with its OS thread.
struct Worker {
  Native* native = nullptr;
  std::unique_ptr<Agent> agent;
  std::unique_ptr<machine::Thread> machine;  // for the first entry of a spawned agent
  Parker parker;
  bool waits_for_ever = false;  // under Native::mutex_
  Worker* previous = nullptr;   // in the list of those alive
  Worker* next = nullptr;
};

class Native final : public Spawner {
 public:
  Native(Embedder& embedder, NativeOptions options) : embedder_(embedder), options_(options) {}

  Ending run(std::unique_ptr<Agent> main) {
    Worker worker;
    worker.native = this;
    worker.agent = std::move(main);
    add(worker);
    run_agent(worker);
    end({});  // whoever returns from the last entry ends the group; otherwise it has ended already
    remove(worker);
    worker.agent.reset();
    join_all();
    return std::move(ending_);
  }

  bool spawn(std::unique_ptr<Agent> agent) override {
    reap();
    auto worker = std::make_unique<Worker>();
    worker->native = this;
    worker->agent = std::move(agent);
    try {
      worker->machine = take_spare();
    } catch (const std::bad_alloc&) {  // no room for its stack: there is no thread to be had
      return false;
    }
    {
      const std::lock_guard lock(mutex_);
      if (stop_ || alive_ >= options_.max_threads) return false;
      worker->agent->number = ++numbers_;
      link(*worker);
    }
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, kStackBytes);
    pthread_t thread;
    const int error = pthread_create(&thread, &attributes, &Native::enter, worker.get());
    pthread_attr_destroy(&attributes);
    if (error != 0) {
      remove(*worker);
      return false;
    }
    worker.release();  // enter() takes it
    return true;
  }

  std::unique_ptr<machine::Thread> new_call() override {
    return std::make_unique<machine::Thread>(&stop_);
  }

 private:
  static void* enter(void* argument) {
    auto* worker = static_cast<Worker*>(argument);
    Native& native = *worker->native;
    native.run_agent(*worker);
    native.retire(worker);
    return nullptr;
  }

  void link(Worker& worker) {  // under mutex_
    worker.next = first_;
    if (first_) first_->previous = &worker;
    first_ = &worker;
    alive_++;
  }
  void unlink(Worker& worker) {  // under mutex_
    (worker.previous ? worker.previous->next : first_) = worker.next;
    if (worker.next) worker.next->previous = worker.previous;
    alive_--;
  }
  void add(Worker& worker) {
    const std::lock_guard lock(mutex_);
    link(worker);
  }
  void remove(Worker& worker) {
    const std::lock_guard lock(mutex_);
    unlink(worker);
  }

  // The last that a spawned thread does: frees what it had and leaves its handle for the joiner.
  void retire(Worker* worker) {
    std::unique_ptr<Worker> own(worker);
    std::unique_ptr<machine::Thread> done;
    if (!own->agent->calls.empty()) done = std::move(own->agent->calls[0]);
    own->agent.reset();
    const std::lock_guard lock(mutex_);
    if (done && spare_.size() < kMostSpare) spare_.push_back(std::move(done));
    unlink(*own);
    finished_.push_back(pthread_self());
    find_deadlock();
    if (alive_ == 0) none_left_.wake();
  }

  // Joins the threads that have finished, so that sequences of short threads stay flat in memory.
  void reap() {
    std::vector<pthread_t> finished;
    {
      const std::lock_guard lock(mutex_);
      finished.swap(finished_);
    }
    for (const pthread_t thread : finished) pthread_join(thread, nullptr);
  }

  void join_all() {
    while (true) {
      reap();
      {
        const std::lock_guard lock(mutex_);
        if (alive_ == 0 && finished_.empty()) return;
        if (alive_ == 0) continue;
        none_left_.reset();
      }
      none_left_.park(std::nullopt);
    }
  }

  // Records the ending if it is the first, and wakes everybody.
  void end(Ending ending) {
    const std::lock_guard lock(mutex_);
    end_locked(std::move(ending));
  }

  void end_locked(Ending ending) {
    if (stop_) return;
    ending_ = std::move(ending);
    stop_ = 1;
    for (Worker* w = first_; w; w = w->next) w->parker.wake();
    embedder_.stop();
  }

  void end_by(Worker& worker, Ending ending) {
    ending.agent = worker.agent->number;
    end(std::move(ending));
  }

  // A machine thread whose stack is mapped already, if there is one.
  std::unique_ptr<machine::Thread> take_spare() {
    {
      const std::lock_guard lock(mutex_);
      if (!spare_.empty()) {
        auto thread = std::move(spare_.back());
        spare_.pop_back();
        return thread;
      }
    }
    return std::make_unique<machine::Thread>(&stop_);
  }

  static void push_call(Worker& worker, std::unique_ptr<machine::Thread> call) {
    call->waiter().parker = &worker.parker;
    call->waiter().wake = [](machine::Waiter& waiter) {
      static_cast<Parker*>(waiter.parker)->wake();
    };
    worker.agent->calls.push_back(std::move(call));
  }

  // Runs the agent until it is over or the group ends.
  void run_agent(Worker& worker) {
    Agent& agent = *worker.agent;
    while (!stop_ && agent.next_entry < agent.entries.size()) {
      const Entry& entry = agent.entries[agent.next_entry++];
      agent.calls.clear();
      push_call(worker, worker.machine ? std::move(worker.machine) : take_spare());
      agent.top().start(*entry.function, entry.arguments);
      if (!run_calls(worker)) break;
      if (agent.number == 0 && agent.next_entry == agent.entries.size()) {
        Ending ending;
        ending.results = agent.top().results();
        end_by(worker, std::move(ending));
      }
    }
    embedder_.agent_ended(agent);
  }

  // True: the agent's call has finished.
  bool run_calls(Worker& worker) {
    Agent& agent = *worker.agent;
    while (true) {
      switch (agent.top().run(machine::Until::kBlocked)) {
        case machine::Stop::kFinished:
          if (agent.calls.size() == 1) return true;
          agent.calls.pop_back();
          if (!host_call(worker, Nested{true, false})) return false;
          break;
        case machine::Stop::kTrapped:
          if (!trapped(worker)) return false;
          break;
        case machine::Stop::kHostCall:
          if (!host_call(worker, Nested{})) return false;
          break;
        case machine::Stop::kWaiting:
          if (!wait(worker)) return false;
          break;
        case machine::Stop::kStopped:
        case machine::Stop::kVisible:
        case machine::Stop::kPerformed:
          if (stop_) return false;
          break;
      }
    }
  }

  // A trap of the agent's own call ends the group, one above it is its caller's to report.
  bool trapped(Worker& worker) {
    Agent& agent = *worker.agent;
    if (agent.calls.size() > 1) {
      agent.calls.pop_back();
      return host_call(worker, Nested{true, true});
    }
    Ending ending;
    ending.kind = Ending::Kind::kTrap;
    ending.trap = agent.top().trap();
    end_by(worker, std::move(ending));
    return false;
  }

  // False: the group is ending.
  bool host_call(Worker& worker, Nested nested) {
    Agent& agent = *worker.agent;
    while (!stop_) {
      HostAction action = embedder_.host_call(agent, nested, *this);
      nested = Nested{};
      switch (action.kind) {
        case HostAction::Kind::kYield:
          sched_yield();
          return true;
        case HostAction::Kind::kDone:
          return true;
        case HostAction::Kind::kBlocked:
          embedder_.wait_on_host(agent);
          break;
        case HostAction::Kind::kExit: {
          Ending ending;
          ending.kind = Ending::Kind::kExit;
          ending.code = action.code;
          end_by(worker, std::move(ending));
          return false;
        }
        case HostAction::Kind::kTrap:
          agent.top().fail_host_call(std::move(action.why));
          return trapped(worker);
        case HostAction::Kind::kCall:
          push_call(worker, std::move(action.call));
          return true;
      }
    }
    return false;
  }

  // memory.atomic.wait: parks until notified, the deadline, or the end of the group. The parker is
  // reset between two waits, when nobody can find it in a queue; a wake-up at the end of the group
  // that falls into that moment is not missed, because `stop_` is set before it and read after.
  bool wait(Worker& worker) {
    machine::Thread& thread = worker.agent->top();
    const auto deadline = deadline_after(monotonic_now(), thread.timeout());
    if (options_.end_deadlocks && !deadline) set_waits_for_ever(worker, true);
    while (!stop_ && !worker.parker.woken()) {
      if (deadline && monotonic_now() >= *deadline) break;
      worker.parker.park(deadline);
    }
    thread.finish_wait();
    if (options_.end_deadlocks && !deadline) set_waits_for_ever(worker, false);
    worker.parker.reset();
    return !stop_;
  }

  void set_waits_for_ever(Worker& worker, bool waits) {
    const std::lock_guard lock(mutex_);
    worker.waits_for_ever = waits;
    if (waits) find_deadlock();
  }

  // Under mutex_. Who waits does not notify: when all wait and no wake-up is under way, none comes.
  void find_deadlock() {
    if (!options_.end_deadlocks || stop_ || !first_) return;
    for (const Worker* w = first_; w; w = w->next) {
      if (!w->waits_for_ever || w->parker.woken()) return;
    }
    Ending ending;
    ending.kind = Ending::Kind::kDeadlock;
    for (const Worker* w = first_; w; w = w->next) {
      machine::Thread& thread = w->agent->top();
      const auto place = thread.place();
      ending.report.push_back(
          fmt::format("thread {} waits at address {} for a notify, function {}, offset 0x{:x}",
                      w->agent->number, thread.waiter().address, place.function, place.offset));
    }
    std::reverse(ending.report.begin(), ending.report.end());  // in order of creation
    end_locked(std::move(ending));
  }

  Embedder& embedder_;
  const NativeOptions options_;
  std::atomic<uint32_t> stop_{0};
  std::mutex mutex_;
  Worker* first_ = nullptr;
  uint32_t alive_ = 0;
  uint32_t numbers_ = 0;
  std::vector<pthread_t> finished_;
  std::vector<std::unique_ptr<machine::Thread>> spare_;
  Parker none_left_;
  Ending ending_;
};

}  // namespace

Ending run_native(Embedder& embedder, std::unique_ptr<Agent> main, NativeOptions options) {
  return Native(embedder, options).run(std::move(main));
}

}  // namespace weft::schedule
