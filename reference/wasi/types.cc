#include "reference/wasi/types.h"

#include <sys/stat.h>

#include <cerrno>

namespace weft::wasi {

Errno from_host(int host_errno) {
  if (host_errno == ENOTSUP) return Errno::notsup;
  static constexpr struct {
    int host;
    Errno value;
  } kMap[] = {
#define WEFT_ERRNO(name, number, host) {host, Errno::name},
#include "reference/wasi/errno.def"
#undef WEFT_ERRNO
  };
  for (const auto& entry : kMap) {
    if (entry.host != 0 && entry.host == host_errno) return entry.value;
  }
  return Errno::io;
}

const char* errno_name(Errno value) {
  switch (value) {
#define WEFT_ERRNO(name, number, host) \
  case Errno::name:                    \
    return #name;
#include "reference/wasi/errno.def"
#undef WEFT_ERRNO
  }
  return "unknown";
}

Filetype filetype_of_mode(uint32_t st_mode) {
  switch (st_mode & S_IFMT) {
    case S_IFBLK:
      return Filetype::kBlockDevice;
    case S_IFCHR:
      return Filetype::kCharacterDevice;
    case S_IFDIR:
      return Filetype::kDirectory;
    case S_IFREG:
      return Filetype::kRegularFile;
    case S_IFSOCK:
      return Filetype::kSocketStream;
    case S_IFLNK:
      return Filetype::kSymbolicLink;
    default:
      return Filetype::kUnknown;
  }
}

}  // namespace weft::wasi
