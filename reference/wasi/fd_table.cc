#include "reference/wasi/fd_table.h"

#include <algorithm>

namespace weft::wasi {

Errno FdTable::insert(std::shared_ptr<Descriptor> descriptor, uint32_t& number) {
  const std::lock_guard lock(mutex_);
  while (first_free_ < entries_.size() && entries_[first_free_]) first_free_++;
  if (first_free_ >= kLimit) return Errno::nfile;
  if (first_free_ == entries_.size()) entries_.emplace_back();
  entries_[first_free_] = std::move(descriptor);
  number = first_free_++;
  return Errno::success;
}

std::shared_ptr<Descriptor> FdTable::get(uint32_t number) const {
  const std::lock_guard lock(mutex_);
  return number < entries_.size() ? entries_[number] : nullptr;
}

Errno FdTable::close(uint32_t number) {
  std::shared_ptr<Descriptor> old;  // destroyed outside the lock: closing may take time
  {
    const std::lock_guard lock(mutex_);
    if (number >= entries_.size() || !entries_[number]) return Errno::badf;
    old = std::move(entries_[number]);
    entries_[number] = nullptr;
    first_free_ = std::min(first_free_, number);
  }
  old->mark_closed();
  return Errno::success;
}

Errno FdTable::renumber(uint32_t from, uint32_t to) {
  std::shared_ptr<Descriptor> old;
  {
    const std::lock_guard lock(mutex_);
    if (from >= entries_.size() || !entries_[from]) return Errno::badf;
    if (to >= entries_.size() || !entries_[to]) return Errno::badf;
    if (from == to) return Errno::success;
    old = std::move(entries_[to]);
    entries_[to] = std::move(entries_[from]);
    entries_[from] = nullptr;
    first_free_ = std::min(first_free_, from);
  }
  old->mark_closed();
  return Errno::success;
}

void FdTable::clear() {
  const std::lock_guard lock(mutex_);
  entries_.clear();
  first_free_ = 0;
}

size_t FdTable::open_count() const {
  const std::lock_guard lock(mutex_);
  size_t count = 0;
  for (const auto& entry : entries_) count += entry != nullptr;
  return count;
}

}  // namespace weft::wasi
