// One linear memory: its bytes, its length cell and its wait queues (core spec 4.2.8; threads
// proposal). Reserved once and committed as it grows, so it never moves and a racing access never
// meets a stale copy. Knows no instructions, no instances and no OS threads.
//
// Thread-safe throughout. Addresses and sizes are in bytes unless a name says pages (65,536 bytes).
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>

#include "reference/base/expected.h"
#include "reference/machine/bytes.h"
#include "reference/machine/wait_queue.h"
#include "reference/module/module.h"

namespace weft::machine {

inline constexpr uint64_t kPageSize = 65536;
inline constexpr uint64_t kMaxPages32 = 65536;                       // 4 GiB
inline constexpr uint64_t kMaxPages64 = (uint64_t{16} << 30) >> 16;  // our limit: 16 GiB
inline constexpr uint64_t kGrowFailed = ~uint64_t{0};

class Memory {
 public:
  // Errors: the minimum is beyond what we reserve, or the system refuses the reservation.
  static Expected<std::shared_ptr<Memory>> create(const module::MemoryType& type);
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  bool is_shared() const { return type_.limits.shared; }
  bool is_64() const { return type_.limits.is64; }
  // As declared where it was defined; matching uses the current size instead of its minimum.
  const module::MemoryType& type() const { return type_; }

  // The length cell, read seq_cst (memory.size). Bounds checks read it relaxed: bound().
  uint64_t length() const { return cell()->load(std::memory_order_seq_cst); }
  uint64_t pages() const { return length() / kPageSize; }
  uint64_t bound() const { return cell()->load(std::memory_order_relaxed); }

  // memory.grow: one atomic step. Returns the previous size in pages, or kGrowFailed without
  // effect (beyond the declared maximum or ours, or no memory to be had).
  uint64_t grow(uint64_t delta_pages);

  // The next grow fails without effect, as if there were no memory to be had: for schedulers that
  // try both outcomes.
  void refuse_next_grow() { refuse_grow_.store(true, std::memory_order_relaxed); }

  // Byte 0. The length cell lies kCellOffset bytes before it, so that one pointer gives the
  // interpreter both.
  uint8_t* base() const { return base_; }
  static constexpr size_t kCellOffset = 64;
  static std::atomic<uint64_t>* cell_of(uint8_t* base) {
    return reinterpret_cast<std::atomic<uint64_t>*>(base - kCellOffset);
  }

  bool in_bounds(uint64_t address, uint64_t size) const {
    const uint64_t bytes = bound();
    return size <= bytes && address <= bytes - size;
  }

  // Host access: bounds-checked for the whole range first, then relaxed byte-safe copies. False:
  // out of bounds, nothing done. A host call never hands a guest pointer to the kernel.
  [[nodiscard]] bool copy_in(uint64_t address, std::span<const uint8_t> from);
  [[nodiscard]] bool copy_out(uint64_t address, std::span<uint8_t> to) const;

  // One little-endian integer (uint8_t ... uint64_t). Empty / false: out of bounds.
  template <typename T>
  std::optional<T> read(uint64_t address) const {
    if (!in_bounds(address, sizeof(T))) return std::nullopt;
    return load_relaxed<T>(base_ + address);
  }
  template <typename T>
  [[nodiscard]] bool write(uint64_t address, T value) {
    if (!in_bounds(address, sizeof(T))) return false;
    store_relaxed<T>(base_ + address, value);
    return true;
  }

  WaitQueues& queues() { return queues_; }
  const WaitQueues& queues() const { return queues_; }

  // For schedulers that run the same program again and again (one OS thread, nobody running):
  // sets the length back to `pages` (at most the current size). The caller has put the bytes beyond
  // back to zero, which they are to be when it grows again.
  void shrink_to(uint64_t pages);
  // What it may grow to.
  uint64_t capacity_pages() const { return capacity_pages_; }

 private:
  Memory() = default;
  std::atomic<uint64_t>* cell() const { return cell_of(base_); }

  module::MemoryType type_;
  uint64_t capacity_pages_ = 0;  // what may be grown to
  uint64_t committed_ = 0;       // bytes that are readable and writable; guarded by grow_mutex_
  uint8_t* base_ = nullptr;
  uint8_t* mapping_ = nullptr;
  size_t mapping_size_ = 0;
  std::mutex grow_mutex_;
  std::atomic<bool> refuse_grow_{false};
  WaitQueues queues_;
};

}  // namespace weft::machine
