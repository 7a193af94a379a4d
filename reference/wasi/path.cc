// path_* that make, remove and rename names. Each resolves below its directory (beneath.h) and then
// works on one name in an opened parent.
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "reference/wasi/functions.h"
#include "reference/wasi/lookup.h"

namespace weft::wasi {

Beneath beneath(Call& call, const Descriptor& directory) {
  return Beneath{directory.fd(), call.process.use_openat2()};
}

Errno directory_and_path(Call& call, size_t fd_at, size_t path_at, uint64_t rights,
                         std::shared_ptr<Descriptor>& directory, std::string& path) {
  directory = call.process.fds().get(call.u32(fd_at));
  if (!directory) return Errno::badf;
  if (!directory->is_directory()) return Errno::notdir;
  if ((directory->rights_base & rights) != rights) return Errno::notcapable;
  return call.path(path_at, path);
}

namespace functions {
namespace {

struct Place {
  UniqueFd parent;
  std::string name;
};

// What (fd_at, path_at) names, as a name in an opened parent.
Errno place(Call& call, size_t fd_at, size_t path_at, uint64_t rights, Place& found) {
  std::shared_ptr<Descriptor> directory;
  std::string path;
  const Errno error = directory_and_path(call, fd_at, path_at, rights, directory, path);
  if (error != Errno::success) return error;
  return beneath(call, *directory).open_parent(path, found.parent, found.name);
}

Result check(int result) { return result == 0 ? Errno::success : from_host(errno); }

}  // namespace

Result path_create_directory(Call& call) {
  Place at;
  const Errno error = place(call, 0, 1, right::kPathCreateDirectory, at);
  if (error != Errno::success) return error;
  return check(mkdirat(at.parent.get(), at.name.c_str(), 0777));
}

Result path_remove_directory(Call& call) {
  Place at;
  const Errno error = place(call, 0, 1, right::kPathRemoveDirectory, at);
  if (error != Errno::success) return error;
  return check(unlinkat(at.parent.get(), at.name.c_str(), AT_REMOVEDIR));
}

Result path_unlink_file(Call& call) {
  Place at;
  const Errno error = place(call, 0, 1, right::kPathUnlinkFile, at);
  if (error != Errno::success) return error;
  if (unlinkat(at.parent.get(), at.name.c_str(), 0) == 0) return Errno::success;
  return from_host(errno);
}

Result path_rename(Call& call) {
  Place from, to;
  Errno error = place(call, 0, 1, right::kPathRenameSource, from);
  if (error != Errno::success) return error;
  error = place(call, 3, 4, right::kPathRenameTarget, to);
  if (error != Errno::success) return error;
  return check(renameat(from.parent.get(), from.name.c_str(), to.parent.get(), to.name.c_str()));
}

// The link itself is linked, never what it points to: following is refused (preview1 hosts agree).
Result path_link(Call& call) {
  if (call.u32(1) & kLookupSymlinkFollow) return Errno::inval;
  Place from, to;
  Errno error = place(call, 0, 2, right::kPathLinkSource, from);
  if (error != Errno::success) return error;
  error = place(call, 4, 5, right::kPathLinkTarget, to);
  if (error != Errno::success) return error;
  if (from.name.ends_with('/')) {  // the kernel would follow a link here
    struct stat st;
    from.name.pop_back();
    if (fstatat(from.parent.get(), from.name.c_str(), &st, AT_SYMLINK_NOFOLLOW) != 0) {
      return from_host(errno);
    }
    return S_ISDIR(st.st_mode) ? Errno::perm : Errno::notdir;
  }
  return check(linkat(from.parent.get(), from.name.c_str(), to.parent.get(), to.name.c_str(), 0));
}

// An absolute target could only be followed out of the sandbox: refused.
Result path_symlink(Call& call) {
  std::string target;
  if (const Errno e = call.path(0, target); e != Errno::success) return e;
  Place at;
  const Errno error = place(call, 2, 3, right::kPathSymlink, at);
  if (error != Errno::success) return error;
  if (target.starts_with('/')) return Errno::perm;
  return check(symlinkat(target.c_str(), at.parent.get(), at.name.c_str()));
}

Result path_readlink(Call& call) {
  std::shared_ptr<Descriptor> directory;
  std::string path;
  const Errno error = directory_and_path(call, 0, 1, right::kPathReadlink, directory, path);
  if (error != Errno::success) return error;
  UniqueFd link;
  const Errno opened = beneath(call, *directory).open(path, O_PATH | O_NOFOLLOW, 0, link);
  if (opened != Errno::success) return opened;
  std::string target(4096, '\0');
  const ssize_t n = readlinkat(link.get(), "", target.data(), target.size());
  // A descriptor that is no link says ENOENT; the text of a path says EINVAL.
  if (n < 0) return errno == ENOENT ? Errno::inval : from_host(errno);
  const uint32_t length = std::min(static_cast<uint32_t>(n), call.u32(4));
  if (!call.memory.write(call.u32(3), target.data(), length)) return Errno::fault;
  return store(call.memory, call.u32(5), length) ? Errno::success : Errno::fault;
}

}  // namespace functions
}  // namespace weft::wasi
