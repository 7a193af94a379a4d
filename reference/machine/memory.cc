#include "reference/machine/memory.h"

#include <sys/mman.h>

#include <algorithm>

namespace weft::machine {
namespace {
// In front of byte 0, for the length cell (a page of any size); behind the last byte nothing is
// needed, because bounds are checked.
constexpr size_t kFront = 65536;
// Aligns byte 0 to a page of any size, and keeps an empty reservation valid.
constexpr size_t kBack = 65536;
}  // namespace

Expected<std::shared_ptr<Memory>> Memory::create(const module::MemoryType& type) {
  const uint64_t most = type.limits.is64 ? kMaxPages64 : kMaxPages32;
  if (type.limits.min > most) {
    return fail("memory of {} pages: at most {} pages can be had", type.limits.min, most);
  }
  std::shared_ptr<Memory> memory(new Memory());
  memory->type_ = type;
  memory->capacity_pages_ = std::min(type.limits.max.value_or(most), most);
  memory->mapping_size_ = kFront + memory->capacity_pages_ * kPageSize + kBack;
  void* const mapping = mmap(nullptr, memory->mapping_size_, PROT_NONE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) {
    return fail("memory of {} pages: no address space", memory->capacity_pages_);
  }
  memory->mapping_ = static_cast<uint8_t*>(mapping);
  memory->base_ = memory->mapping_ + kFront;
  if (mprotect(memory->mapping_, kFront, PROT_READ | PROT_WRITE) != 0) {
    return fail("memory of {} pages: no memory", memory->capacity_pages_);
  }
  new (memory->cell()) std::atomic<uint64_t>(0);
  if (memory->grow(type.limits.min) == kGrowFailed) {
    return fail("memory of {} pages: no memory", type.limits.min);
  }
  return memory;
}

Memory::~Memory() {
  if (mapping_) munmap(mapping_, mapping_size_);
}

uint64_t Memory::grow(uint64_t delta_pages) {
  std::lock_guard lock(grow_mutex_);
  const uint64_t before = pages();
  if (refuse_grow_.exchange(false, std::memory_order_relaxed)) return kGrowFailed;
  if (delta_pages > capacity_pages_ - before) return kGrowFailed;
  const uint64_t bytes = (before + delta_pages) * kPageSize;
  if (bytes > committed_) {
    if (mprotect(base_ + committed_, bytes - committed_, PROT_READ | PROT_WRITE) != 0) {
      return kGrowFailed;
    }
    committed_ = bytes;
  }
  // A read-modify-write even when nothing is added: grow is a synchronisation point.
  cell()->exchange(bytes, std::memory_order_seq_cst);
  return before;
}

void Memory::shrink_to(uint64_t new_pages) {
  std::lock_guard lock(grow_mutex_);
  const uint64_t bytes = new_pages * kPageSize;
  if (bytes >= length()) return;
  cell()->store(bytes, std::memory_order_seq_cst);
}

bool Memory::copy_in(uint64_t address, std::span<const uint8_t> from) {
  if (!in_bounds(address, from.size())) return false;
  copy_to_guest(base_ + address, from.data(), from.size());
  return true;
}

bool Memory::copy_out(uint64_t address, std::span<uint8_t> to) const {
  if (!in_bounds(address, to.size())) return false;
  copy_from_guest(to.data(), base_ + address, to.size());
  return true;
}

}  // namespace weft::machine
