// The sandbox: names are resolved below one directory and never lead out of it, whatever `..`,
// symbolic links, absolute paths and concurrent renames do. By openat2 with RESOLVE_BENEATH where
// the kernel has it, else by a walk of our own over directory descriptors. Knows no process.
#pragma once

#include <sys/types.h>

#include <string>

#include "reference/wasi/types.h"
#include "reference/wasi/unique_fd.h"

namespace weft::wasi {

struct Beneath {
  int root = -1;            // directory of the host
  bool use_openat2 = true;  // where the kernel has it

  // Opens `path`; `flags` as for open(2), O_CLOEXEC is added. O_NOFOLLOW concerns the last name
  // only. perm: the path leads out of the root.
  Errno open(const std::string& path, int flags, mode_t mode, UniqueFd& opened) const;

  // For calls that work on (directory, last name): the directory, opened, and the name, which keeps
  // its trailing slash, is never empty and holds no other slash.
  Errno open_parent(const std::string& path, UniqueFd& directory, std::string& name) const;
};

}  // namespace weft::wasi
