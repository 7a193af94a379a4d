#include "reference/wasi/beneath.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

namespace weft::wasi {
namespace {

constexpr int kMostLinks = 40;
constexpr int kMostRetries = 64;

std::atomic<bool> openat2_missing{false};

// Empty: this kernel (or its filter) has no openat2.
std::optional<Errno> open_by_kernel(int root, const std::string& path, int flags, mode_t mode,
                                    UniqueFd& opened) {
  if (openat2_missing) return std::nullopt;
  open_how how = {};
  how.flags = static_cast<uint64_t>(flags | O_CLOEXEC);
  how.mode = (flags & O_CREAT) ? mode : 0;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  for (int i = 0; i < kMostRetries; i++) {
    const long fd = syscall(SYS_openat2, root, path.c_str(), &how, sizeof how);
    if (fd >= 0) {
      opened = UniqueFd(static_cast<int>(fd));
      return Errno::success;
    }
    if (errno == ENOSYS || errno == E2BIG) {
      openat2_missing = true;
      return std::nullopt;
    }
    if (errno == EXDEV) return Errno::perm;  // the path leads out
    if (errno != EAGAIN) return from_host(errno);
    // A rename raced with a `..`: the kernel could not tell; try again.
  }
  return Errno::again;
}

// The walk: every directory is opened by its one name and kept, so that `..` is a step back in our
// own list and never a question to the file system.
class Walk {
 public:
  Walk(int root, const std::string& path) : root_(root) { push_front(path); }

  Errno open(int flags, mode_t mode, UniqueFd& opened) {
    while (true) {
      const std::string name = std::move(names_.front());
      names_.pop_front();
      const bool last = names_.empty();
      std::optional<Errno> end;
      if (name.empty() || name == ".") {
        if (last) return open_here(flags, opened);
      } else if (name == "..") {
        if (stack_.empty()) return Errno::perm;
        stack_.pop_back();
        if (last) return open_here(flags, opened);
      } else {
        end = last ? open_last(name, flags, mode, opened) : step(name, flags);
      }
      if (end) return *end;
    }
  }

 private:
  int here() const { return stack_.empty() ? root_ : stack_.back().get(); }

  // Puts the names of `path` before the others. A trailing slash leaves an empty last name, which
  // asks for a directory.
  void push_front(const std::string& path) {
    std::vector<std::string> parts;
    size_t at = 0;
    while (at <= path.size()) {
      const size_t slash = std::min(path.find('/', at), path.size());
      const bool last = slash >= path.size();
      if (slash > at || last) parts.push_back(path.substr(at, slash - at));
      at = slash + 1;
    }
    names_.insert(names_.begin(), parts.begin(), parts.end());
  }

  Errno open_here(int flags, UniqueFd& opened) {
    if ((flags & O_CREAT) && (flags & O_EXCL)) return Errno::exist;
    if (flags & O_CREAT) return Errno::isdir;
    return finish(openat(here(), ".", flags | O_CLOEXEC), opened);
  }

  static Errno finish(int fd, UniqueFd& opened) {
    if (fd < 0) return from_host(errno);
    opened = UniqueFd(fd);
    return Errno::success;
  }

  // Follows the link that `fd` is. Empty: go on.
  std::optional<Errno> follow(const UniqueFd& fd) {
    if (++links_ > kMostLinks) return Errno::loop;
    char target[PATH_MAX];
    const ssize_t n = readlinkat(fd.get(), "", target, sizeof target);
    if (n < 0) return from_host(errno);
    if (n == 0) return Errno::noent;
    if (target[0] == '/') return Errno::perm;
    push_front(std::string(target, static_cast<size_t>(n)));
    return std::nullopt;
  }

  // A name that others follow. Empty: go on.
  std::optional<Errno> step(const std::string& name, int flags) {
    UniqueFd fd(openat(here(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (!fd) {
      const bool creates = (flags & O_CREAT) && names_.size() == 1 && names_.front().empty();
      return errno == ENOENT && creates ? Errno::isdir : from_host(errno);
    }
    struct stat st;
    if (fstat(fd.get(), &st) != 0) return from_host(errno);
    if (S_ISLNK(st.st_mode)) return follow(fd);
    if (!S_ISDIR(st.st_mode)) return Errno::notdir;
    stack_.push_back(std::move(fd));
    return std::nullopt;
  }

  std::optional<Errno> open_last(const std::string& name, int flags, mode_t mode,
                                 UniqueFd& opened) {
    const bool exclusive = (flags & O_CREAT) && (flags & O_EXCL);
    for (int i = 0; i < kMostRetries; i++) {
      if (!(flags & O_NOFOLLOW) && !exclusive) {
        UniqueFd fd(openat(here(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
        struct stat st;
        if (fd && fstat(fd.get(), &st) == 0 && S_ISLNK(st.st_mode)) return follow(fd);
      }
      const int fd = openat(here(), name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC, mode);
      // A link that appeared between the two steps is looked at again.
      if (fd >= 0 || errno != ELOOP || (flags & O_NOFOLLOW)) return finish(fd, opened);
    }
    return Errno::loop;
  }

  int root_;
  int links_ = 0;
  std::vector<UniqueFd> stack_;
  std::deque<std::string> names_;
};

}  // namespace

Errno Beneath::open(const std::string& path, int flags, mode_t mode, UniqueFd& opened) const {
  if (path.empty()) return Errno::noent;
  if (path[0] == '/') return Errno::perm;
  if (use_openat2) {
    if (const auto done = open_by_kernel(root, path, flags, mode, opened)) return *done;
  }
  return Walk(root, path).open(flags, mode, opened);
}

Errno Beneath::open_parent(const std::string& path, UniqueFd& directory, std::string& name) const {
  if (path.empty()) return Errno::noent;
  if (path[0] == '/') return Errno::perm;
  size_t end = path.find_last_not_of('/');  // of the last name
  const size_t slash = path.find_last_of('/', end);
  const size_t begin = slash == std::string::npos ? 0 : slash + 1;
  name = path.substr(begin, end + 1 - begin);
  if (name == "..") {  // names a directory inside or nothing: never the root's own parent
    UniqueFd inside;
    if (const Errno e = open(path, O_PATH | O_DIRECTORY, 0, inside); e != Errno::success) return e;
  }
  if (end + 1 < path.size()) name += '/';
  const std::string parent = begin == 0 ? "." : path.substr(0, begin);
  return open(parent, O_PATH | O_DIRECTORY, 0, directory);
}

}  // namespace weft::wasi
