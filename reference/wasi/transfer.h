// What the functions that move bytes share: vectors read once, gathered and scattered through a
// private buffer. Used by stream.cc and socket.cc. Knows no rights.
#pragma once

#include "reference/wasi/call.h"

namespace weft::wasi {

// The array of (address, length) at arguments i and i + 1, checked as a whole, into state.vectors.
// fault, inval (more than 1,024).
Errno read_vectors(Call& call, size_t i);
size_t total_length(const CallState& state);
// The same, and the bytes they name into state.buffer.
Errno gather(Call& call, size_t i);
Errno scatter(Call& call, const std::string& bytes);

// Would a read (write) return at once?
bool is_ready(int fd, bool write);
// Blocked until it would.
Result wait_for(Call& call, const std::shared_ptr<Descriptor>& descriptor, bool write);

}  // namespace weft::wasi
