// One thread of WebAssembly: explicit stacks, resumable at every visible operation
// (docs/the-interpreter.md). Owns execution state; knows no OS threads, no WASI, no clock.
//
// Not thread-safe: one OS thread at a time runs it. Different Threads may run at once. The
// instances that it runs, and their memories, must outlive it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "reference/machine/instance.h"
#include "reference/machine/trap.h"
#include "reference/machine/visible.h"
#include "reference/machine/wait_queue.h"

namespace weft::machine {

// How far run() goes.
enum class Until : uint8_t {
  kBlocked,  // native: visible operations happen at once
  kVisible,  // stepping: returns just before every visible operation
};

// Why run() or perform() returned.
enum class Stop : uint8_t {
  kFinished,   // results() are there
  kTrapped,    // trap() says what and where; the thread is over
  kHostCall,   // perform host_call(), write its results, run() again (or fail_host_call())
  kWaiting,    // enqueued: park until waiter() is notified or timeout() has passed, then
               // finish_wait() and run() again
  kVisible,    // visible() is next: perform() does it alone, run() does it and goes on
  kPerformed,  // from perform() only: done, the thread stands behind it
  kStopped,    // the stop word was seen, or stop_after() was reached; run() again goes on
};

struct HostCall {
  const HostFunction* function = nullptr;
  Instance* caller = nullptr;           // whose memory the arguments speak of
  std::span<const uint64_t> arguments;  // slots as in Value::low; a v128 takes two
  // Where the results go. May overlap `arguments`: read all arguments before writing a result.
  std::span<uint64_t> results;
};

struct ThreadLimits {
  // Reserved at once, touched as needed. A call takes at least 24 bytes; where the room ends, the
  // thread traps with "call stack exhausted".
  size_t stack_bytes = size_t{4} << 20;
};

class Thread {
 public:
  // `stop`: one word of the whole process, tested by every taken branch and every call; non-zero
  // asks the thread to return kStopped. May be null. Must outlive the thread.
  explicit Thread(const std::atomic<uint32_t>* stop = nullptr, ThreadLimits limits = {});
  ~Thread();
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  // Prepares a call of `function` (possibly a host function); arguments must match its type.
  // Forgets whatever ran before; allocates nothing.
  void start(const Func& function, std::span<const Value> arguments);

  Stop run(Until until);
  // Stepping: run() returns kStopped after so many branches and calls (taken or not) on its way to
  // the next visible operation: a count that is the same on every machine. Default: never.
  void stop_after(uint64_t branches) { most_work_ = branches; }
  // Stepping: other threads run the same instance, so that its mutable globals, its tables and the
  // drop states of its segments are shared, and accesses to them visible. Default: no.
  void set_shares_instance(bool shares) { shares_instance_ = shares; }
  // Does exactly the operation that visible() names, after kVisible. Returns kPerformed, or
  // kWaiting, kHostCall, kTrapped.
  Stop perform();

  // After kFinished.
  std::vector<Value> results() const;
  std::span<const uint64_t> result_slots() const;
  // After kTrapped.
  const Trap& trap() const { return trap_; }

  // After kHostCall.
  const HostCall& host_call() const { return host_call_; }
  // Instead of run(): the host function trapped. The thread is over, trap() says so.
  void fail_host_call(std::string why);

  // After kWaiting. Any negative timeout (nanoseconds) means for ever.
  Waiter& waiter() { return waiter_; }
  int64_t timeout() const { return timeout_; }
  // Leaves the queue and stores the wait's result, which it returns: 0 (notified) or 2 (not).
  uint32_t finish_wait();

  // After kVisible; valid until the thread moves on (after kWaiting: the wait, if it was looked
  // at).
  const VisibleOp& visible() const;
  // After kVisible, in brief, for those who only put memory back: the bytes of an access that
  // neither waits nor wakes, bounds not yet checked. Does not tell loads from stores: schedulers
  // mix the operations at random, and a branch that nobody can predict costs more than it saves.
  struct Access {
    Memory* memory = nullptr;
    uint64_t address = 0;
    uint64_t width = 0;  // bytes; 0: another kind of operation
  };
  const Access& access() const { return access_; }
  // Is the thread still where run() or perform() found it: a trap was the operation's own.
  const uint64_t* position() const { return pc_; }
  // The value that the operation performed last pushed (its low 64 bits).
  uint64_t visible_result() const;
  uint64_t visible_result_high() const;  // of a v128, whose low half visible_result() is

  // Where the thread stands: function index and byte offset of the next instruction, innermost
  // first. Costs a search; for traces and messages.
  struct Place {
    const Instance* instance;
    uint32_t function;
    uint32_t offset;
  };
  Place place() const;
  std::vector<Place> backtrace() const;
  Instance* instance() const { return instance_; }

 private:
  friend struct Interpreter;

  void set_trap(TrapKind kind);

  // Of the interpreter, between two runs: the next instruction, the frame, the instance.
  const uint64_t* pc_ = nullptr;
  uint64_t* fp_ = nullptr;
  Instance* instance_ = nullptr;

  uint64_t* stack_ = nullptr;
  uint64_t* stack_end_ = nullptr;
  const std::atomic<uint32_t>* stop_;
  ThreadLimits limits_;
  const Func* entry_ = nullptr;
  bool pending_ = false;  // after kVisible: the next instruction is performed, not reported
  mutable bool described_ = false;  // visible_ speaks of it
  bool shares_instance_ = false;
  uint64_t work_ = 0, most_work_ = UINT64_MAX;  // see stop_after
  uint64_t* wait_result_ = nullptr;
  int64_t timeout_ = 0;
  Waiter waiter_;
  Trap trap_;
  HostCall host_call_;
  mutable VisibleOp visible_;
  Access access_;
  uint64_t* visible_slot_ = nullptr;  // where the operation performed last put its result
};

}  // namespace weft::machine
