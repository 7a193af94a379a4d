// What the visible operations of one execution overwrote, so that the same agents can run again
// from the same memory. Keeps its storage: after the first executions nothing is allocated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "reference/machine/visible.h"

namespace weft::schedule {

class UndoLog {
 public:
  // Before `operation` is performed.
  void note(const machine::VisibleOp& operation);
  // Puts everything back, newest first, lengths included, and forgets it.
  void restore();

 private:
  struct Entry {
    machine::Memory* memory;
    uint64_t address;
    uint64_t size;  // bytes; 0: the length in pages is in `address`
    size_t at;      // in bytes_
  };
  std::vector<Entry> entries_;
  std::vector<uint8_t> bytes_;
};

}  // namespace weft::schedule
