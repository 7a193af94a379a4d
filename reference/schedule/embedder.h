// The seam between schedulers and whoever gives programs their host functions. Schedulers know
// threads; the embedder knows what a host call means. Also how a group of agents ends.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "reference/schedule/agent.h"

namespace weft::schedule {

// How a group of agents ended. The first ending that is recorded stays.
struct Ending {
  enum class Kind : uint8_t {
    kReturned,  // the main agent's last entry returned (`results`)
    kExit,      // a host function ended the group (`code`)
    kTrap,      // an agent trapped (`trap`)
    kDeadlock,  // deterministic schedulers: nobody can ever go on (`report`)
    kLimit,     // deterministic schedulers: more steps than allowed
    kDiverged,  // replay: the token does not fit the program
  };
  Kind kind = Kind::kReturned;
  uint32_t code = 0;
  uint32_t agent = 0;  // who ended it: Agent::number
  machine::Trap trap;
  std::vector<machine::Value> results;
  std::vector<std::string> report;  // kDeadlock: one line an agent
};

// What a host call comes to.
struct HostAction {
  enum class Kind : uint8_t {
    kDone,     // the results are written
    kYield,    // the same; a good moment for others to run
    kBlocked,  // try again when `until` has come or, if `on_host`, when the outside may be ready
    kExit,     // end the group with `code`
    kTrap,     // the caller traps: `why`
    kCall,     // run `call` first, on top of this agent, then try again (see `nested`)
  };
  Kind kind = Kind::kDone;
  uint32_t code = 0;
  std::string why;
  std::optional<uint64_t> until;  // nanoseconds of the monotonic clock
  bool on_host = false;
  std::unique_ptr<machine::Thread> call;

  static HostAction done() { return {}; }
  static HostAction of(Kind kind) {
    HostAction action;
    action.kind = kind;
    return action;
  }
};

// How a kCall came out, for the attempt that follows it.
struct Nested {
  bool over = false;     // there was one, and it has ended
  bool trapped = false;  // with a trap, which is the embedder's to report
};

// What a host call may ask of the scheduler that runs its agent. Thread-safe.
class Spawner {
 public:
  virtual ~Spawner() = default;
  // Starts to run `agent`, whose entries are set. False: no thread could be made; nothing happened.
  virtual bool spawn(std::unique_ptr<Agent> agent) = 0;
  // A machine thread for HostAction::call.
  virtual std::unique_ptr<machine::Thread> new_call() = 0;
  // The host call, or an instance that it makes, is about to write `bytes`, which fit.
  // Deterministic schedulers put memory back, and show it to observers.
  virtual void before_write(machine::Memory& memory, uint64_t address,
                            std::span<const uint8_t> bytes) {
    (void)memory, (void)address, (void)bytes;
  }
};

class Embedder {
 public:
  virtual ~Embedder() = default;
  // One attempt of the call at which agent.top() stands. Never blocks. Called by the agent's own OS
  // thread; different agents at once.
  virtual HostAction host_call(Agent& agent, const Nested& nested, Spawner& spawner) = 0;
  // Sleeps until the attempt that reported kBlocked may go further, or stop() was called. For
  // schedulers with OS threads; may return early.
  virtual void wait_on_host(Agent& agent) = 0;
  // The group is ending: wakes everybody in wait_on_host, now and later.
  virtual void stop() = 0;
  // The agent runs no more (returned, or the group ended).
  virtual void agent_ended(Agent& agent) = 0;
};

}  // namespace weft::schedule
