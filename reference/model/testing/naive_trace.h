// The naive checker's first half: every path of each thread alone, as events whose values are still
// open. Test support; see naive.h.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "reference/model/event.h"
#include "reference/model/outcome.h"
#include "reference/model/program.h"
#include "reference/model/reading.h"

namespace weft::model::testing {

// addend + (the data that event `base` read, or the pages of the length that it read)
struct NaiveValue {
  int base = -1;
  bool pages = false;
  uint64_t addend = 0;
  int via = -1;  // a known value that depends on what this event found
};

struct NaiveCondition {
  int event = 0;
  bool equal = true;
  uint64_t value = 0;
  bool pages = false;
};

struct NaiveEvent {
  Event event;
  NaiveValue written;
  uint64_t length_written = 0, length_least = 0, length_most = UINT64_MAX;
  std::vector<int> control;  // nodes (see thin_air), with indices of events inside the trace
  bool reads_first = false;
};

struct NaiveTrace {
  std::vector<NaiveEvent> events;  // indices are those inside the trace
  std::vector<NaiveCondition> conditions;
  std::vector<std::optional<NaiveValue>> registers;
  Ending ending = Ending::finished;
};

class NaiveTraces {
 protected:
  NaiveTraces(const Program& program, const Reading& reading)
      : program_(program), reading_(reading) {
    for (size_t t = 0; t < program.threads.size(); ++t) {
      NaiveTrace trace;
      trace.registers.resize(program.threads[t].registers.size());
      traces_.emplace_back();
      walk(static_cast<int>(t), program.threads[t].body, 0, trace, {});
    }
  }

  uint64_t length(uint32_t m) const { return program_.memories[m].initial_pages * kPageBytes; }

  const Program& program_;
  const Reading reading_;
  std::vector<std::vector<NaiveTrace>> traces_;  // of each thread

 private:
  NaiveValue value(const NaiveTrace& trace, const Operand& operand) const {
    NaiveValue v;
    for (const Term& t : operand.terms) {
      if (t.is_register && trace.registers[t.reg]) {
        const uint64_t addend = v.addend;
        v = *trace.registers[t.reg];
        v.addend += addend;
      } else if (!t.is_register) {
        v.addend += t.constant;
      }
    }
    return v;
  }

  // The rest of `body` from `i`, then `rest` (what stands behind an enclosing branch).
  void walk(int thread, const std::vector<Operation>& body, size_t i, NaiveTrace trace,
            std::vector<int> control) {
    if (i == body.size()) {
      traces_[thread].push_back(trace);
      return;
    }
    const Operation& op = body[i];
    const auto next = [&](const NaiveTrace& t) { walk(thread, body, i + 1, t, control); };
    const auto assign = [&](NaiveTrace& t, NaiveValue v) {
      if (op.dst != kNoRegister) t.registers[op.dst] = v;
    };
    NaiveEvent e;
    e.event.thread = thread;
    e.control = control;
    const int index = static_cast<int>(trace.events.size());
    const uint64_t at = op.address.offset;
    const uint8_t memory = static_cast<uint8_t>(op.address.memory);
    using Kind = Operation::Kind;
    if (op.kind == Kind::branch) {  // as a tail: both bodies end the thread's code
      for (const bool taken : {true, false}) {
        NaiveTrace t = trace;
        const NaiveValue left = value(t, op.left);
        const uint64_t right = value(t, op.right).addend;
        if (left.base < 0) {
          if ((left.addend == right) != (taken == op.equal)) continue;
        } else {
          t.conditions.push_back({left.base, taken == op.equal, right - left.addend, left.pages});
        }
        std::vector<int> inner = control;
        if (left.base >= 0) inner.push_back(3 * left.base + 1);
        if (left.via >= 0) inner.push_back(3 * left.via + 1);
        walk(thread, taken ? op.then_body : op.else_body, 0, t, inner);
      }
      return;
    }
    if (op.kind == Kind::fence) {
      if (reading_.fences) {
        e.event.queue.act = QueueAct::fence;
        trace.events.push_back(e);
      }
      return next(trace);
    }
    if (op.kind == Kind::size) {
      e.event.length = {Act::read, Order::seqcst, false, memory, 0, 1};
      trace.events.push_back(e);
      assign(trace, {index, true, 0});
      return next(trace);
    }
    if (op.kind == Kind::grow) {
      const uint64_t pages = value(trace, op.value).addend;
      const uint64_t most = program_.memories[memory].maximum_pages;
      for (uint64_t old = program_.memories[memory].initial_pages; old + pages <= most; ++old) {
        NaiveTrace t = trace;
        NaiveEvent g = e;
        g.event.length = {Act::rmw, Order::seqcst, false, memory, 0, 1};
        g.length_least = g.length_most = old * kPageBytes;
        g.length_written = (old + pages) * kPageBytes;
        g.reads_first = true;
        if (pages > 0) {
          g.event.data = {Act::write, Order::unordered, false,
                          memory,     old * kPageBytes, pages * kPageBytes};
        }
        t.events.push_back(g);
        assign(t, {-1, false, old, index});
        next(t);
      }
      e.event.length = {Act::read, Order::seqcst, false, memory, 0, 1};
      trace.events.push_back(e);
      assign(trace, {-1, false, 0xffffffffu});
      return next(trace);
    }
    const bool wait = op.kind == Kind::wait, notify = op.kind == Kind::notify;
    const bool atomic = op.shape.mode == Mode::atomic || op.kind == Kind::rmw ||
                        op.kind == Kind::cmpxchg || wait || notify;
    const uint64_t bytes = wait || notify ? 4 : op.shape.bytes;
    if (atomic && at % bytes != 0) {
      trace.ending = Ending::trapped;
      traces_[thread].push_back(trace);
      return;
    }
    // Every access reads the length, unordered: outside and it traps, inside and it goes on.
    e.event.length = {Act::read, Order::unordered, false, memory, 0, 1};
    if (at + bytes > length(memory)) {
      NaiveTrace t = trace;
      NaiveEvent outside = e;
      outside.length_most = at + bytes - 1;
      t.events.push_back(outside);
      t.ending = Ending::trapped;
      traces_[thread].push_back(t);
    }
    e.length_least = at + bytes;
    if (at + bytes > length(memory)) control.push_back(3 * index);
    Access access;
    access.order = atomic ? Order::seqcst : Order::unordered;
    access.no_tears = bytes <= 4 && op.shape.type == Type::i32 && at % bytes == 0;
    access.memory = memory;
    access.offset = at;
    access.size = bytes;
    if (notify) {
      const uint64_t most = value(trace, op.value).addend;
      for (uint32_t j = 0; j <= std::min<uint64_t>(most, 4); ++j) {
        NaiveTrace t = trace;
        NaiveEvent n = e;
        n.event.queue = {QueueAct::notify, memory, at, j, static_cast<uint32_t>(most)};
        t.events.push_back(n);
        assign(t, {-1, false, j, index});
        walk(thread, body, i + 1, t, control);
      }
      return;
    }
    if (wait) {
      access.act = Act::read;
      e.event.data = access;
      const uint64_t expected = value(trace, op.expected).addend;
      for (int way = 0; way < 4; ++way) {  // differs, woken, timed out, for ever
        if (way == 2 && !op.has_timeout) continue;
        NaiveTrace t = trace;
        NaiveEvent w = e;
        if (way != 0) w.event.queue = {QueueAct::wait, memory, at};
        t.events.push_back(w);
        t.conditions.push_back({index, way != 0, expected});
        std::vector<int> later = control;
        later.push_back(3 * index + 1);
        if (way == 1 || way == 2) {
          NaiveEvent end;
          end.event.thread = thread;
          end.control = control;
          end.event.queue = {way == 1 ? QueueAct::woken : QueueAct::timeout, memory, at};
          t.events.push_back(end);
          later.push_back(3 * (index + 1) + 1);
        }
        if (way == 3) {
          t.ending = Ending::waiting;
          traces_[thread].push_back(t);
          continue;
        }
        assign(t, {-1, false, way == 0 ? 1u : way == 1 ? 0u : 2u});
        walk(thread, body, i + 1, t, later);
      }
      return;
    }
    const auto go_on = [&](NaiveTrace& t) { walk(thread, body, i + 1, t, control); };
    if (op.kind == Kind::load) {
      access.act = Act::read;
      e.event.data = access;
      trace.events.push_back(e);
      assign(trace, {index, false, 0});
      go_on(trace);
    } else if (op.kind == Kind::store) {
      access.act = Act::write;
      e.event.data = access;
      e.written = value(trace, op.value);
      trace.events.push_back(e);
      go_on(trace);
    } else if (op.kind == Kind::rmw) {
      access.act = Act::rmw;
      e.event.data = access;
      e.written = value(trace, op.value);
      if (op.op == RmwOp::add) e.written = {index, false, e.written.addend};
      trace.events.push_back(e);
      assign(trace, {index, false, 0});
      go_on(trace);
    } else {  // compare-exchange
      const uint64_t mask = bytes == 8 ? ~uint64_t{0} : (uint64_t{1} << (8 * bytes)) - 1;
      for (const bool success : {true, false}) {
        NaiveTrace t = trace;
        NaiveEvent c = e;
        access.act = success ? Act::rmw : Act::read;
        c.event.data = access;
        c.written = value(trace, op.value);
        c.reads_first = true;
        t.events.push_back(c);
        t.conditions.push_back({index, success, value(trace, op.expected).addend & mask});
        assign(t, {index, false, 0});
        go_on(t);
      }
    }
  }
};

}  // namespace weft::model::testing
