// fd_readdir. The cookie is the caller's alone (P1-018): every call opens the directory anew, so
// that two threads that iterate the same descriptor do not disturb each other.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>

#include "reference/wasi/functions.h"

namespace weft::wasi::functions {
namespace {

struct Entry {
  uint64_t next = 0;  // cookie of the entry behind this one
  uint64_t inode = 0;
  Filetype type = Filetype::kUnknown;
  std::string name;
};

struct KernelEntry {
  uint64_t d_ino;
  int64_t d_off;
  uint16_t d_reclen;
  uint8_t d_type;
  char d_name[1];
};

Filetype filetype_of_entry(uint8_t type) {
  return type == DT_UNKNOWN ? Filetype::kUnknown : filetype_of_mode(DTTOIF(type));
}

// Entries from `offset` of the directory (0: its start) until their records fill `enough` bytes.
Errno list(int directory, int64_t offset, size_t enough, std::vector<Entry>& entries) {
  UniqueFd fd(openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return from_host(errno);
  if (offset != 0 && lseek(fd.get(), offset, SEEK_SET) < 0) return Errno::inval;
  alignas(8) char buffer[16384];
  size_t bytes = 0;
  while (bytes < enough) {
    const long n = syscall(SYS_getdents64, fd.get(), buffer, sizeof buffer);
    if (n < 0) return from_host(errno);
    if (n == 0) break;
    for (long at = 0; at < n;) {
      const auto* k = reinterpret_cast<const KernelEntry*>(buffer + at);
      entries.push_back({static_cast<uint64_t>(k->d_off), k->d_ino, filetype_of_entry(k->d_type),
                         std::string(buffer + at + offsetof(KernelEntry, d_name))});
      bytes += 24 + entries.back().name.size();
      at += k->d_reclen;
    }
  }
  return Errno::success;
}

// The same bytes for the same directory: sorted, cookies count, inode numbers by first appearance.
Errno list_sorted(Call& call, int directory, uint64_t cookie, std::vector<Entry>& entries) {
  if (const Errno e = list(directory, 0, SIZE_MAX, entries); e != Errno::success) return e;
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.name < b.name; });
  struct stat st = {};
  fstat(directory, &st);
  for (size_t i = 0; i < entries.size(); i++) {
    entries[i].next = i + 1;
    // The parent of a preopen is nobody's business.
    entries[i].inode =
        entries[i].name == ".." ? 0 : call.process.file_number(st.st_dev, entries[i].inode);
  }
  entries.erase(entries.begin(), entries.begin() + static_cast<ptrdiff_t>(
                                                       std::min<uint64_t>(cookie, entries.size())));
  return Errno::success;
}

}  // namespace

// (fd, buf, buf_len, cookie, size)
Result fd_readdir(Call& call) {
  std::shared_ptr<Descriptor> d;
  const Errno error = call.descriptor(0, 0, d);
  if (error != Errno::success) return error;
  if (!d->is_directory()) return Errno::notdir;
  if ((d->rights_base & right::kFdReaddir) == 0) return Errno::notcapable;
  const uint32_t space = call.u32(2);
  const uint64_t cookie = call.u64(3);
  if (!call.memory.contains(call.u32(1), space)) return Errno::fault;
  std::vector<Entry> entries;
  const Errno listed = call.host().deterministic()
                           ? list_sorted(call, d->fd(), cookie, entries)
                           : list(d->fd(), static_cast<int64_t>(cookie), space, entries);
  if (listed != Errno::success) return listed;

  std::string out;
  for (const Entry& entry : entries) {
    if (out.size() >= space) break;
    uint8_t dirent[24] = {};
    put(dirent, 0, entry.next);
    put(dirent, 8, entry.inode);
    put(dirent, 16, static_cast<uint32_t>(entry.name.size()));
    put(dirent, 20, static_cast<uint8_t>(entry.type));
    out.append(reinterpret_cast<const char*>(dirent), sizeof dirent);
    out += entry.name;
  }
  // A last entry that does not fit is cut: that is how the caller sees that there is more.
  const auto size = static_cast<uint32_t>(std::min<size_t>(out.size(), space));
  if (!call.memory.write(call.u32(1), out.data(), size)) return Errno::fault;
  return store(call.memory, call.u32(4), size) ? Errno::success : Errno::fault;
}

}  // namespace weft::wasi::functions
