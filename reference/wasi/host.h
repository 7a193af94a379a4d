// Time and randomness as a program sees them: the machine's own, or virtual and seeded.
// Knows no process and no scheduler.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "reference/wasi/types.h"

namespace weft::wasi {

class Host {
 public:
  virtual ~Host() = default;
  // Nanoseconds; empty where the clock is not supported. Thread-safe.
  virtual std::optional<uint64_t> now(Clock clock) = 0;
  virtual std::optional<uint64_t> resolution(Clock clock) = 0;
  // False where the source failed.
  virtual bool random(std::span<uint8_t> bytes) = 0;
  // The same run gives the same bytes: directory listings are sorted, devices and inode numbers
  // are counted by first appearance.
  virtual bool deterministic() const { return false; }
  // A time that the file system reports, as the program shall see it.
  virtual uint64_t file_time(uint64_t nanoseconds) const { return nanoseconds; }
};

// The clocks and the random source of this machine.
Host& real_host();

}  // namespace weft::wasi
