// fd_filestat_*, path_filestat_*: what the file system says about a file.
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <optional>

#include "reference/wasi/functions.h"
#include "reference/wasi/lookup.h"

namespace weft::wasi::functions {
namespace {

uint64_t nanoseconds(const timespec& t) {
  return static_cast<uint64_t>(t.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(t.tv_nsec);
}

Result write_filestat(Call& call, uint32_t to, const struct stat& st, Filetype type) {
  const bool plain = !call.host().deterministic();
  uint8_t filestat[64] = {};
  put(filestat, 0, plain ? static_cast<uint64_t>(st.st_dev) : uint64_t{1});
  put(filestat, 8,
      plain ? static_cast<uint64_t>(st.st_ino) : call.process.file_number(st.st_dev, st.st_ino));
  put(filestat, 16, static_cast<uint8_t>(type));
  put(filestat, 24, static_cast<uint64_t>(st.st_nlink));
  put(filestat, 32, static_cast<uint64_t>(st.st_size));
  const auto time = [&](const timespec& t) { return call.host().file_time(nanoseconds(t)); };
  put(filestat, 40, time(st.st_atim));
  put(filestat, 48, time(st.st_mtim));
  put(filestat, 56, time(st.st_ctim));
  return call.memory.write(to, filestat, sizeof filestat) ? Errno::success : Errno::fault;
}

// The two timespecs of utimensat; empty where the flags contradict each other.
struct Times {
  timespec values[2];
};
std::optional<Times> times(uint64_t atim, uint64_t mtim, uint32_t flags) {
  constexpr uint32_t kBothA = fstflag::kAtim | fstflag::kAtimNow;
  constexpr uint32_t kBothM = fstflag::kMtim | fstflag::kMtimNow;
  if ((flags & ~uint32_t{fstflag::kAll}) || (flags & kBothA) == kBothA ||
      (flags & kBothM) == kBothM) {
    return std::nullopt;
  }
  const auto one = [](uint64_t ns, bool set, bool now) {
    timespec t = {0, now ? UTIME_NOW : UTIME_OMIT};
    if (set) {
      t.tv_sec = static_cast<time_t>(ns / 1'000'000'000u);
      t.tv_nsec = static_cast<long>(ns % 1'000'000'000u);
    }
    return t;
  };
  return Times{{one(atim, flags & fstflag::kAtim, flags & fstflag::kAtimNow),
                one(mtim, flags & fstflag::kMtim, flags & fstflag::kMtimNow)}};
}

}  // namespace

Result fd_filestat_get(Call& call) {
  std::shared_ptr<Descriptor> d;
  const Errno error = call.descriptor(0, right::kFdFilestatGet, d);
  if (error != Errno::success) return error;
  struct stat st = {};
  if (!d->buffer && fstat(d->fd(), &st) != 0) return from_host(errno);
  return write_filestat(call, call.u32(1), st, d->type);
}

Result fd_filestat_set_size(Call& call) {
  std::shared_ptr<Descriptor> d;
  const Errno error = call.descriptor(0, right::kFdFilestatSetSize, d);
  if (error != Errno::success) return error;
  if (call.u64(1) > INT64_MAX) return Errno::inval;
  return ftruncate(d->fd(), static_cast<off_t>(call.u64(1))) == 0 ? Errno::success
                                                                  : from_host(errno);
}

Result fd_filestat_set_times(Call& call) {
  std::shared_ptr<Descriptor> d;
  const Errno error = call.descriptor(0, right::kFdFilestatSetTimes, d);
  if (error != Errno::success) return error;
  const auto set = times(call.u64(1), call.u64(2), call.u32(3));
  if (!set) return Errno::inval;
  return futimens(d->fd(), set->values) == 0 ? Errno::success : from_host(errno);
}

namespace {

// The file that a path names, opened only to be looked at.
Errno open_to_look(Call& call, uint64_t rights, UniqueFd& file) {
  std::shared_ptr<Descriptor> directory;
  std::string path;
  const Errno error = directory_and_path(call, 0, 2, rights, directory, path);
  if (error != Errno::success) return error;
  const int nofollow = (call.u32(1) & kLookupSymlinkFollow) ? 0 : O_NOFOLLOW;
  return beneath(call, *directory).open(path, O_PATH | nofollow, 0, file);
}

}  // namespace

Result path_filestat_get(Call& call) {
  UniqueFd file;
  const Errno error = open_to_look(call, right::kPathFilestatGet, file);
  if (error != Errno::success) return error;
  struct stat st;
  if (fstat(file.get(), &st) != 0) return from_host(errno);
  return write_filestat(call, call.u32(4), st, filetype_of_mode(st.st_mode));
}

Result path_filestat_set_times(Call& call) {
  const auto set = times(call.u64(4), call.u64(5), call.u32(6));
  if (!set) return Errno::inval;
  UniqueFd file;
  const Errno error = open_to_look(call, right::kPathFilestatSetTimes, file);
  if (error != Errno::success) return error;
  if (utimensat(file.get(), "", set->values, AT_EMPTY_PATH) == 0) return Errno::success;
  if (errno != EINVAL) return from_host(errno);
  // Kernels before 5.8 want a name.
  const std::string name = "/proc/self/fd/" + std::to_string(file.get());
  return utimensat(AT_FDCWD, name.c_str(), set->values, 0) == 0 ? Errno::success : from_host(errno);
}

}  // namespace weft::wasi::functions
