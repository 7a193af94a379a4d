// The guest's memory as a host call sees it: copies in and out, bounds-checked against the length
// at that moment. No host call hands a guest pointer to the kernel: other guest threads may write
// the same bytes at any time. Knows no machine; whoever runs the call supplies the view.
#pragma once

#include <cstdint>
#include <cstring>

namespace weft::wasi {

class GuestMemory {
 public:
  virtual ~GuestMemory() = default;
  // Length in bytes now; it never shrinks.
  virtual uint64_t size() const = 0;
  // Copies n bytes; false, with nothing copied, where [address, address + n) is out of bounds.
  // Safe against racing guest accesses; such bytes may be torn, each on its own.
  virtual bool read(uint64_t address, void* to, uint64_t n) const = 0;
  virtual bool write(uint64_t address, const void* from, uint64_t n) = 0;

  bool contains(uint64_t address, uint64_t n) const {
    const uint64_t length = size();
    return n <= length && address <= length - n;
  }
};

// One value, in the little-endian layout of the witx structures.
template <typename T>
bool load(const GuestMemory& memory, uint64_t address, T& value) {
  return memory.read(address, &value, sizeof value);
}
template <typename T>
bool store(GuestMemory& memory, uint64_t address, const T& value) {
  return memory.write(address, &value, sizeof value);
}

// A field of a structure that is put together in a private buffer.
template <typename T>
void put(uint8_t* structure, uint32_t offset, T value) {
  std::memcpy(structure + offset, &value, sizeof value);
}
template <typename T>
T take(const uint8_t* structure, uint32_t offset) {
  T value;
  std::memcpy(&value, structure + offset, sizeof value);
  return value;
}

}  // namespace weft::wasi
