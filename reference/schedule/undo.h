// What an execution overwrote in memories, so that the same program can run again from the same
// bytes. Saves a chunk of a memory when it is first written to. Keeps its storage: after the first
// executions nothing is allocated. One OS thread at a time, and nobody else may write to the
// memories. Knows no program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "reference/machine/memory.h"
#include "reference/machine/visible.h"

namespace weft::schedule {

class UndoLog {
 public:
  UndoLog();
  ~UndoLog();
  UndoLog(const UndoLog&) = delete;
  UndoLog& operator=(const UndoLog&) = delete;

  // From now on restore() brings this memory back to its present bytes and length. What is written
  // to memories that were not added is not noted. It must outlive the log.
  void add(machine::Memory& memory);

  // Before `operation` is performed.
  void note(const machine::VisibleOp& operation);
  // Before `size` bytes are written; a range that is out of bounds is one that traps and changes
  // nothing.
  void note_write(machine::Memory& memory, uint64_t address, uint64_t size) {
    Kept* const kept = find(memory);
    if (!kept || size == 0 || !memory.in_bounds(address, size)) return;
    const uint64_t last = (address + size - 1) / kChunk;
    for (uint64_t chunk = address / kChunk; chunk <= last; chunk++) {
      if (!kept->is_saved[chunk]) save(*kept, chunk);
    }
  }
  // Puts everything back, lengths included, and forgets it.
  void restore();

 private:
  static constexpr size_t kChunk = 64;  // bytes; divides a page
  struct Saved {
    uint64_t chunk;
    uint8_t bytes[kChunk];
  };
  struct Kept {
    machine::Memory* memory;
    uint64_t pages;
    uint8_t* is_saved;  // by chunk; mapped, touched as needed
    size_t mapped;      // bytes
    std::vector<Saved> saved;
    // Chunks that were zero, as most of what big fills and copies overwrite: runs of them.
    struct Run {
      uint64_t first, end;
    };
    std::vector<Run> zero;
  };

  Kept* find(const machine::Memory& memory) {
    for (Kept& kept : kept_) {
      if (kept.memory == &memory) return &kept;
    }
    return nullptr;
  }
  static void save(Kept& kept, uint64_t chunk);

  std::vector<Kept> kept_;  // few
};

}  // namespace weft::schedule
