#include "reference/schedule/virtual_run.h"

#include <time.h>

#include <algorithm>
#include <utility>

#include "reference/machine/memory.h"
#include "reference/schedule/parker.h"

namespace weft::schedule {

using machine::Stop;
using machine::Until;
using machine::VisibleKind;

VirtualRun::VirtualRun(Scheduler& scheduler, VirtualClock& clock, Embedder* embedder,
                       VirtualOptions options)
    : scheduler_(scheduler),
      clock_(clock),
      embedder_(embedder),
      options_(options),
      spare_(options.spare ? *options.spare : own_spare_) {}

VirtualRun::~VirtualRun() {
  leave_everything();
  for (const auto& one : slots_) {
    Slot& slot = *one;
    while (!slot.agent->calls.empty()) pop_call(slot);
  }
}

void VirtualRun::add(std::unique_ptr<Agent> agent) {
  spawn(std::move(agent));
  added_ = slots_.size();
}

bool VirtualRun::spawn(std::unique_ptr<Agent> agent) {
  if (living_ >= options_.max_threads) return false;
  agent->number = static_cast<uint32_t>(slots_.size());
  Slot& slot = *slots_.emplace_back(std::make_unique<Slot>());
  slot.agent = std::move(agent);
  slot.run = this;
  living_++;
  any_new_ = stale_ = true;
  return true;
}

void VirtualRun::before_write(machine::Memory& memory, uint64_t address,
                              std::span<const uint8_t> bytes) {
  if (options_.undo) options_.undo->note_write(memory, address, bytes.size());
  if (options_.observer) seen_.writes.push_back({address, {bytes.begin(), bytes.end()}});
}

void VirtualRun::rewind() {
  leave_everything();
  for (size_t i = added_; i < slots_.size(); i++) {
    while (!slots_[i]->agent->calls.empty()) pop_call(*slots_[i]);
  }
  slots_.resize(added_);
  for (const auto& one : slots_) {
    Slot& slot = *one;
    slot.state = State::kNew;
    slot.trap = slot.has_deadline = slot.on_host = slot.woken = false;
    slot.returned = slot.was_waiting = false;
    slot.agent->next_entry = 0;
  }
  living_ = static_cast<uint32_t>(added_);
  any_new_ = stale_ = true;
}

Ending VirtualRun::run(bool all_must_finish) {
  all_must_finish_ = all_must_finish;
  choices_.seed = scheduler_.seed();
  choices_.any_time_expires = scheduler_.any_time_expires();
  choices_.program = options_.program;
  choices_.cut_off_at = 0;
  choices_.list.clear();
  early_.clear();
  ending_.reset();
  steps_ = in_a_row_ = 0;
  last_ = kNobody;
  const uint32_t wanted = scheduler_.program();
  if (wanted != 0 && options_.program != 0 && wanted != options_.program) {
    end(Ending::Kind::kDiverged, nullptr);
  } else {
    execute();
  }
  leave_everything();
  return std::move(*ending_);
}

void VirtualRun::execute() {
  const uint64_t max_steps = std::min(options_.max_steps, scheduler_.most_steps());
  while (true) {
    if (stale_) {
      resume_woken();
      if (ending_) return;
      if (all_must_finish_ && living_ == 0) return end(Ending::Kind::kReturned, nullptr);
      collect_enabled();
      if (enabled_.empty()) {
        if (!let_time_pass()) return end(Ending::Kind::kDeadlock, nullptr);
        continue;
      }
    }
    if (steps_ >= max_steps) {
      choices_.cut_off_at = steps_;
      return end(Ending::Kind::kLimit, nullptr);
    }
    const Enabled chosen = choose_thread();
    const uint32_t number = chosen.number;
    if (number == kNobody) return end(Ending::Kind::kDiverged, nullptr);
    in_a_row_ = (in_a_row_ + 1) * (number == last_);  // no branch: nobody could predict it
    if (in_a_row_ >= options_.spin_steps) {
      scheduler_.yielded(number);
      in_a_row_ = 0;
    }
    last_ = number;
    if (chosen.plain && chosen.plain->access().width != 0) {
      plain_step(number, *chosen.plain);
    } else {
      stale_ = true;
      step(*slots_[number]);
    }
    steps_++;
    clock_.now += VirtualClock::kStep;
    if (clock_.now >= next_deadline_) stale_ = true;
  }
}

// ---- Who can go ----

bool VirtualRun::is_enabled(const Slot& slot) const {
  switch (slot.state) {
    case State::kReady:
    case State::kAtEnd:
    case State::kComputing:
      return true;
    case State::kWaiting:
      return slot.has_deadline && (slot.deadline <= clock_.now || scheduler_.any_time_expires());
    case State::kBlocked:
      return slot.has_deadline &&
             (slot.deadline <= clock_.now || (scheduler_.any_time_expires() && !slot.on_host));
    default:
      return false;
  }
}

void VirtualRun::collect_enabled() {
  enabled_.clear();
  enabled_who_.clear();
  stale_ = false;
  next_deadline_ = UINT64_MAX;
  for (const auto& one : slots_) {
    const Slot& slot = *one;
    if (is_enabled(slot)) {
      enabled_.push_back(slot.agent->number);
      const bool plain = slot.state == State::kReady && !options_.observer;
      enabled_who_.push_back({slot.agent->number, plain ? slot.top : nullptr});
    } else if (slot.waits_for_time()) {
      next_deadline_ = std::min(next_deadline_, slot.deadline);
    }
  }
}

VirtualRun::Enabled VirtualRun::choose_thread() {
  const auto count = static_cast<uint32_t>(enabled_.size());
  if (count == 1) return enabled_who_[0];
  const uint32_t index = scheduler_.next_thread({enabled_, last_, steps_});
  if (index >= count) return {kNobody, nullptr};
  choices_.list.push_back({index, count});
  return enabled_who_[index];
}

// Nobody can go. In this order: a host call that the outside has made ready, the next deadline, and
// at last really waiting for the outside. False: a deadlock.
bool VirtualRun::let_time_pass() {
  stale_ = true;
  std::vector<Slot*> outside;
  for (const auto& one : slots_) {
    Slot& slot = *one;
    if (slot.state == State::kBlocked && slot.on_host) outside.push_back(&slot);
  }
  const auto retry = [&] {
    for (Slot* slot : outside) {
      begin_observation(*slot);
      host_call(*slot, Nested{});
      if (ending_ || slot->state != State::kBlocked) {
        observe(Step::Kind::kRetry, false);
        return true;
      }
    }
    return false;
  };
  if (retry()) return true;
  uint64_t next = UINT64_MAX;
  bool timed = false;
  for (const auto& one : slots_) {
    const Slot& slot = *one;
    if (slot.waits_for_time()) {
      next = std::min(next, slot.deadline);
      timed = true;
    }
  }
  if (timed) {
    clock_.now = std::max(clock_.now, next);
    return true;
  }
  if (outside.empty()) return false;
  if (outside.size() == 1) {
    embedder_->wait_on_host(*outside[0]->agent);
    return true;
  }
  // Several wait for the outside: look at each in turn, a few milliseconds apart.
  while (!retry()) {
    const timespec pause = {0, 5'000'000};
    nanosleep(&pause, nullptr);
  }
  return true;
}

// ---- Steps ----

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

// The usual step in one go, without its description: an access that nobody wants to see, and what
// follows it up to the next visible operation.
void VirtualRun::plain_step(uint32_t number, machine::Thread& thread) {
  if (options_.undo) {
    const machine::Thread::Access& access = thread.access();
    options_.undo->note_write(*access.memory, access.address, access.width);
  }
  const auto* const before = thread.position();
  const Stop stop = thread.run(Until::kVisible);
  if (stop == Stop::kVisible) return;
  stale_ = true;
  if (stop == Stop::kTrapped && thread.position() == before) {
    trapped_in_operation(*slots_[number]);
  } else {
    settle(*slots_[number], stop);
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
