// fd_* about the descriptor itself: close, renumber, sync, advise, allocate, fdstat, prestat.
#include <fcntl.h>

#include <cerrno>

#include "reference/wasi/functions.h"

namespace weft::wasi::functions {
namespace {

// The directory given to the program that argument 0 names.
Errno preopen(Call& call, std::shared_ptr<Descriptor>& d) {
  if (const Errno e = call.descriptor(0, 0, d); e != Errno::success) return e;
  return d->is_preopen ? Errno::success : Errno::badf;
}

Result check(int result) { return result == 0 ? Errno::success : from_host(errno); }

}  // namespace

Result fd_close(Call& call) { return call.process.fds().close(call.u32(0)); }

Result fd_renumber(Call& call) { return call.process.fds().renumber(call.u32(0), call.u32(1)); }

Result fd_sync(Call& call) {
  std::shared_ptr<Descriptor> d;
  const Errno error = call.descriptor(0, right::kFdSync, d);
  if (error != Errno::success) return error;
  if (d->buffer) return Errno::success;
  return check(fsync(d->fd()));
}

Result fd_datasync(Call& call) {
  std::shared_ptr<Descriptor> d;
  const Errno error = call.descriptor(0, right::kFdDatasync, d);
  if (error != Errno::success) return error;
  if (d->buffer) return Errno::success;
  return check(fdatasync(d->fd()));
}

Result fd_advise(Call& call) {
  static constexpr int kAdvice[] = {POSIX_FADV_NORMAL,   POSIX_FADV_SEQUENTIAL, POSIX_FADV_RANDOM,
                                    POSIX_FADV_WILLNEED, POSIX_FADV_DONTNEED,   POSIX_FADV_NOREUSE};
  std::shared_ptr<Descriptor> d;
  const Errno error = call.descriptor(0, 0, d);
  if (error != Errno::success) return error;
  if (d->is_directory()) return Errno::badf;
  if (d->may_block()) return Errno::spipe;
  if ((d->rights_base & right::kFdAdvise) == 0) return Errno::notcapable;
  const uint32_t advice = call.u32(3) & 0xFF;
  if (advice >= std::size(kAdvice)) return Errno::inval;
  if (call.u64(1) > INT64_MAX || call.u64(2) > INT64_MAX) return Errno::inval;
  const int result = posix_fadvise(d->fd(), static_cast<off_t>(call.u64(1)),
                                   static_cast<off_t>(call.u64(2)), kAdvice[advice]);
  return result == 0 ? Errno::success : from_host(result);
}

Result fd_allocate(Call& call) {
  std::shared_ptr<Descriptor> d;
  const Errno error = call.descriptor(0, right::kFdAllocate, d);
  if (error != Errno::success) return error;
  if (call.u64(1) > INT64_MAX || call.u64(2) > INT64_MAX) return Errno::inval;
  const int result =
      posix_fallocate(d->fd(), static_cast<off_t>(call.u64(1)), static_cast<off_t>(call.u64(2)));
  return result == 0 ? Errno::success : from_host(result);
}

Result fd_fdstat_get(Call& call) {
  std::shared_ptr<Descriptor> d;
  const Errno error = call.descriptor(0, 0, d);
  if (error != Errno::success) return error;
  uint8_t fdstat[24] = {};
  put(fdstat, 0, static_cast<uint8_t>(d->type));
  put(fdstat, 2, d->flags.load());
  put(fdstat, 8, d->rights_base.load());
  put(fdstat, 16, d->rights_inheriting.load());
  return call.memory.write(call.u32(1), fdstat, sizeof fdstat) ? Errno::success : Errno::fault;
}

// append and nonblock are ours (stream.cc); the synchronised ones are fixed when a file is opened.
Result fd_fdstat_set_flags(Call& call) {
  std::shared_ptr<Descriptor> d;
  const Errno error = call.descriptor(0, right::kFdFdstatSetFlags, d);
  if (error != Errno::success) return error;
  const uint32_t flags = call.u32(1);
  if (flags & ~uint32_t{fdflag::kAll}) return Errno::inval;
  constexpr uint16_t kOurs = fdflag::kAppend | fdflag::kNonblock;
  uint16_t now = d->flags;
  do {
    if ((flags & ~kOurs) != (now & ~uint32_t{kOurs})) return Errno::notsup;
  } while (!d->flags.compare_exchange_weak(now, static_cast<uint16_t>(flags)));
  return Errno::success;
}

// Rights can only be given up.
Result fd_fdstat_set_rights(Call& call) {
  std::shared_ptr<Descriptor> d;
  const Errno error = call.descriptor(0, 0, d);
  if (error != Errno::success) return error;
  const uint64_t base = call.u64(1);
  const uint64_t inheriting = call.u64(2);
  uint64_t now_inheriting = d->rights_inheriting;
  if (inheriting & ~now_inheriting) return Errno::notcapable;
  uint64_t now = d->rights_base;
  do {
    if (base & ~now) return Errno::notcapable;
  } while (!d->rights_base.compare_exchange_weak(now, base));
  do {
    if (inheriting & ~now_inheriting) return Errno::notcapable;
  } while (!d->rights_inheriting.compare_exchange_weak(now_inheriting, inheriting));
  return Errno::success;
}

Result fd_prestat_get(Call& call) {
  std::shared_ptr<Descriptor> d;
  if (const Errno e = preopen(call, d); e != Errno::success) return e;
  uint8_t prestat[8] = {};  // tag 0: a directory
  put(prestat, 4, static_cast<uint32_t>(d->preopen.size()));
  return call.memory.write(call.u32(1), prestat, sizeof prestat) ? Errno::success : Errno::fault;
}

Result fd_prestat_dir_name(Call& call) {
  std::shared_ptr<Descriptor> d;
  if (const Errno e = preopen(call, d); e != Errno::success) return e;
  if (call.u32(2) < d->preopen.size()) return Errno::nametoolong;
  return call.memory.write(call.u32(1), d->preopen.data(), d->preopen.size()) ? Errno::success
                                                                              : Errno::fault;
}

}  // namespace weft::wasi::functions
