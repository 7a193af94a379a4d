#include "reference/machine/bytes.h"

namespace weft::machine {
namespace {

bool at_chunk(const uint8_t* p) { return (reinterpret_cast<uintptr_t>(p) & 7) == 0; }

// Chunks need the guest side aligned; `host` may lie anywhere.
uint64_t load_chunk(const uint8_t* guest) { return load_relaxed<uint64_t>(guest); }

}  // namespace

void copy_from_guest(uint8_t* host, const uint8_t* guest, size_t size) {
  for (; size > 0 && !at_chunk(guest); --size) *host++ = load_byte(guest++);
  for (; size >= 8; size -= 8, host += 8, guest += 8) store_plain(host, load_chunk(guest));
  for (; size > 0; --size) *host++ = load_byte(guest++);
}

void copy_to_guest(uint8_t* guest, const uint8_t* host, size_t size) {
  for (; size > 0 && !at_chunk(guest); --size) store_byte(guest++, *host++);
  for (; size >= 8; size -= 8, host += 8, guest += 8) {
    store_relaxed(guest, load_plain<uint64_t>(host));
  }
  for (; size > 0; --size) store_byte(guest++, *host++);
}

void move_in_guest(uint8_t* to, const uint8_t* from, size_t size) {
  if (to == from || size == 0) return;
  // Chunks only where both sides can be aligned together, and never within an overlap of less than
  // a chunk: both follow from equal residues.
  const bool together =
      ((reinterpret_cast<uintptr_t>(to) ^ reinterpret_cast<uintptr_t>(from)) & 7) == 0;
  if (reinterpret_cast<uintptr_t>(to) < reinterpret_cast<uintptr_t>(from)) {
    if (together) {
      for (; size > 0 && !at_chunk(to); --size) store_byte(to++, load_byte(from++));
      for (; size >= 8; size -= 8, to += 8, from += 8) store_relaxed(to, load_chunk(from));
    }
    for (; size > 0; --size) store_byte(to++, load_byte(from++));
    return;
  }
  to += size;
  from += size;
  if (together) {
    for (; size > 0 && !at_chunk(to); --size) store_byte(--to, load_byte(--from));
    for (; size >= 8; size -= 8) {
      to -= 8;
      from -= 8;
      store_relaxed(to, load_chunk(from));
    }
  }
  for (; size > 0; --size) store_byte(--to, load_byte(--from));
}

void fill_guest(uint8_t* guest, uint8_t value, size_t size) {
  const uint64_t chunk = 0x0101010101010101u * value;
  for (; size > 0 && !at_chunk(guest); --size) store_byte(guest++, value);
  for (; size >= 8; size -= 8, guest += 8) store_relaxed(guest, chunk);
  for (; size > 0; --size) store_byte(guest++, value);
}

}  // namespace weft::machine
