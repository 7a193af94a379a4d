// A depth-first walk over the choices of all threads, one after the other; each step appends to the
// one skeleton and takes back what it appended.
#include "reference/model/unroll.h"

#include <algorithm>

namespace weft::model {
namespace {

using Kind = Operation::Kind;
using Item = Skeleton::Item;

// Operations inside a branch depend on the reads that decide it, up to where both parts meet.
struct Scope {
  const Scope* outer;
  unsigned end;
  Mask reads;
};

class Unroller {
 public:
  Unroller(const Lowered& program, const UnrollOptions& options, ExprPool& pool, Skeleton& skeleton,
           const std::function<bool()>& visit)
      : program_(program), options_(options), pool_(pool), skeleton_(skeleton), visit_(visit) {}

  bool run() {
    pool_.clear();
    skeleton_.items.clear();
    skeleton_.demands.clear();
    skeleton_.values.clear();
    skeleton_.endings.assign(program_.threads.size(), Ending::finished);
    registers_.resize(program_.threads.size());
    assigned_.assign(program_.threads.size(), 0);
    parent();
    return thread(0);
  }

  const std::string& error() const { return error_; }

 private:
  // --- appending and taking back ---

  struct Saved {
    size_t items, demands, pool;
  };
  Saved save() const { return {skeleton_.items.size(), skeleton_.demands.size(), pool_.size()}; }
  void restore(const Saved& saved) {
    skeleton_.items.resize(saved.items);
    skeleton_.demands.resize(saved.demands);
    pool_.cut(saved.pool);
  }

  bool refuse(std::string message) {
    if (error_.empty()) error_ = std::move(message);
    return true;
  }

  // Index of the new event; false result through `full_` when there are too many.
  unsigned append(const Item& item) {
    if (skeleton_.items.size() >= Bounds::kEvents) {
      full_ = true;
      refuse(fmt::format("more than {} events in one execution; the model takes at most {}",
                         Bounds::kEvents, Bounds::kEvents));
      return 0;
    }
    skeleton_.items.push_back(item);
    return skeleton_.size() - 1;
  }

  Item item() const {
    Item i;
    i.event.thread = static_cast<int>(thread_);
    i.operation = operation_;
    i.control = waited_;
    i.length_control = checked_;
    for (const Scope* s = scope_; s != nullptr; s = s->outer) i.control |= s->reads;
    return i;
  }

  // --- the parent ---

  void parent() {
    for (size_t m = 0; m < program_.program->memories.size(); ++m) {
      // Allocation: WR(SC, LEN) and WR(INIT, DATA) in one event.
      const uint64_t bytes = program_.program->memories[m].initial_pages * kPageBytes;
      Item i;
      i.event.data = {Act::write, Order::init, false, static_cast<uint8_t>(m), 0, bytes};
      if (program_.grows[m]) {
        i.event.length = {Act::write, Order::seqcst, false, static_cast<uint8_t>(m), 0, 1};
        i.length_written = bytes;
      }
      i.written = pool_.constant(0);
      append(i);
    }
    for (const InitialStore& s : program_.program->init) {
      Item i;
      i.event.data = access(Act::write, s.shape, s.memory, s.address);
      i.written = pool_.constant(s.value);
      append(i);
    }
    skeleton_.parent_events = skeleton_.size();
  }

  static Access access(Act act, const Shape& shape, uint32_t memory, uint64_t address) {
    Access a;
    a.act = act;
    a.order = shape.mode == Mode::atomic ? Order::seqcst : Order::unordered;
    // NOTEARS: integers of at most 32 bits at an aligned address.
    a.no_tears = shape.bytes <= 4 && shape.type != Type::f32 && shape.type != Type::f64 &&
                 address % shape.bytes == 0;
    a.memory = static_cast<uint8_t>(memory);
    a.offset = address;
    a.size = shape.bytes;
    return a;
  }

  // All threads have a path: the observer's reads, then the visitor.
  bool leaf() {
    const Saved saved = save();
    const size_t values = skeleton_.values.size();
    for (unsigned t = 0; t < program_.threads.size(); ++t) {
      const bool finished = skeleton_.endings[t] == Ending::finished;
      for (size_t r = 0; r < program_.slots[t].size(); ++r) {
        const int slot = program_.slots[t][r];
        if (slot >= 0 && (finished || has(assigned_[t], r))) {
          skeleton_.values.push_back({static_cast<unsigned>(slot), registers_[t][r]});
        }
      }
    }
    unsigned slot = program_.slot_count - static_cast<unsigned>(program_.program->observe.size());
    for (const Observation& o : program_.program->observe) {
      Item i;
      i.event.thread = kObserver;
      i.event.data = access(Act::read, o.shape, o.memory, o.address);
      const unsigned e = append(i);
      if (full_) break;
      skeleton_.values.push_back({slot++, loaded(e, o.shape)});
    }
    bool stop = full_;
    if (!full_ && add_wanted()) {
      skeleton_.observer_events = static_cast<unsigned>(program_.program->observe.size());
      finish_skeleton();
      stop = visit_();
    }
    skeleton_.values.resize(values);
    restore(saved);
    return stop;
  }

  // False if this path cannot give the wanted outcome.
  bool add_wanted() {
    if (options_.wanted == nullptr) return true;
    const Outcome& wanted = *options_.wanted;
    for (unsigned t = 0; t < program_.threads.size(); ++t) {
      if (has(wanted.endings_named, t) && wanted.endings[t] != skeleton_.endings[t]) return false;
    }
    Mask present = 0;
    for (const SlotValue& v : skeleton_.values) {
      present |= bit(v.slot);
      if (!has(wanted.present, v.slot)) continue;
      if (!demand(v.value, pool_.constant(wanted.values[v.slot]), true)) return false;
    }
    return (wanted.present & ~present) == 0;
  }

  void finish_skeleton() {
    skeleton_.has_queue = skeleton_.has_dependencies = false;
    for (Item& i : skeleton_.items) {
      i.demands_data = false;
      skeleton_.has_queue |= i.event.queue.act != QueueAct::none;
      skeleton_.has_dependencies |= (i.control | i.length_control) != 0 ||
                                    (i.event.data.writes() && pool_.at(i.written).reads != 0);
    }
    for (const Demand& d : skeleton_.demands) {
      const Expr &left = pool_.at(d.left), &right = pool_.at(d.right);
      if (!d.equal || left.op != Expr::Op::data || right.op != Expr::Op::constant) continue;
      Item& i = skeleton_.items[left.event];
      i.demands_data = true;  // a contradiction with another demand shows when both are evaluated
      i.demanded = right.constant;
    }
  }

  // --- one thread ---

  bool thread(unsigned t) {
    if (t == program_.threads.size()) return leaf();
    const unsigned outer_thread = thread_;
    const Mask outer_waited = waited_, outer_checked = checked_;
    const Scope* outer_scope = scope_;
    thread_ = t;
    waited_ = checked_ = 0;
    scope_ = nullptr;
    const Saved saved = save();
    std::vector<ExprId>& registers = registers_[t];
    registers.assign(program_.slots[t].size(), 0);
    for (ExprId& r : registers) r = pool_.constant(0);
    assigned_[t] = 0;
    const bool stop = walk(0);
    restore(saved);
    thread_ = outer_thread;
    waited_ = outer_waited;
    checked_ = outer_checked;
    scope_ = outer_scope;
    return stop;
  }

  bool end(Ending ending) {
    if (full_) return true;
    if (options_.wanted != nullptr && has(options_.wanted->endings_named, thread_) &&
        options_.wanted->endings[thread_] != ending) {
      return false;
    }
    skeleton_.endings[thread_] = ending;
    // The next thread changes what stands for the current one; put it back for the other choices.
    const unsigned t = thread_;
    const Mask waited = waited_, checked = checked_;
    const Scope* scope = scope_;
    const Operation* operation = operation_;
    const bool stop = thread(t + 1);
    thread_ = t;
    waited_ = waited;
    checked_ = checked;
    scope_ = scope;
    operation_ = operation;
    return stop;
  }

  bool walk(unsigned pc) {
    if (full_) return true;
    const std::vector<Code>& code = program_.threads[thread_];
    const Scope* outer = scope_;
    while (scope_ != nullptr && pc == scope_->end) scope_ = scope_->outer;
    while (pc < code.size() && code[pc].kind == Code::Kind::jump) {
      pc = code[pc].target;
      while (scope_ != nullptr && pc == scope_->end) scope_ = scope_->outer;
    }
    bool stop;
    if (pc == code.size()) {
      stop = end(Ending::finished);
    } else if (code[pc].kind == Code::Kind::branch) {
      stop = branch(code[pc], pc);
    } else {
      const Operation* before = operation_;
      operation_ = code[pc].operation;
      stop = operation(*operation_, pc);
      operation_ = before;
    }
    scope_ = outer;
    return stop;
  }

  // Adds what the path demands; false if it cannot hold.
  bool demand(ExprId left, ExprId right, bool equal) {
    if (pool_.is_constant(left) && pool_.is_constant(right)) {
      return (pool_.at(left).constant == pool_.at(right).constant) == equal;
    }
    if (pool_.is_constant(left)) std::swap(left, right);
    skeleton_.demands.push_back({left, right, equal});
    return true;
  }

  bool branch(const Code& code, unsigned pc) {
    const Operation& op = *code.operation;
    const unsigned bits = branch_bits(program_.program->threads[thread_], op);
    for (const bool taken : {true, false}) {
      const Saved saved = save();
      const ExprId left = pool_.wrap(value(op.left), bits);
      const ExprId right = pool_.wrap(value(op.right), bits);
      bool stop = false;
      if (demand(left, right, taken == op.equal)) {
        const Scope scope{scope_, code.end, pool_.at(left).reads | pool_.at(right).reads};
        const Scope* outer = scope_;
        scope_ = &scope;
        stop = walk(taken ? pc + 1 : code.target);
        scope_ = outer;
      }
      restore(saved);
      if (stop) return true;
    }
    return false;
  }

  ExprId value(const Operand& operand) {
    if (operand.terms.size() == 1) return term(operand.terms[0]);
    ExprId sum = pool_.constant(0);
    for (const Term& t : operand.terms) {
      sum = pool_.binary(t.op == Term::Op::add ? Expr::Op::add : Expr::Op::bit_xor, sum, term(t));
    }
    return sum;
  }
  ExprId term(const Term& t) {
    return t.is_register ? registers_[thread_][t.reg] : pool_.constant(t.constant);
  }

  // False after refusing: the address depends on a value read.
  bool address(const Address& address, uint64_t& result) {
    const ExprId id = value(address.operand);
    if (!pool_.is_constant(id)) {
      refuse(
          fmt::format("thread {}: an address that depends on a value read; the model takes "
                      "constant addresses (`r ^ r` may stand in them)",
                      thread_));
      full_ = true;
      return false;
    }
    result = pool_.at(id).constant + address.offset;
    return true;
  }

  ExprId loaded(unsigned event, const Shape& shape) {
    const ExprId raw = pool_.data(event);
    if (!shape.sign_extend) return raw;
    return pool_.sign_extend(raw, shape.bytes * 8u, type_bits(shape.type));
  }

  // Goes on with `dst = v`.
  bool assign_and_walk(uint32_t dst, ExprId v, unsigned pc) {
    if (dst == kNoRegister) return walk(pc + 1);
    const unsigned t = thread_;
    const ExprId before = registers_[t][dst];
    const Mask assigned = assigned_[t];
    registers_[t][dst] = v;
    assigned_[t] |= bit(dst);
    const bool stop = walk(pc + 1);
    registers_[t][dst] = before;
    assigned_[t] = assigned;
    return stop;
  }

  // --- bounds ---

  // The check as RD(UN, LEN): unordered even for atomic instructions.
  static Access length_read(uint32_t memory) {
    return {Act::read, Order::unordered, false, static_cast<uint8_t>(memory), 0, 1};
  }

  bool trap() { return end(Ending::trapped); }

  // Tries "out of bounds" and leaves `i` with the read of LEN that says "inside"; false in `inside`
  // if that cannot be.
  bool check_bounds(Item& i, uint32_t memory, uint64_t address, uint64_t bytes, bool& inside,
                    bool may_trap = true) {
    const Bound b = program_.bound(memory, address, bytes);
    inside = b != Bound::outside;
    if (b == Bound::inside) return false;
    if (b == Bound::outside) return trap();
    i.event.length = length_read(memory);
    const uint64_t needed = address + bytes;
    if (may_trap) {
      Item outside = i;
      outside.event.data = {};
      outside.length_most = needed - 1;
      const Saved saved = save();
      append(outside);
      const bool stop = trap();
      restore(saved);
      if (stop) return true;
    }
    i.length_least = needed;
    return false;
  }

  // Appends the event of a checked access; what follows in the thread depends on the check.
  unsigned append_checked(const Item& i) {
    const unsigned e = append(i);
    if (i.event.length.act != Act::none) checked_ |= bit(e);
    return e;
  }

  // --- instructions ---

  bool operation(const Operation& op, unsigned pc) {
    const Saved saved = save();
    const Mask waited = waited_, checked = checked_;
    bool stop = false;
    switch (op.kind) {
      case Kind::load:
      case Kind::store:
      case Kind::rmw:
      case Kind::cmpxchg:
        stop = data_access(op, pc);
        break;
      case Kind::fence:
        stop = fence(pc);
        break;
      case Kind::wait:
        stop = wait(op, pc);
        break;
      case Kind::notify:
        stop = notify(op, pc);
        break;
      case Kind::size:
        stop = size(op, pc);
        break;
      case Kind::grow:
        stop = grow(op, pc);
        break;
      case Kind::fill:
      case Kind::copy:
      case Kind::init:
        stop = bulk(op, pc);
        break;
      case Kind::branch:
        break;  // lowered to its own code
    }
    waited_ = waited;
    checked_ = checked;
    restore(saved);
    return stop;
  }

  bool data_access(const Operation& op, unsigned pc) {
    uint64_t at = 0;
    if (!address(op.address, at)) return true;
    Shape shape = op.shape;
    if (op.kind == Kind::rmw || op.kind == Kind::cmpxchg) shape.mode = Mode::atomic;
    if (shape.mode == Mode::atomic && at % shape.bytes != 0) return trap();
    Item i = item();
    bool inside = false;
    if (check_bounds(i, op.address.memory, at, shape.bytes, inside)) return true;
    if (!inside) return false;
    const unsigned bits = shape.bytes * 8u;
    if (op.kind == Kind::load) {
      i.event.data = access(Act::read, shape, op.address.memory, at);
      const unsigned e = append_checked(i);
      return assign_and_walk(op.dst, loaded(e, shape), pc);
    }
    if (op.kind == Kind::store) {
      i.event.data = access(Act::write, shape, op.address.memory, at);
      i.written = value(op.value);
      append_checked(i);
      return walk(pc + 1);
    }
    if (op.kind == Kind::rmw) {
      i.event.data = access(Act::rmw, shape, op.address.memory, at);
      const unsigned e = append_checked(i);
      if (full_) return true;
      const ExprId old = pool_.data(e);
      skeleton_.items[e].written = pool_.rmw(op.op, old, value(op.value));
      return assign_and_walk(op.dst, old, pc);
    }
    // A compare-exchange that fails is only an SC read.
    for (const bool success : {true, false}) {
      const Saved saved = save();
      const Mask waited = waited_, checked = checked_;
      i.event.data = access(success ? Act::rmw : Act::read, shape, op.address.memory, at);
      const unsigned e = append_checked(i);
      if (full_) return true;
      const ExprId old = pool_.data(e);
      bool stop = false;
      if (demand(old, pool_.wrap(value(op.expected), bits), success)) {
        skeleton_.items[e].reads_first = true;
        if (success) skeleton_.items[e].written = value(op.value);
        stop = assign_and_walk(op.dst, old, pc);
      }
      waited_ = waited;
      checked_ = checked;
      restore(saved);
      if (stop) return true;
    }
    return false;
  }

  bool fence(unsigned pc) {
    if (options_.fences) {
      Item i = item();
      i.event.queue.act = QueueAct::fence;
      append(i);
    }
    return walk(pc + 1);
  }

  bool wait(const Operation& op, unsigned pc) {
    uint64_t at = 0;
    if (!address(op.address, at)) return true;
    Shape shape{op.shape.type, static_cast<uint8_t>(type_bits(op.shape.type) / 8), Mode::atomic};
    if (at % shape.bytes != 0) return trap();
    Item i = item();
    bool inside = false;
    if (check_bounds(i, op.address.memory, at, shape.bytes, inside)) return true;
    if (!inside) return false;
    i.event.data = access(Act::read, shape, op.address.memory, at);
    const Queueing queue{QueueAct::wait, static_cast<uint8_t>(op.address.memory), at};
    enum Way { differs, woken, timed_out, for_ever };
    for (const Way way : {differs, woken, timed_out, for_ever}) {
      if (way == timed_out && !op.has_timeout) continue;
      if (way == woken && program_.notifies == 0) continue;
      const Saved saved = save();
      const Mask waited = waited_, checked = checked_;
      i.event.queue = way == differs ? Queueing{} : queue;
      const unsigned e = append_checked(i);
      if (full_) return true;
      waited_ |= bit(e);
      bool stop = false;
      const ExprId expected = pool_.wrap(value(op.expected), shape.bytes * 8u);
      if (demand(pool_.data(e), expected, way != differs)) {
        if (way == for_ever) {
          stop = end(Ending::waiting);
        } else {
          uint64_t result = 1;
          if (way != differs) {
            Item later = item();
            later.event.queue = queue;
            later.event.queue.act = way == woken ? QueueAct::woken : QueueAct::timeout;
            result = way == woken ? 0 : 2;
            waited_ |= bit(append(later));
          }
          stop = assign_and_walk(op.dst, pool_.constant(result), pc);
        }
      }
      waited_ = waited;
      checked_ = checked;
      restore(saved);
      if (stop) return true;
    }
    return false;
  }

  bool notify(const Operation& op, unsigned pc) {
    uint64_t at = 0;
    if (!address(op.address, at)) return true;
    if (at % 4 != 0) return trap();
    const ExprId most = pool_.wrap(value(op.value), 32);
    if (!pool_.is_constant(most)) {
      full_ = true;
      return refuse(
          fmt::format("thread {}: a notify count that depends on a value read; the model "
                      "takes constants",
                      thread_));
    }
    Item i = item();
    bool inside = false;
    if (check_bounds(i, op.address.memory, at, 4, inside)) return true;
    if (!inside) return false;
    const uint64_t count = pool_.at(most).constant;
    for (uint64_t j = 0; j <= std::min<uint64_t>(count, program_.waits); ++j) {
      const Saved saved = save();
      const Mask waited = waited_, checked = checked_;
      i.event.queue = {QueueAct::notify, static_cast<uint8_t>(op.address.memory), at,
                       static_cast<uint32_t>(j), static_cast<uint32_t>(count)};
      const unsigned e = append_checked(i);
      const bool stop = assign_and_walk(op.dst, pool_.known(j, e), pc);
      waited_ = waited;
      checked_ = checked;
      restore(saved);
      if (stop) return true;
    }
    return false;
  }

  bool size(const Operation& op, unsigned pc) {
    const uint32_t memory = op.address.memory;
    if (!program_.grows[memory]) {
      const uint64_t pages = program_.program->memories[memory].initial_pages;
      return assign_and_walk(op.dst, pool_.constant(pages), pc);
    }
    Item i = item();
    i.event.length = {Act::read, Order::seqcst, false, static_cast<uint8_t>(memory), 0, 1};
    const unsigned e = append(i);
    return assign_and_walk(op.dst, pool_.length_pages(e), pc);
  }

  // Success is an RMW of LEN and the unordered zeros of the new pages, in one event; failure, which
  // is always possible, an SC read of LEN.
  bool grow(const Operation& op, unsigned pc) {
    const uint32_t memory = op.address.memory;
    const uint64_t pages = low_bits(pool_.at(value(op.value)).constant, 32);
    const uint64_t maximum = program_.program->memories[memory].maximum_pages * kPageBytes;
    for (const uint64_t old : program_.lengths[memory]) {
      if (old + pages * kPageBytes > maximum) continue;
      const Saved saved = save();
      Item i = item();
      i.event.length = {Act::rmw, Order::seqcst, false, static_cast<uint8_t>(memory), 0, 1};
      i.length_least = i.length_most = old;
      i.length_written = old + pages * kPageBytes;
      if (pages > 0) {
        i.event.data = {Act::write, Order::unordered,  false, static_cast<uint8_t>(memory),
                        old,        pages * kPageBytes};
      }
      i.written = pool_.constant(0);
      i.reads_first = true;
      const unsigned e = append(i);
      const bool stop = assign_and_walk(op.dst, pool_.known(old / kPageBytes, e), pc);
      restore(saved);
      if (stop) return true;
    }
    Item i = item();
    i.event.length = {Act::read, Order::seqcst, false, static_cast<uint8_t>(memory), 0, 1};
    append(i);
    const Type type = op.dst == kNoRegister
                          ? Type::i32
                          : program_.program->threads[thread_].registers[op.dst].type;
    return assign_and_walk(op.dst, pool_.constant(low_bits(~uint64_t{0}, type_bits(type))), pc);
  }

  // fill, copy, init: one byte after the other, each step with its own bounds check of the rest.
  bool bulk(const Operation& op, unsigned pc) {
    uint64_t to = 0, from = 0;
    if (!address(op.address, to)) return true;
    if (op.kind == Kind::copy && !address(op.source, from)) return true;
    const uint64_t bytes = op.kind == Kind::init ? op.bytes.size() : op.length;
    const ExprId filled = op.kind == Kind::fill ? pool_.wrap(value(op.value), 8) : 0;
    return bulk_step(op, pc, to, from, bytes, 0, filled);
  }

  bool bulk_step(const Operation& op, unsigned pc, uint64_t to, uint64_t from, uint64_t bytes,
                 uint64_t step, ExprId filled) {
    const bool copy = op.kind == Kind::copy;
    const bool ascending = !copy || to <= from;
    // The last step of a copy checks nothing; that of fill and init does.
    if (step == bytes && copy && bytes > 0) return walk(pc + 1);
    const Saved saved = save();
    const Mask waited = waited_, checked = checked_;
    const bool may_trap = step == 0 || options_.split_bulk;
    const uint64_t rest = ascending ? bytes : bytes - step;
    bool inside = true, stop = false;
    Item check = item();
    stop = check_bounds(check, op.address.memory, to, rest, inside, may_trap);
    if (!stop && inside && check.event.length.act != Act::none) append_checked(check);
    if (!stop && inside && copy) {
      Item second = item();
      stop = check_bounds(second, op.source.memory, from, rest, inside, may_trap);
      if (!stop && inside && second.event.length.act != Act::none) append_checked(second);
    }
    if (!stop && inside) {
      if (step == bytes) {
        stop = walk(pc + 1);
      } else {
        const uint64_t k = ascending ? step : bytes - 1 - step;
        const Shape byte{Type::i32, 1, Mode::plain};
        ExprId written = filled;
        if (copy) {
          Item load = item();
          load.event.data = access(Act::read, byte, op.source.memory, from + k);
          const unsigned e = append(load);
          written = pool_.data(e);
        } else if (op.kind == Kind::init) {
          written = pool_.constant(op.bytes[k]);
        }
        Item store = item();
        store.event.data = access(Act::write, byte, op.address.memory, to + k);
        store.written = written;
        append(store);
        stop = full_ || bulk_step(op, pc, to, from, bytes, step + 1, filled);
      }
    }
    waited_ = waited;
    checked_ = checked;
    restore(saved);
    return stop;
  }

  const Lowered& program_;
  const UnrollOptions& options_;
  ExprPool& pool_;
  Skeleton& skeleton_;
  const std::function<bool()>& visit_;
  std::string error_;
  bool full_ = false;

  unsigned thread_ = 0;
  const Operation* operation_ = nullptr;
  const Scope* scope_ = nullptr;
  Mask waited_ = 0;   // waits without which the thread would not have come so far
  Mask checked_ = 0;  // bounds checks, likewise
  std::vector<std::vector<ExprId>> registers_;
  std::vector<Mask> assigned_;
};

}  // namespace

Expected<bool> unroll(const Lowered& program, const UnrollOptions& options, ExprPool& pool,
                      Skeleton& skeleton, const std::function<bool()>& visit) {
  Unroller unroller(program, options, pool, skeleton, visit);
  const bool stopped = unroller.run();
  if (!unroller.error().empty()) return tl::unexpected<Error>(Error{unroller.error()});
  return stopped;
}

}  // namespace weft::model
