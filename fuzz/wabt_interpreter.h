// WABT's interpreter, behind plain values: its headers are C++17 and no C++20, so the file behind
// this one is compiled as C++17, and this header must be both. Knows nothing of weft.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace weft::fuzz {

// A numeric value: its type as in the binary format (0x7F i32, 0x7E i64, 0x7D f32, 0x7C f64) and
// its bits, those of the narrow ones zero-extended.
struct WabtValue {
  uint8_t type;
  uint64_t bits;
};

struct WabtCall {
  std::string name;                  // of an exported function
  std::vector<WabtValue> arguments;  // must match its type
  // Filled by the run:
  bool trapped = false;
  std::string trap;
  std::vector<WabtValue> results;
};

struct WabtRun {
  std::string refused;  // not empty: no instance, and why
  std::vector<WabtCall> calls;
  std::vector<WabtValue> globals;
  std::vector<uint8_t> memory;  // memory 0 after the last call
};

// `module` has one memory and no imports.
WabtRun run_in_wabt(const std::vector<uint8_t>& module, std::vector<WabtCall> calls);

}  // namespace weft::fuzz
