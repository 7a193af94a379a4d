// What one step of an execution does to the thread that was chosen, up to its next visible
// operation, and what an observer is told of it. Who is chosen, and when, is virtual_run.cc's; how
// the execution ends virtual_run_ends.cc's.
#include <algorithm>
#include <utility>

#include "reference/machine/memory.h"
#include "reference/schedule/parker.h"
#include "reference/schedule/virtual_run.h"

namespace weft::schedule {

using machine::Stop;
using machine::Until;
using machine::VisibleKind;

void VirtualRun::push_call(Slot& slot, std::unique_ptr<machine::Thread> call) {
  call->waiter().parker = &slot;
  call->waiter().wake = [](machine::Waiter& waiter) {
    auto* woken = static_cast<Slot*>(waiter.parker);
    woken->woken = woken->run->any_woken_ = true;
  };
  call->stop_after(options_.work_limit);
  call->set_shares_instance(options_.shared_instance);
  slot.top = call.get();
  slot.agent->calls.push_back(std::move(call));
}

void VirtualRun::pop_call(Slot& slot) {
  spare_.list.push_back(std::move(slot.agent->calls.back()));
  slot.agent->calls.pop_back();
  slot.top = slot.agent->calls.empty() ? nullptr : &slot.agent->top();
}

void VirtualRun::start_entry(Slot& slot) {
  Agent& agent = *slot.agent;
  const Entry& entry = agent.entries[agent.next_entry++];
  if (agent.calls.empty()) push_call(slot, spare_.take());
  while (agent.calls.size() > 1) pop_call(slot);
  agent.top().start(*entry.function, entry.arguments);
}

void VirtualRun::step(Slot& slot) {
  begin_observation(slot);
  switch (slot.state) {
    case State::kReady:
      perform(slot);
      break;
    case State::kWaiting:
      clock_.now = std::max(clock_.now, slot.deadline);
      slot.top->finish_wait();
      observe(Step::Kind::kExpire, false);
      advance(slot);
      break;
    case State::kBlocked:
      clock_.now = std::max(clock_.now, slot.deadline);
      host_call(slot, Nested{});
      observe(Step::Kind::kRetry, slot.state == State::kBlocked);
      break;
    case State::kAtEnd:
      observe(slot.trap ? Step::Kind::kTrap : Step::Kind::kReturn, false);
      end(slot.trap ? Ending::Kind::kTrap : Ending::Kind::kReturned, &slot);
      break;
    case State::kComputing:
      observe(Step::Kind::kCompute, false);
      advance(slot);
      break;
    case State::kNew:
    case State::kDone:
      break;
  }
}

void VirtualRun::trapped_in_operation(Slot& slot) {
  trapped(slot);
  if (slot.state == State::kAtEnd) end(Ending::Kind::kTrap, &slot);
}

void VirtualRun::perform(Slot& slot) {
  machine::Thread& thread = *slot.top;
  const machine::VisibleOp& operation = thread.visible();
  if (options_.observer) seen_.operation = operation;
  const bool notify = operation.kind == VisibleKind::kNotify;
  machine::Memory* const memory = operation.memory;
  const uint64_t address = operation.address;
  if (operation.kind == VisibleKind::kGrow && scheduler_.any_time_expires()) {
    const uint32_t outcome = scheduler_.next_outcome(2);
    choices_.list.push_back({outcome, 2});
    if (outcome == 1) memory->refuse_next_grow();
  }
  if (options_.undo) options_.undo->note(operation);
  const Stop stop = thread.perform();
  switch (stop) {
    case Stop::kWaiting:
      begin_wait(slot);
      observe(Step::Kind::kOperation, true);
      return;
    case Stop::kHostCall:
      host_call(slot, Nested{});
      observe(Step::Kind::kOperation, slot.state == State::kBlocked);
      return;
    case Stop::kTrapped:
      observe(Step::Kind::kOperation, false);
      trapped_in_operation(slot);
      return;
    default:
      break;
  }
  if (notify && thread.visible_result() == 0) {
    EarlyNotify& early = early_[{memory, address}];
    early.last[early.count++ % EarlyNotify::kKept] = {steps_, slot.agent->number};
  }
  if (options_.observer) {
    seen_.has_result = seen_.operation.result_width != 0;
    if (seen_.has_result) seen_.result = thread.visible_result();
    if (operation.result_width == 16) seen_.result_high = thread.visible_result_high();
    observe(Step::Kind::kOperation, false);
  }
  advance(slot);
}

void VirtualRun::begin_wait(Slot& slot) {
  machine::Thread& thread = *slot.top;
  slot.state = State::kWaiting;
  slot.since = steps_;
  const auto deadline = deadline_after(clock_.now, thread.timeout());
  slot.has_deadline = deadline.has_value();
  slot.deadline = deadline.value_or(0);
}

// Runs thread-local work up to the next visible operation.
void VirtualRun::advance(Slot& slot) { settle(slot, slot.top->run(Until::kVisible)); }

void VirtualRun::settle(Slot& slot, Stop stop) {
  switch (stop) {
    case Stop::kVisible:
    case Stop::kPerformed:
      slot.state = State::kReady;
      break;
    case Stop::kFinished:
      finished(slot);
      break;
    case Stop::kTrapped:
      trapped(slot);
      break;
    case Stop::kWaiting:
      begin_wait(slot);
      break;
    case Stop::kHostCall:
      host_call(slot, Nested{});
      break;
    case Stop::kStopped:
      slot.state = State::kComputing;
      scheduler_.yielded(slot.agent->number);
      break;
  }
}

void VirtualRun::finished(Slot& slot) {
  Agent& agent = *slot.agent;
  if (agent.calls.size() > 1) {
    pop_call(slot);
    host_call(slot, Nested{true, false});
    return;
  }
  if (agent.next_entry < agent.entries.size()) {
    start_entry(slot);
    advance(slot);
    return;
  }
  if (agent.number == 0 && !all_must_finish_) {
    slot.state = State::kAtEnd;
    return;
  }
  slot.state = State::kDone;
  slot.returned = true;
  living_--;
  if (embedder_) embedder_->agent_ended(agent);
}

// A trap of the agent's own call ends the group, as a step of its own; one above it is its
// caller's.
void VirtualRun::trapped(Slot& slot) {
  Agent& agent = *slot.agent;
  if (agent.calls.size() > 1) {
    pop_call(slot);
    host_call(slot, Nested{true, true});
    return;
  }
  slot.trap = true;
  slot.state = all_must_finish_ ? State::kDone : State::kAtEnd;
  if (all_must_finish_) living_--;
}

void VirtualRun::host_call(Slot& slot, Nested nested) {
  Agent& agent = *slot.agent;
  slot.state = State::kReady;
  if (!embedder_) {
    agent.top().fail_host_call("this program has no host");
    trapped(slot);
    return;
  }
  HostAction action = embedder_->host_call(agent, nested, *this);
  switch (action.kind) {
    case HostAction::Kind::kYield:
      scheduler_.yielded(agent.number);
      advance(slot);
      break;
    case HostAction::Kind::kDone:
      if (options_.observer && !agent.top().host_call().results.empty()) {
        seen_.result = agent.top().host_call().results[0];
        seen_.has_result = true;
      }
      advance(slot);
      break;
    case HostAction::Kind::kBlocked:
      slot.state = State::kBlocked;
      slot.since = steps_;
      slot.has_deadline = action.until.has_value();
      slot.deadline = action.until.value_or(0);
      slot.on_host = action.on_host;
      break;
    case HostAction::Kind::kExit:
      end(Ending::Kind::kExit, &slot, action.code);
      break;
    case HostAction::Kind::kTrap:
      agent.top().fail_host_call(std::move(action.why));
      trapped(slot);
      break;
    case HostAction::Kind::kCall:
      push_call(slot, std::move(action.call));
      advance(slot);
      break;
  }
}

// Agents that a notify has chosen leave their queue and go on to their next visible operation; new
// ones run to their first. Both is thread-local work.
void VirtualRun::resume_woken() {
  while (any_new_ && !ending_) {
    any_new_ = false;
    for (size_t i = 0; i < slots_.size() && !ending_; i++) {
      if (slots_[i]->state != State::kNew) continue;
      start_entry(*slots_[i]);
      advance(*slots_[i]);
    }
  }
  while (any_woken_ && !ending_) {
    any_woken_ = false;
    for (size_t i = 0; i < slots_.size() && !ending_; i++) {
      Slot& slot = *slots_[i];
      if (!std::exchange(slot.woken, false) || slot.state != State::kWaiting) continue;
      slot.top->finish_wait();
      advance(slot);
    }
  }
}

// ---- What an observer is told ----

void VirtualRun::begin_observation(const Slot& slot) {
  if (!options_.observer) return;
  seen_ = Step{};
  seen_.number = steps_;
  seen_.time = clock_.now;
  seen_.agent = slot.agent.get();
  if (slot.state != State::kAtEnd) seen_.place = slot.top->place();
}

void VirtualRun::observe(Step::Kind kind, bool waits) {
  if (!options_.observer) return;
  seen_.kind = kind;
  seen_.waits = waits;
  options_.observer->on_step(seen_);
}

}  // namespace weft::schedule
