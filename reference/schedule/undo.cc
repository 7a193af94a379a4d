#include "reference/schedule/undo.h"

#include "reference/machine/memory.h"

namespace weft::schedule {

using machine::VisibleKind;

void UndoLog::note(const machine::VisibleOp& operation) {
  switch (operation.kind) {
    case VisibleKind::kStore:
    case VisibleKind::kRmw:
    case VisibleKind::kCmpxchg:
    case VisibleKind::kFill:
    case VisibleKind::kCopy:
    case VisibleKind::kInit:
      break;
    case VisibleKind::kGrow:
      entries_.push_back({operation.memory, operation.memory->pages(), 0, 0});
      return;
    default:
      return;
  }
  if (operation.width == 0 || operation.overflows ||
      !operation.memory->in_bounds(operation.address, operation.width)) {
    return;  // will trap and change nothing
  }
  const size_t at = bytes_.size();
  bytes_.resize(at + operation.width);
  (void)operation.memory->copy_out(operation.address, {bytes_.data() + at, operation.width});
  entries_.push_back({operation.memory, operation.address, operation.width, at});
}

void UndoLog::restore() {
  for (size_t i = entries_.size(); i-- > 0;) {
    const Entry& entry = entries_[i];
    if (entry.size == 0) {
      entry.memory->shrink_to(entry.address);
    } else {
      (void)entry.memory->copy_in(entry.address, {bytes_.data() + entry.at, entry.size});
    }
  }
  entries_.clear();
  bytes_.clear();
}

}  // namespace weft::schedule
