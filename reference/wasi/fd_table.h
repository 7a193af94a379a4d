// The table of descriptors, common to all threads of a program (P1-009). Each operation is one
// atomic step, so that concurrent open, close and renumber never hand out the wrong object. Knows
// no guest memory.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "reference/wasi/descriptor.h"

namespace weft::wasi {

class FdTable {
 public:
  static constexpr uint32_t kLimit = 1u << 16;  // numbers, well below 2^31

  // Gives it the lowest unused number; nfile where the table is full. On failure nothing is kept.
  Errno insert(std::shared_ptr<Descriptor> descriptor, uint32_t& number);
  // Empty where the number is not in use.
  std::shared_ptr<Descriptor> get(uint32_t number) const;
  Errno close(uint32_t number);
  // What `from` names is named by `to` from now on, and what `to` named is closed; both numbers
  // must be in use (preview1: fd_renumber).
  Errno renumber(uint32_t from, uint32_t to);
  size_t open_count() const;
  // No number is in use any more. Nobody waits for a descriptor.
  void clear();

 private:
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<Descriptor>> entries_;
  uint32_t first_free_ = 0;  // no unused number lies below
};

}  // namespace weft::wasi
