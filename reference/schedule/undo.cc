#include "reference/schedule/undo.h"

#include <sys/mman.h>

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

void UndoLog::save(Kept& kept, uint64_t chunk) {
  Saved& saved = kept.saved.emplace_back();
  saved.chunk = chunk;
  (void)kept.memory->copy_out(chunk * kChunk, saved.bytes);
  kept.is_saved[chunk] = 1;
}

void UndoLog::restore() {
  for (Kept& kept : kept_) {
    for (const Saved& saved : kept.saved) {
      (void)kept.memory->copy_in(saved.chunk * kChunk, saved.bytes);
      kept.is_saved[saved.chunk] = 0;
    }
    kept.saved.clear();
    // Whatever was written in pages that grew is zero again.
    kept.memory->shrink_to(kept.pages);
  }
}

}  // namespace weft::schedule
