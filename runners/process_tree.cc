#include "runners/process_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <set>

namespace weft::runners {
namespace {

struct Entry {
  pid_t pid, parent, group;
  bool zombie;
  uint64_t ticks, pages;
};
using Table = std::vector<Entry>;

bool read_entry(int proc, const char* pid, Entry& entry) {
  char path[64], text[1024];
  std::snprintf(path, sizeof path, "%s/stat", pid);
  const int fd = ::openat(proc, path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;  // it has ended meanwhile
  const ssize_t size = ::read(fd, text, sizeof text - 1);
  ::close(fd);
  if (size <= 0) return false;
  text[size] = 0;
  // The name in parentheses may hold anything, parentheses too.
  const char* after_name = std::strrchr(text, ')');
  if (!after_name) return false;
  char state = 0;
  int parent = 0, group = 0;
  unsigned long user = 0, system = 0;
  long children_user = 0, children_system = 0, pages = 0;
  // Fields 3 (state), 4 (ppid), 5 (pgrp), 14 to 17 (times), 24 (rss).
  if (std::sscanf(after_name + 1,
                  " %c %d %d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %ld %ld %*d %*d %*d %*d %*u "
                  "%*u %ld",
                  &state, &parent, &group, &user, &system, &children_user, &children_system,
                  &pages) != 8) {
    return false;
  }
  entry = {std::atoi(pid),
           parent,
           group,
           state == 'Z' || state == 'X',
           user + system + children_user + children_system,
           static_cast<uint64_t>(std::max(0l, pages))};
  return true;
}

Table read_table() {
  Table table;
  DIR* proc = ::opendir("/proc");
  if (!proc) return table;
  while (const dirent* item = ::readdir(proc)) {
    Entry entry;
    if (item->d_name[0] < '1' || item->d_name[0] > '9') continue;
    if (read_entry(::dirfd(proc), item->d_name, entry)) table.push_back(entry);
  }
  ::closedir(proc);
  return table;
}

Table recent_table() {
  using Clock = std::chrono::steady_clock;
  static std::mutex mutex;
  static Table table;
  static Clock::time_point read_at;
  const std::lock_guard<std::mutex> lock(mutex);
  if (Clock::now() - read_at > std::chrono::milliseconds(40)) {
    table = read_table();
    read_at = Clock::now();
  }
  return table;
}

// Calls visit(entry) for every descendant of root.
template <typename Visit>
void for_descendants(const Table& table, pid_t root, Visit visit) {
  std::set<pid_t> family{root};
  std::vector<bool> seen(table.size(), false);
  for (bool grew = true; grew;) {
    grew = false;
    for (size_t i = 0; i < table.size(); ++i) {
      if (seen[i] || !family.count(table[i].parent)) continue;
      seen[i] = grew = true;
      family.insert(table[i].pid);
      visit(table[i]);
    }
  }
}

}  // namespace

TreeUsage usage_below(pid_t root) {
  static const uint64_t page = static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  TreeUsage usage;
  for_descendants(recent_table(), root, [&](const Entry& entry) {
    usage.ticks += entry.ticks;
    if (entry.zombie) return;
    ++usage.processes;
    usage.resident += entry.pages * page;
  });
  return usage;
}

std::vector<Descendant> descendants_of(pid_t root) {
  std::vector<Descendant> all;
  for_descendants(read_table(), root, [&](const Entry& entry) {
    all.push_back({entry.pid, entry.group, entry.zombie});
  });
  return all;
}

}  // namespace weft::runners
