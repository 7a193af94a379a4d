// WABT's interpreter, behind plain values: its headers are C++17 and no C++20, so the file behind
// this one is compiled as C++17, and this header must be both. Knows nothing of weft.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace weft::fuzz {

// A value: its type as in the binary format, its bits, those of narrow ones zero-extended, `high`
// those of a v128. A reference: 0 null, else a function index or an external number, plus one.
struct WabtValue {
  uint8_t type;
  uint64_t bits, high;
};

struct WabtCall {
  std::string name;                  // of an exported function
  std::vector<WabtValue> arguments;  // must match its type; funcrefs are null
  // Filled by the run:
  bool trapped = false;
  std::string trap;
  std::vector<WabtValue> results;
};

// Every instruction that ran, where that is asked for: slow.
struct WabtTrace {
  uint64_t instructions = 0;
  std::set<std::string> names;
};

struct WabtRun {
  std::string refused;         // not empty: no instance, and why
  bool start_trapped = false;  // `refused` is the trap of the start function, or of a segment
  std::vector<WabtCall> calls;
  std::vector<WabtValue> globals;
  std::vector<std::vector<WabtValue>> tables;
  std::vector<std::vector<uint8_t>> memories;  // after the last call
};

// `module` imports functions of one i32 parameter and one i32 result only; `host` is all of them.
WabtRun run_in_wabt(const std::vector<uint8_t>& module, std::vector<WabtCall> calls,
                    uint32_t (*host)(uint32_t), WabtTrace* trace = nullptr);

}  // namespace weft::fuzz
