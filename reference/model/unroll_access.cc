// What loads, stores, RMW and compare-exchange emit, the bounds check that a grow can decide, and
// memory.size and memory.grow (threads proposal, exec/instructions).
#include "reference/model/unroller.h"

namespace weft::model {

Access Unroller::access(Act act, const Shape& shape, uint32_t memory, uint64_t address) {
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

ExprId Unroller::value(const Operand& operand) {
  if (operand.terms.size() == 1) return term(operand.terms[0]);
  ExprId sum = pool_.constant(0);
  for (const Term& t : operand.terms) {
    sum = pool_.binary(t.op == Term::Op::add ? Expr::Op::add : Expr::Op::bit_xor, sum, term(t));
  }
  return sum;
}

bool Unroller::address(const Address& address, uint64_t& result) {
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

ExprId Unroller::loaded(unsigned event, const Shape& shape) {
  const ExprId raw = pool_.data(event);
  if (!shape.sign_extend) return raw;
  return pool_.sign_extend(raw, shape.bytes * 8u, type_bits(shape.type));
}

bool Unroller::assign_and_walk(uint32_t dst, ExprId v, unsigned pc) {
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

bool Unroller::check_bounds(Item& i, uint32_t memory, uint64_t address, uint64_t bytes,
                            bool& inside, bool may_trap) {
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

unsigned Unroller::append_checked(const Item& i) {
  const unsigned e = append(i);
  if (i.event.length.act != Act::none) checked_ |= bit(e);
  return e;
}

bool Unroller::data_access(const Operation& op, unsigned pc) {
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

bool Unroller::size(const Operation& op, unsigned pc) {
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

bool Unroller::grow(const Operation& op, unsigned pc) {
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
  const Type type =
      op.dst == kNoRegister ? Type::i32 : program_.program->threads[thread_].registers[op.dst].type;
  return assign_and_walk(op.dst, pool_.constant(low_bits(~uint64_t{0}, type_bits(type))), pc);
}

}  // namespace weft::model
