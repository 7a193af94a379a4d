// wasi-threads' bookkeeping: thread identifiers. The numbers are unique among living threads and in
// [1, 2^29) (wasi-threads, "Design choice: thread IDs"). Knows no scheduler.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <set>

namespace weft::embed {

class ThreadIds {
 public:
  static constexpr uint32_t kEnd = 1u << 29;

  // `most`: how many may live at once. `first`: for tests of the wrap-around.
  explicit ThreadIds(uint32_t most, uint32_t first = 1) : most_(most), next_(first) {}
  // Empty: as many as may live do.
  std::optional<uint32_t> take();
  void release(uint32_t tid);
  size_t living() const;
  // As after construction with the default `first`.
  void reset();

 private:
  const uint32_t most_;
  mutable std::mutex mutex_;
  uint32_t next_;
  std::set<uint32_t> living_;
};

}  // namespace weft::embed
