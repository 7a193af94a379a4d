// Depth-first search over the states of a machine; a state is written out as words to remember it.
#include "reference/model/interleave.h"

#include <algorithm>
#include <map>
#include <string>
#include <unordered_set>
#include <utility>

#include "reference/model/expression.h"

namespace weft::model {
namespace {

using Kind = Operation::Kind;

constexpr size_t kMostStates = 4'000'000;

struct Pending {
  uint32_t memory;
  uint64_t address;
  uint8_t bytes;
  uint64_t value;
};

struct ThreadState {
  enum class Status : uint8_t { running, waiting, finished, trapped };
  unsigned pc = 0;
  unsigned step = 0;     // inside a bulk operation
  uint64_t carried = 0;  // the byte that a copy has loaded
  Status status = Status::running;
  std::vector<uint64_t> registers;
  Mask assigned = 0;
  std::vector<Pending> buffer;  // oldest first
};

struct Waiter {
  uint32_t memory;
  uint64_t address;
  unsigned thread;
};

struct State {
  std::vector<ThreadState> threads;
  std::map<std::pair<uint32_t, uint64_t>, uint8_t> bytes;  // those written so far
  std::vector<uint64_t> lengths;
  std::vector<Waiter> waiters;  // oldest first
};

using Status = ThreadState::Status;

class Interleaver {
 public:
  Interleaver(const Lowered& program, Machine machine, OutcomeSet& set)
      : program_(program), machine_(machine), set_(set) {}

  Expected<bool> run() {
    set_.reset(program_.slot_count, static_cast<unsigned>(program_.threads.size()));
    State state;
    for (const Memory& m : program_.program->memories) {
      state.lengths.push_back(m.initial_pages * kPageBytes);
    }
    for (const InitialStore& s : program_.program->init) {
      write(state, {s.memory, s.address, s.shape.bytes, s.value});
    }
    for (size_t t = 0; t < program_.threads.size(); ++t) {
      ThreadState thread;
      thread.registers.assign(program_.slots[t].size(), 0);
      state.threads.push_back(std::move(thread));
      settle(state, static_cast<unsigned>(t));
    }
    visit(std::move(state));
    if (!error_.empty()) return tl::unexpected<Error>(Error{error_});
    return true;
  }

 private:
  void visit(State state) {
    if (!error_.empty() || !seen_.insert(key(state)).second) return;
    if (seen_.size() > kMostStates || set_.size() > Bounds::kOutcomes) {
      error_ = fmt::format("more than {} states or {} outcomes of interleavings", kMostStates,
                           Bounds::kOutcomes);
      return;
    }
    bool ended = true;
    for (const ThreadState& t : state.threads) {
      ended = ended && t.status != Status::running && t.buffer.empty();
    }
    if (ended) record(state);
    for (unsigned t = 0; t < state.threads.size(); ++t) {
      if (!state.threads[t].buffer.empty()) {
        State next = state;
        std::vector<Pending>& buffer = next.threads[t].buffer;
        write(next, buffer.front());
        buffer.erase(buffer.begin());
        visit(std::move(next));
      }
      if (state.threads[t].status == Status::running) {
        step(state, t);
      } else if (state.threads[t].status == Status::waiting && operation(state, t).has_timeout) {
        State next = state;
        std::erase_if(next.waiters, [&](const Waiter& w) { return w.thread == t; });
        next.threads[t].status = Status::running;
        done(next, t, 2);
        visit(std::move(next));
      }
    }
  }

  const Operation& operation(const State& state, unsigned t) const {
    return *program_.threads[t][state.threads[t].pc].operation;
  }

  // Branches and jumps happen at once; the end of the code ends the thread.
  void settle(State& state, unsigned t) const {
    ThreadState& thread = state.threads[t];
    const std::vector<Code>& code = program_.threads[t];
    while (thread.pc < code.size() && code[thread.pc].kind != Code::Kind::operation) {
      const Code& c = code[thread.pc];
      if (c.kind == Code::Kind::jump) {
        thread.pc = c.target;
        continue;
      }
      const unsigned bits = branch_bits(program_.program->threads[t], *c.operation);
      const bool equal = low_bits(value(thread, c.operation->left), bits) ==
                         low_bits(value(thread, c.operation->right), bits);
      thread.pc = equal == c.operation->equal ? thread.pc + 1 : c.target;
    }
    if (thread.pc == code.size()) thread.status = Status::finished;
  }

  // The operation has its result; on to the next.
  void done(State& state, unsigned t, uint64_t result) const {
    ThreadState& thread = state.threads[t];
    const uint32_t dst = operation(state, t).dst;
    if (dst != kNoRegister) {
      thread.registers[dst] = result;
      thread.assigned |= bit(dst);
    }
    done(state, t);
  }
  void done(State& state, unsigned t) const {
    state.threads[t].step = 0;
    ++state.threads[t].pc;
    settle(state, t);
  }

  static uint64_t value(const ThreadState& thread, const Operand& operand) {
    uint64_t sum = 0;
    for (const Term& term : operand.terms) {
      const uint64_t v = term.is_register ? thread.registers[term.reg] : term.constant;
      sum = term.op == Term::Op::add ? sum + v : sum ^ v;
    }
    return sum;
  }
  static uint64_t address(const ThreadState& thread, const Address& a) {
    return value(thread, a.operand) + a.offset;
  }

  static uint8_t byte(const State& state, uint32_t memory, uint64_t address) {
    const auto found = state.bytes.find({memory, address});
    return found == state.bytes.end() ? 0 : found->second;
  }
  static void write(State& state, const Pending& p) {
    for (unsigned k = 0; k < p.bytes; ++k) {
      state.bytes[{p.memory, p.address + k}] = static_cast<uint8_t>(p.value >> (8 * k));
    }
  }
  // The youngest buffered byte of the own thread, else memory.
  static uint64_t read(const State& state, const ThreadState& thread, uint32_t memory,
                       uint64_t address, unsigned bytes) {
    uint64_t result = 0;
    for (unsigned k = 0; k < bytes; ++k) {
      uint8_t b = byte(state, memory, address + k);
      for (const Pending& p : thread.buffer) {
        if (p.memory == memory && address + k >= p.address && address + k - p.address < p.bytes) {
          b = static_cast<uint8_t>(p.value >> (8 * (address + k - p.address)));
        }
      }
      result |= uint64_t{b} << (8 * k);
    }
    return result;
  }
  void store(State& state, unsigned t, const Pending& p) const {
    if (machine_ == Machine::tso) {
      state.threads[t].buffer.push_back(p);
    } else {
      write(state, p);
    }
  }

  static bool inside(const State& state, uint32_t memory, uint64_t address, uint64_t bytes) {
    const uint64_t length = state.lengths[memory];
    return bytes <= length && address <= length - bytes;
  }

  void trap(State next, unsigned t) {
    next.threads[t].status = Status::trapped;
    visit(std::move(next));
  }

  void step(const State& state, unsigned t) {
    const Operation& op = operation(state, t);
    const ThreadState& thread = state.threads[t];
    const bool drained = thread.buffer.empty();
    State next = state;
    switch (op.kind) {
      case Kind::load:
      case Kind::store:
      case Kind::rmw:
      case Kind::cmpxchg:
        return data(state, std::move(next), t, op);
      case Kind::fence:
        if (!drained) return;
        done(next, t);
        return visit(std::move(next));
      case Kind::wait:
        return wait(std::move(next), t, op);
      case Kind::notify:
        return notify(std::move(next), t, op);
      case Kind::size:
        done(next, t, state.lengths[op.address.memory] / kPageBytes);
        return visit(std::move(next));
      case Kind::grow:
        return grow(std::move(next), t, op);
      case Kind::fill:
      case Kind::copy:
      case Kind::init:
        return bulk(std::move(next), t, op);
      case Kind::branch:
        return;
    }
  }

  void data(const State& state, State next, unsigned t, const Operation& op) {
    const ThreadState& thread = state.threads[t];
    const uint64_t at = address(thread, op.address);
    const bool exchange = op.kind == Kind::rmw || op.kind == Kind::cmpxchg;
    const bool atomic = exchange || op.shape.mode == Mode::atomic;
    const unsigned bits = op.shape.bytes * 8u;
    const uint32_t memory = op.address.memory;
    if ((atomic && at % op.shape.bytes != 0) || !inside(state, memory, at, op.shape.bytes)) {
      return trap(std::move(next), t);
    }
    const uint64_t operand = value(thread, op.value);
    if (op.kind == Kind::store && !atomic) {
      store(next, t, {memory, at, op.shape.bytes, operand});
      done(next, t);
      return visit(std::move(next));
    }
    if ((op.kind == Kind::store || exchange) && !thread.buffer.empty()) return;
    if (op.kind == Kind::store) {
      write(next, {memory, at, op.shape.bytes, operand});
      done(next, t);
      return visit(std::move(next));
    }
    const uint64_t old = read(state, thread, memory, at, op.shape.bytes);
    if (op.kind == Kind::rmw) {
      write(next, {memory, at, op.shape.bytes, result(op.op, old, operand)});
    } else if (op.kind == Kind::cmpxchg && old == low_bits(value(thread, op.expected), bits)) {
      write(next, {memory, at, op.shape.bytes, operand});
    }
    const uint64_t loaded =
        op.shape.sign_extend ? low_bits(extend_sign(old, bits), type_bits(op.shape.type)) : old;
    done(next, t, loaded);
    visit(std::move(next));
  }

  static uint64_t result(RmwOp op, uint64_t old, uint64_t operand) {
    switch (op) {
      case RmwOp::add:
        return old + operand;
      case RmwOp::sub:
        return old - operand;
      case RmwOp::bit_and:
        return old & operand;
      case RmwOp::bit_or:
        return old | operand;
      case RmwOp::bit_xor:
        return old ^ operand;
      case RmwOp::exchange:
        return operand;
    }
    return operand;
  }

  void wait(State next, unsigned t, const Operation& op) {
    const unsigned bytes = type_bits(op.shape.type) / 8;
    const uint64_t at = address(next.threads[t], op.address);
    if (at % bytes != 0 || !inside(next, op.address.memory, at, bytes)) {
      return trap(std::move(next), t);
    }
    const uint64_t seen = read(next, next.threads[t], op.address.memory, at, bytes);
    if (seen != low_bits(value(next.threads[t], op.expected), bytes * 8)) {
      done(next, t, 1);
    } else {
      next.threads[t].status = Status::waiting;
      next.waiters.push_back({op.address.memory, at, t});
    }
    visit(std::move(next));
  }

  void notify(State next, unsigned t, const Operation& op) {
    const uint64_t at = address(next.threads[t], op.address);
    if (at % 4 != 0 || !inside(next, op.address.memory, at, 4)) return trap(std::move(next), t);
    const uint64_t most = low_bits(value(next.threads[t], op.value), 32);
    uint64_t woken = 0;
    for (size_t i = 0; i < next.waiters.size() && woken < most;) {
      const Waiter w = next.waiters[i];
      if (w.memory != op.address.memory || w.address != at) {
        ++i;
        continue;
      }
      next.waiters.erase(next.waiters.begin() + static_cast<std::ptrdiff_t>(i));
      next.threads[w.thread].status = Status::running;
      done(next, w.thread, 0);
      ++woken;
    }
    done(next, t, woken);
    visit(std::move(next));
  }

  void grow(State next, unsigned t, const Operation& op) {
    const uint32_t memory = op.address.memory;
    const uint64_t pages = low_bits(value(next.threads[t], op.value), 32);
    const uint64_t old = next.lengths[memory] / kPageBytes;
    const Type type =
        op.dst == kNoRegister ? Type::i32 : program_.program->threads[t].registers[op.dst].type;
    State failed = next;
    done(failed, t, low_bits(~uint64_t{0}, type_bits(type)));
    visit(std::move(failed));
    if (old + pages > program_.program->memories[memory].maximum_pages) return;
    next.lengths[memory] += pages * kPageBytes;
    done(next, t, old);
    visit(std::move(next));
  }

  // A visible step a byte; a copy takes two. The bounds are those of the first step: the length
  // never shrinks on these machines.
  void bulk(State next, unsigned t, const Operation& op) {
    ThreadState& thread = next.threads[t];
    const uint64_t to = address(thread, op.address), from = address(thread, op.source);
    const bool copy = op.kind == Kind::copy;
    const uint64_t bytes = op.kind == Kind::init ? op.bytes.size() : op.length;
    if (thread.step == 0 && (!inside(next, op.address.memory, to, bytes) ||
                             (copy && !inside(next, op.source.memory, from, bytes)))) {
      return trap(std::move(next), t);
    }
    const uint64_t steps = copy ? 2 * bytes : bytes;
    if (thread.step < steps) {
      uint64_t k = copy ? thread.step / 2 : thread.step;
      if (copy && to > from) k = bytes - 1 - k;
      if (copy && thread.step % 2 == 0) {
        thread.carried = read(next, thread, op.source.memory, from + k, 1);
      } else {
        const uint64_t v = copy                    ? thread.carried
                           : op.kind == Kind::fill ? value(thread, op.value)
                                                   : op.bytes[k];
        thread.carried = 0;
        store(next, t, {op.address.memory, to + k, 1, v & 0xff});
      }
      ++thread.step;
    }
    if (thread.step >= steps) done(next, t);
    visit(std::move(next));
  }

  void record(const State& state) {
    std::vector<uint64_t> key(set_.width(), 0);
    const unsigned slots = program_.slot_count;
    for (unsigned t = 0; t < state.threads.size(); ++t) {
      const ThreadState& thread = state.threads[t];
      const Ending ending = thread.status == Status::finished  ? Ending::finished
                            : thread.status == Status::trapped ? Ending::trapped
                                                               : Ending::waiting;
      key[slots + 1] |= static_cast<uint64_t>(ending) << (2 * t);
      for (size_t r = 0; r < thread.registers.size(); ++r) {
        const int slot = program_.slots[t][r];
        if (slot < 0 || (ending != Ending::finished && !has(thread.assigned, r))) continue;
        key[slot] = thread.registers[r];
        key[slots] |= bit(slot);
      }
    }
    size_t slot = slots - program_.program->observe.size();
    for (const Observation& o : program_.program->observe) {
      uint64_t v = read(state, {}, o.memory, o.address, o.shape.bytes);
      if (o.shape.sign_extend) {
        v = low_bits(extend_sign(v, o.shape.bytes * 8u), type_bits(o.shape.type));
      }
      key[slot] = v;
      key[slots] |= bit(slot++);
    }
    set_.add(key.data(), false);
  }

  static std::string key(const State& state) {
    std::string key;
    const auto put = [&](uint64_t word) {
      key.append(reinterpret_cast<const char*>(&word), sizeof word);
    };
    for (const ThreadState& t : state.threads) {
      put(uint64_t{t.pc} << 32 | uint64_t{t.step} << 8 | static_cast<uint64_t>(t.status));
      put(t.carried);
      put(t.assigned);
      for (const uint64_t r : t.registers) put(r);
      put(t.buffer.size());
      for (const Pending& p : t.buffer) {
        put(uint64_t{p.memory} << 8 | p.bytes);
        put(p.address);
        put(p.value);
      }
    }
    for (const uint64_t l : state.lengths) put(l);
    put(state.waiters.size());
    for (const Waiter& w : state.waiters) {
      put(uint64_t{w.memory} << 32 | w.thread);
      put(w.address);
    }
    for (const auto& [where, byte] : state.bytes) {
      if (byte == 0) continue;
      put(uint64_t{where.first} << 8 | byte);
      put(where.second);
    }
    return key;
  }

  const Lowered& program_;
  const Machine machine_;
  OutcomeSet& set_;
  std::unordered_set<std::string> seen_;
  std::string error_;
};

}  // namespace

Expected<bool> interleave(const Lowered& program, Machine machine, OutcomeSet& set) {
  return Interleaver(program, machine, set).run();
}

}  // namespace weft::model
