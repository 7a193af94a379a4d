// Tables: reserved once, so that an element never moves under another thread.
#include <sys/mman.h>

#include <algorithm>

#include "reference/machine/instance.h"

namespace weft::machine {
namespace {
constexpr uint64_t kMostElements = 10'000'000;  // as browsers have it (JavaScript API, limits)
}

Expected<std::shared_ptr<Table>> Table::create(const module::TableType& type, uint64_t init) {
  if (type.limits.min > kMostElements) {
    return fail("table of {} elements: at most {} can be had", type.limits.min, kMostElements);
  }
  std::shared_ptr<Table> table(new Table());
  table->type_ = type;
  table->capacity_ = std::min(type.limits.max.value_or(kMostElements), kMostElements);
  table->mapped_ = std::max<size_t>(table->capacity_ * sizeof(uint64_t), 1);
  void* const mapping = mmap(nullptr, table->mapped_, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) {
    return fail("table of {} elements: no address space", type.limits.min);
  }
  table->cells_ = static_cast<std::atomic<uint64_t>*>(mapping);
  table->grow(type.limits.min, init);
  return table;
}

Table::~Table() {
  if (cells_) munmap(cells_, mapped_);
}

uint64_t Table::grow(uint64_t delta, uint64_t init) {
  std::lock_guard lock(grow_mutex_);
  const uint64_t before = size();
  if (delta > capacity_ - before) return kGrowFailed;
  if (init != kNullRef) {
    for (uint64_t i = before; i < before + delta; ++i) set(i, init);
  }
  size_.store(before + delta, std::memory_order_release);
  return before;
}

void Table::put_back(std::span<const uint64_t> elements) {
  for (uint64_t i = 0; i < elements.size(); ++i) set(i, elements[i]);
  for (uint64_t i = elements.size(); i < size(); ++i) set(i, kNullRef);  // grow expects it
  size_.store(elements.size(), std::memory_order_release);
}

}  // namespace weft::machine
