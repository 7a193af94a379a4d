#include "reference/schedule/virtual_run.h"

#include <time.h>

#include <algorithm>
#include <utility>

#include "reference/machine/memory.h"

namespace weft::schedule {

using machine::Stop;
using machine::Until;

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

}  // namespace weft::schedule
