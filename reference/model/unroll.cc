// A depth-first walk over the choices of all threads, one after the other: the parent, control
// flow, the observer, and what a wanted outcome lets be left out.
#include "reference/model/unroller.h"

namespace weft::model {

bool Unroller::run() {
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

void Unroller::parent() {
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

bool Unroller::leaf() {
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

bool Unroller::add_wanted() {
  if (options_.wanted == nullptr) return true;
  const Outcome& wanted = *options_.wanted;
  Mask present = 0;
  for (const SlotValue& v : skeleton_.values) {
    present |= bit(v.slot);
    if (!has(wanted.present, v.slot)) continue;
    if (!demand(v.value, pool_.constant(wanted.values[v.slot]), true)) return false;
  }
  return (wanted.present & ~present) == 0;
}

void Unroller::finish_skeleton() {
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

bool Unroller::thread(unsigned t) {
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

bool Unroller::end(Ending ending) {
  if (full_) return true;
  // A wanted ending is asked for here, and nowhere else.
  if (options_.wanted != nullptr && has(options_.wanted->endings_named, thread_) &&
      options_.wanted->endings[thread_] != ending) {
    return false;
  }
  skeleton_.endings[thread_] = ending;
  return thread(thread_ + 1);
}

bool Unroller::walk(unsigned pc) {
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

bool Unroller::branch(const Code& code, unsigned pc) {
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

bool Unroller::operation(const Operation& op, unsigned pc) {
  const Saved saved = save();
  const Mask checked = checked_;
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
  checked_ = checked;
  restore(saved);
  return stop;
}

Expected<bool> unroll(const Lowered& program, const UnrollOptions& options, ExprPool& pool,
                      Skeleton& skeleton, const std::function<bool()>& visit) {
  Unroller unroller(program, options, pool, skeleton, visit);
  const bool stopped = unroller.run();
  if (!unroller.error().empty()) return tl::unexpected<Error>(Error{unroller.error()});
  return stopped;
}

}  // namespace weft::model
