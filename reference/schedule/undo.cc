#include "reference/schedule/undo.h"

#include <sys/mman.h>

#include <cstring>
#include <new>

namespace weft::schedule {

using machine::VisibleKind;

UndoLog::UndoLog() = default;

UndoLog::~UndoLog() {
  for (const Kept& kept : kept_) munmap(kept.is_saved, kept.mapped);
}

void UndoLog::add(machine::Memory& memory) {
  if (find(memory)) return;
  const size_t chunks = memory.capacity_pages() * (machine::kPageSize / kChunk);
  const size_t bytes = chunks > 0 ? chunks : 1;
  void* const mapping = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) throw std::bad_alloc();
  kept_.push_back({&memory, memory.pages(), static_cast<uint8_t*>(mapping), bytes, {}});
}

void UndoLog::note(const machine::VisibleOp& operation) {
  switch (operation.kind) {
    case VisibleKind::kStore:
    case VisibleKind::kRmw:
    case VisibleKind::kCmpxchg:
    case VisibleKind::kFill:
    case VisibleKind::kCopy:
    case VisibleKind::kInit:
      if (!operation.overflows) note_write(*operation.memory, operation.address, operation.width);
      break;
    default:
      break;
  }
}

// Nobody else runs: plain copies.
void UndoLog::save(Kept& kept, uint64_t chunk) {
  static constexpr uint8_t kZero[kChunk] = {};
  const uint8_t* const bytes = kept.memory->base() + chunk * kChunk;
  kept.is_saved[chunk] = 1;
  if (std::memcmp(bytes, kZero, kChunk) != 0) {
    Saved& saved = kept.saved.emplace_back();
    saved.chunk = chunk;
    std::memcpy(saved.bytes, bytes, kChunk);
  } else if (!kept.zero.empty() && kept.zero.back().end == chunk) {
    kept.zero.back().end++;
  } else {
    kept.zero.push_back({chunk, chunk + 1});
  }
}

void UndoLog::restore() {
  for (Kept& kept : kept_) {
    for (const Saved& saved : kept.saved) {
      std::memcpy(kept.memory->base() + saved.chunk * kChunk, saved.bytes, kChunk);
      kept.is_saved[saved.chunk] = 0;
    }
    for (const auto& run : kept.zero) {
      std::memset(kept.memory->base() + run.first * kChunk, 0, (run.end - run.first) * kChunk);
      std::memset(kept.is_saved + run.first, 0, run.end - run.first);
    }
    kept.saved.clear();
    kept.zero.clear();
    // Whatever was written in pages that grew is zero again.
    kept.memory->shrink_to(kept.pages);
  }
}

}  // namespace weft::schedule
