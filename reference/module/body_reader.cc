#include "reference/module/body_reader.h"

namespace weft::module {

uint64_t BodyReader::unsigned_leb() {
  uint64_t value = 0;
  for (uint32_t shift = 0;; shift += 7) {
    const uint8_t next = byte();
    value |= static_cast<uint64_t>(next & 0x7F) << shift;
    if (!(next & 0x80)) return value;
  }
}

int64_t BodyReader::signed_leb() {
  uint64_t value = 0;
  uint32_t shift = 0;
  for (;;) {
    const uint8_t next = byte();
    value |= static_cast<uint64_t>(next & 0x7F) << shift;
    shift += 7;
    if (next & 0x80) continue;
    if (shift < 64 && (next & 0x40)) value |= ~uint64_t{0} << shift;
    return static_cast<int64_t>(value);
  }
}

uint64_t BodyReader::fixed(uint32_t bytes) {
  uint64_t value = 0;
  for (uint32_t i = 0; i < bytes; ++i) value |= static_cast<uint64_t>(byte()) << (8 * i);
  return value;
}

}  // namespace weft::module
