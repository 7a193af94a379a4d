// fill, copy and init, one byte after the other as the specification has them.
#include "reference/model/unroller.h"

namespace weft::model {

bool Unroller::bulk(const Operation& op, unsigned pc) {
  uint64_t to = 0, from = 0;
  if (!address(op.address, to)) return true;
  if (op.kind == Kind::copy && !address(op.source, from)) return true;
  const uint64_t bytes = op.kind == Kind::init ? op.bytes.size() : op.length;
  const ExprId filled = op.kind == Kind::fill ? pool_.wrap(value(op.value), 8) : 0;
  return bulk_step(op, pc, to, from, bytes, 0, filled);
}

bool Unroller::bulk_step(const Operation& op, unsigned pc, uint64_t to, uint64_t from,
                         uint64_t bytes, uint64_t step, ExprId filled) {
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

}  // namespace weft::model
