// Deterministic executions: all agents on one OS thread, one visible operation a step, a virtual
// clock that advances a little with each step and jumps to the next deadline when nobody can go.
// A scheduler chooses. Knows no WASI and no model.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "reference/schedule/choices.h"
#include "reference/schedule/embedder.h"
#include "reference/schedule/observer.h"
#include "reference/schedule/scheduler.h"
#include "reference/schedule/spare_threads.h"
#include "reference/schedule/undo.h"

namespace weft::schedule {

// Shared with the host that a program sees (embed/), which reads the time.
struct VirtualClock {
  static constexpr uint64_t kStart = 1'000'000'000;  // one second after the machine's start
  static constexpr uint64_t kStep = 50;              // nanoseconds that a step takes
  uint64_t now = kStart;
};

struct VirtualOptions {
  uint64_t max_steps = UINT64_MAX;
  // Tells programs apart: stands in tokens, and a token of another program is refused; 0: unknown.
  uint32_t program = 0;
  uint32_t max_threads = 4096;
  // Steps in a row after which an agent counts as spinning and gives way.
  uint64_t spin_steps = 1000;
  // Branches and calls that an agent makes without a visible operation before the others may go:
  // the rest of its computation is a step of its own (a program may spin without looking at
  // anything).
  uint64_t work_limit = 20'000;
  bool shared_instance = false;   // agents share one: see machine::Thread::set_shares_instance
  SpareThreads* spare = nullptr;  // null: threads of its own
  Observer* observer = nullptr;
  UndoLog* undo = nullptr;  // told of all that is about to be overwritten
};

class VirtualRun final : public Spawner {
 public:
  // `embedder` may be null for programs that make no host calls.
  VirtualRun(Scheduler& scheduler, VirtualClock& clock, Embedder* embedder,
             VirtualOptions options = {});
  ~VirtualRun() override;

  // Adds an agent before run(): agent 0, 1, ...
  void add(std::unique_ptr<Agent> agent);
  // One execution; the caller has asked scheduler.new_execution(). When it returns no agent runs or
  // waits any more, but their machine threads still hold what they came to (see agent()).
  // `all_must_finish`: for litmus tests: the group ends when every agent has returned or trapped;
  // otherwise when the main one has returned or one has trapped.
  Ending run(bool all_must_finish = false);
  // Forgets the execution but keeps the agents that add() gave, to run them again: nothing is
  // allocated. Memory is the caller's to restore.
  void rewind();

  const Choices& choices() const { return choices_; }
  uint64_t steps() const { return steps_; }
  size_t agent_count() const { return slots_.size(); }
  const Agent& agent(size_t i) const { return *slots_[i]->agent; }
  // For litmus outcomes, after run(): how each agent ended; neither: it was still running.
  bool has_returned(size_t i) const { return slots_[i]->returned; }
  bool has_trapped(size_t i) const { return slots_[i]->trap; }
  bool was_waiting(size_t i) const { return slots_[i]->was_waiting; }

  bool spawn(std::unique_ptr<Agent> agent) override;
  std::unique_ptr<machine::Thread> new_call() override { return spare_.take(); }
  void before_write(machine::Memory& memory, uint64_t address,
                    std::span<const uint8_t> bytes) override;

 private:
  enum class State : uint8_t {
    kNew,        // has not run yet
    kReady,      // stands before a visible operation
    kWaiting,    // in a wait queue
    kBlocked,    // in a host call
    kComputing,  // was stopped in the middle of long thread-local work; its next step is more of it
    kAtEnd,      // its next step ends the group: main returned, or a trap
    kDone,
  };
  struct Slot {
    std::unique_ptr<Agent> agent;
    machine::Thread* top = nullptr;  // agent->top()
    State state = State::kNew;
    bool trap = false;  // kAtEnd: by a trap, else by returning
    bool has_deadline = false, on_host = false, woken = false;
    bool returned = false, was_waiting = false;
    uint64_t deadline = 0;
    uint64_t since = 0;  // the step at which it began to wait or block
    VirtualRun* run = nullptr;

    bool waits_for_time() const {
      return has_deadline && (state == State::kWaiting || state == State::kBlocked);
    }
  };

  struct Enabled {
    uint32_t number;         // kNobody: the scheduler has nobody to choose
    machine::Thread* plain;  // stands before a visible operation that no observer wants to see
  };

  void push_call(Slot& slot, std::unique_ptr<machine::Thread> call);
  void start_entry(Slot& slot);
  void advance(Slot& slot);
  void settle(Slot& slot, machine::Stop stop);
  void step(Slot& slot);
  void plain_step(uint32_t number, machine::Thread& thread);
  void perform(Slot& slot);
  void trapped_in_operation(Slot& slot);
  void begin_wait(Slot& slot);
  void host_call(Slot& slot, Nested nested);
  void finished(Slot& slot);
  void trapped(Slot& slot);
  void resume_woken();
  void pop_call(Slot& slot);
  void collect_enabled();
  bool is_enabled(const Slot& slot) const;
  bool let_time_pass();
  Enabled choose_thread();
  void end(Ending::Kind kind, const Slot* slot, uint32_t code = 0);
  void leave_everything();
  void execute();
  std::vector<std::string> deadlock_report() const;
  void begin_observation(const Slot& slot);
  void observe(Step::Kind kind, bool waits);

  Scheduler& scheduler_;
  VirtualClock& clock_;
  Embedder* embedder_;
  const VirtualOptions options_;
  SpareThreads own_spare_;
  SpareThreads& spare_;
  std::vector<std::unique_ptr<Slot>> slots_;
  size_t added_ = 0;  // by add()
  uint32_t living_ = 0;
  // Who can go; good until `stale_`, or the clock reaches the next deadline.
  std::vector<uint32_t> enabled_;
  std::vector<Enabled> enabled_who_;  // the same
  bool stale_ = true;
  uint64_t next_deadline_ = UINT64_MAX;
  bool any_woken_ = false, any_new_ = false;
  bool all_must_finish_ = false;
  Choices choices_;
  uint64_t steps_ = 0;
  uint32_t last_ = kNobody;
  uint64_t in_a_row_ = 0;
  std::optional<Ending> ending_;
  Step seen_;  // filled only for an observer
  // Notifies that woke nobody, for deadlock reports: by memory and address; the last few of them.
  struct EarlyNotify {
    static constexpr size_t kKept = 4;
    uint64_t count = 0;
    struct {
      uint64_t step;
      uint32_t agent;
    } last[kKept] = {};  // number n at n % kKept
  };
  std::map<std::pair<const machine::Memory*, uint64_t>, EarlyNotify> early_;
};

}  // namespace weft::schedule
