// What the processes below one process use, from /proc. Knows no runtimes, kills nothing.
// (proc(5): /proc/PID/stat)
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace weft::runners {

struct TreeUsage {
  unsigned processes = 0;  // zombies are not counted
  uint64_t resident = 0;   // bytes; pages that several share are counted several times
  uint64_t ticks = 0;      // processor time in clock ticks, with that of children waited for
};

// All descendants of `root`, without itself. An answer may be 40 ms old: the table of all processes
// is read once for all who ask.
TreeUsage usage_below(pid_t root);

struct Descendant {
  pid_t pid, group;
  bool zombie;
};
// Read afresh.
std::vector<Descendant> descendants_of(pid_t root);

}  // namespace weft::runners
