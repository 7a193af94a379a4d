// path_open.
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "reference/wasi/functions.h"
#include "reference/wasi/lookup.h"

namespace weft::wasi::functions {
namespace {

constexpr uint64_t kReads = right::kFdRead | right::kFdReaddir;
constexpr uint64_t kWrites =
    right::kFdWrite | right::kFdDatasync | right::kFdAllocate | right::kFdFilestatSetSize;

// Flags of open(2). append and nonblock are ours (stream.cc); O_NONBLOCK keeps a FIFO or a device
// from blocking inside the kernel, whatever the guest asked for.
int host_flags(uint32_t oflags, uint64_t rights, uint32_t fdflags) {
  int flags = O_NONBLOCK | O_NOCTTY;
  if (oflags & oflag::kDirectory) flags |= O_DIRECTORY;
  if (rights & kWrites) flags |= (rights & kReads) ? O_RDWR : O_WRONLY;
  if (oflags & oflag::kCreat) flags |= O_CREAT;
  if (oflags & oflag::kExcl) flags |= O_EXCL;
  if (oflags & oflag::kTrunc) flags |= O_TRUNC;
  if (fdflags & fdflag::kDsync) flags |= O_DSYNC;
  if (fdflags & (fdflag::kSync | fdflag::kRsync)) flags |= O_SYNC;
  return flags;
}

uint64_t applicable_rights(Filetype type) {
  switch (type) {
    case Filetype::kDirectory:
      return right::kDirectory;
    case Filetype::kRegularFile:
      return right::kFile;
    case Filetype::kSocketStream:
    case Filetype::kSocketDgram:
      return right::kSocket;
    default:
      return right::kStream | right::kFdFilestatSetTimes;
  }
}

}  // namespace

// (fd, dirflags, path, path_len, oflags, rights_base, rights_inheriting, fdflags, opened_fd)
Result path_open(Call& call) {
  const uint32_t oflags = call.u32(4), fdflags = call.u32(7);
  if ((oflags & ~uint32_t{oflag::kAll}) || (fdflags & ~uint32_t{fdflag::kAll})) {
    return Errno::inval;
  }
  uint64_t needed = right::kPathOpen;
  if (oflags & oflag::kCreat) needed |= right::kPathCreateFile;
  if (oflags & oflag::kTrunc) needed |= right::kPathFilestatSetSize;
  std::shared_ptr<Descriptor> directory;
  std::string path;
  const Errno error = directory_and_path(call, 0, 2, needed, directory, path);
  if (error != Errno::success) return error;
  const uint64_t base = call.u64(5) & right::kAll, inheriting = call.u64(6) & right::kAll;
  if ((base | inheriting) & ~directory->rights_inheriting) return Errno::notcapable;
  if ((oflags & oflag::kDirectory) && (oflags & (oflag::kCreat | oflag::kExcl | oflag::kTrunc))) {
    return Errno::inval;
  }
  if (!call.memory.contains(call.u32(8), 4)) return Errno::fault;

  int flags = host_flags(oflags, base, fdflags);
  if (!(call.u32(1) & kLookupSymlinkFollow)) flags |= O_NOFOLLOW;
  UniqueFd fd;
  const Errno opened = beneath(call, *directory).open(path, flags, 0666, fd);
  if (opened != Errno::success) return opened;
  struct stat st;
  if (fstat(fd.get(), &st) != 0) return from_host(errno);
  const Filetype type = filetype_of_mode(st.st_mode);
  auto entry =
      std::make_shared<Descriptor>(std::move(fd), type, base & applicable_rights(type), inheriting);
  entry->flags = static_cast<uint16_t>(fdflags);
  uint32_t number;
  if (const Errno e = call.process.fds().insert(std::move(entry), number); e != Errno::success) {
    return e;
  }
  return store(call.memory, call.u32(8), number) ? Errno::success : Errno::fault;
}

}  // namespace weft::wasi::functions
