// Traps (core spec 4.2.2, appendix; messages as in the specification's scripts): what ends a thread
// abruptly and where. Knows no execution.
#pragma once

#include <cstdint>
#include <string>

namespace weft::machine {

enum class TrapKind : uint8_t {
#define TRAP(name, message) name,
#include "reference/machine/trap.def"
#undef TRAP
};

const char* message_of(TrapKind kind);

struct Trap {
  TrapKind kind = TrapKind::kUnreachable;
  uint32_t function = 0;  // in the function index space of the instance that ran
  uint32_t offset = 0;    // of the instruction: bytes from the start of the module
  std::string detail;     // kHost: what the host function said

  std::string message() const { return detail.empty() ? message_of(kind) : detail; }
};

}  // namespace weft::machine
