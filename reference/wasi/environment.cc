// args_*, environ_*, clock_*, random_get, sched_yield, proc_*.
#include <algorithm>

#include "reference/wasi/functions.h"

namespace weft::wasi::functions {
namespace {

Result sizes(Call& call, const std::vector<std::string>& strings) {
  uint32_t bytes = 0;
  for (const std::string& s : strings) bytes += static_cast<uint32_t>(s.size() + 1);
  const bool fits = store(call.memory, call.u32(0), static_cast<uint32_t>(strings.size())) &&
                    store(call.memory, call.u32(1), bytes);
  return fits ? Errno::success : Errno::fault;
}

// Pointers at argument 0, the strings with their NULs at argument 1.
Result strings(Call& call, const std::vector<std::string>& strings) {
  uint64_t pointer = call.u32(0);
  uint64_t text = call.u32(1);
  for (const std::string& s : strings) {
    if (!store(call.memory, pointer, static_cast<uint32_t>(text)) ||
        !call.memory.write(text, s.c_str(), s.size() + 1)) {
      return Errno::fault;
    }
    pointer += 4;
    text += s.size() + 1;
  }
  return Errno::success;
}

}  // namespace

Result args_get(Call& call) { return strings(call, call.process.args()); }
Result args_sizes_get(Call& call) { return sizes(call, call.process.args()); }
Result environ_get(Call& call) { return strings(call, call.process.env()); }
Result environ_sizes_get(Call& call) { return sizes(call, call.process.env()); }

Result clock_res_get(Call& call) {
  const auto resolution = call.host().resolution(static_cast<Clock>(call.u32(0)));
  if (!resolution) return Errno::inval;
  return store(call.memory, call.u32(1), *resolution) ? Errno::success : Errno::fault;
}

// The precision (argument 1) is a hint; the clock is read as exactly as it goes.
Result clock_time_get(Call& call) {
  const auto now = call.host().now(static_cast<Clock>(call.u32(0)));
  if (!now) return Errno::inval;
  return store(call.memory, call.u32(2), *now) ? Errno::success : Errno::fault;
}

Result random_get(Call& call) {
  uint64_t to = call.u32(0);
  uint64_t left = call.u32(1);
  if (!call.memory.contains(to, left)) return Errno::fault;
  uint8_t chunk[4096];
  while (left > 0) {
    const uint64_t n = std::min<uint64_t>(left, sizeof chunk);
    if (!call.host().random({chunk, n})) return Errno::io;
    if (!call.memory.write(to, chunk, n)) return Errno::fault;
    to += n;
    left -= n;
  }
  return Errno::success;
}

Result sched_yield(Call&) { return Result::yield(); }
Result proc_exit(Call& call) { return Result::exit(call.u32(0)); }
// Signals are not modelled; the text lets a host refuse (P1-039).
Result proc_raise(Call&) { return Errno::notsup; }

}  // namespace weft::wasi::functions
