// How a run under a scheduler ends: its ending, the report of a deadlock, and leaving whatever
// still runs or waits. Chooses nobody and takes no steps (virtual_run.cc).
#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "reference/machine/instance.h"
#include "reference/schedule/virtual_run.h"

namespace weft::schedule {

void VirtualRun::end(Ending::Kind kind, const Slot* slot, uint32_t code) {
  if (ending_) return;
  Ending ending;
  ending.kind = kind;
  ending.code = code;
  if (slot) ending.agent = slot->agent->number;
  if (kind == Ending::Kind::kTrap) ending.trap = slot->agent->top().trap();
  if (kind == Ending::Kind::kReturned && slot) ending.results = slot->agent->top().results();
  if (kind == Ending::Kind::kDeadlock) ending.report = deadlock_report();
  ending_ = std::move(ending);
}

void VirtualRun::leave_everything() {
  for (const auto& one : slots_) {
    Slot& slot = *one;
    if (!slot.agent || slot.state == State::kDone) continue;
    if (slot.state == State::kWaiting) {
      slot.was_waiting = true;
      slot.top->finish_wait();
    }
    if (slot.state != State::kNew && embedder_) embedder_->agent_ended(*slot.agent);
    slot.state = slot.state == State::kNew ? State::kNew : State::kDone;
  }
  living_ = 0;
}

namespace {

// " of memory 1"; nothing where the instance has one.
std::string which_memory(const machine::Instance* instance, const machine::Memory* memory) {
  if (!instance || instance->memory_count() < 2) return "";
  return fmt::format(" of memory {}", instance->index_of(*memory));
}

}  // namespace

std::vector<std::string> VirtualRun::deadlock_report() const {
  std::vector<std::string> report;
  for (const auto& one : slots_) {
    const Slot& slot = *one;
    const Agent& agent = *slot.agent;
    if (slot.state == State::kDone || slot.state == State::kNew) continue;
    std::string line = fmt::format("thread {}", agent.number);
    if (slot.state == State::kWaiting) {
      const machine::Thread& thread = *agent.calls.back();
      const machine::VisibleOp& wait = thread.visible();
      const auto place = thread.place();
      line += fmt::format(
          " waits at address {}{} for a notify since step {} (it expected {}), function {}, offset "
          "0x{:x}",
          wait.address, which_memory(place.instance, wait.memory), slot.since, wait.operands[0],
          place.function, place.offset);
      if (const auto it = early_.find({wait.memory, wait.address}); it != early_.end()) {
        const EarlyNotify& early = it->second;
        const uint64_t first = early.count - std::min<uint64_t>(early.count, EarlyNotify::kKept);
        line += fmt::format("; {} notif{} there woke nobody{}", early.count,
                            early.count == 1 ? "y" : "ies", first > 0 ? ", the last:" : ":");
        for (uint64_t n = first; n < early.count; n++) {
          const auto& one = early.last[n % EarlyNotify::kKept];
          line +=
              fmt::format("{} by thread {} at step {}", n == first ? "" : ",", one.agent, one.step);
        }
      }
    } else {
      line += fmt::format(" is in a host call since step {}", slot.since);
    }
    report.push_back(std::move(line));
  }
  return report;
}

}  // namespace weft::schedule
