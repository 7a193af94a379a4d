// What wait, notify and fence emit: the actions of queues, and every way in which a wait can end.
#include "reference/model/unroller.h"

namespace weft::model {

bool Unroller::fence(unsigned pc) {
  if (options_.fences) {
    Item i = item();
    i.event.queue.act = QueueAct::fence;
    append(i);
  }
  return walk(pc + 1);
}

bool Unroller::wait(const Operation& op, unsigned pc) {
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

bool Unroller::notify(const Operation& op, unsigned pc) {
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

}  // namespace weft::model
