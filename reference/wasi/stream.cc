// fd_read, fd_write, fd_pread, fd_pwrite, fd_seek, fd_tell: bytes in and out, always through a
// private buffer. An fd_write or fd_pwrite to a file is one system call, so that it does not
// interleave with others (P1-011); one read or write at a time uses a stream, so that "ready" still
// holds when it is used and no thread is caught inside the kernel.
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "reference/wasi/functions.h"
#include "reference/wasi/transfer.h"

namespace weft::wasi {

// Most bytes that one call moves; a longer one is a short read or write.
constexpr size_t kMostBytes = 16u << 20;
constexpr uint32_t kMostVectors = 1024;
// A pipe that reports POLLOUT takes a page without blocking.
constexpr size_t kStreamChunk = 4096;

Errno read_vectors(Call& call, size_t i) {
  auto& vectors = call.state.vectors;
  const uint32_t count = call.u32(i + 1);
  if (!call.memory.contains(call.u32(i), uint64_t{count} * 8)) return Errno::fault;
  if (count > kMostVectors) return Errno::inval;
  std::vector<uint32_t> raw(size_t{count} * 2);
  if (!call.memory.read(call.u32(i), raw.data(), raw.size() * 4)) return Errno::fault;
  vectors.clear();
  size_t total = 0;
  for (size_t v = 0; v < count; v++) {
    if (!call.memory.contains(raw[2 * v], raw[2 * v + 1])) return Errno::fault;
    const size_t length = std::min<size_t>(raw[2 * v + 1], kMostBytes - total);
    vectors.emplace_back(raw[2 * v], static_cast<uint32_t>(length));
    total += length;
  }
  return Errno::success;
}

size_t total_length(const CallState& state) {
  size_t total = 0;
  for (const auto& [address, length] : state.vectors) total += length;
  return total;
}

Errno gather(Call& call, size_t i) {
  if (const Errno error = read_vectors(call, i); error != Errno::success) return error;
  std::string& buffer = call.state.buffer;
  buffer.resize(total_length(call.state));
  size_t at = 0;
  for (const auto& [address, length] : call.state.vectors) {
    if (!call.memory.read(address, buffer.data() + at, length)) return Errno::fault;
    at += length;
  }
  return Errno::success;
}

Errno scatter(Call& call, const std::string& bytes) {
  size_t at = 0;
  for (const auto& [address, length] : call.state.vectors) {
    const size_t n = std::min<size_t>(length, bytes.size() - at);
    if (n == 0) break;
    if (!call.memory.write(address, bytes.data() + at, n)) return Errno::fault;
    at += n;
  }
  return Errno::success;
}

bool is_ready(int fd, bool write) {
  pollfd one = {fd, static_cast<short>(write ? POLLOUT : POLLIN), 0};
  return ::poll(&one, 1, 0) > 0;
}

Result wait_for(Call& call, const std::shared_ptr<Descriptor>& descriptor, bool write) {
  call.state.interests = {{descriptor, write}};
  return Result::blocked();
}

namespace {

// A broken pipe is an errno, not a signal that ends the embedder.
class NoSigpipe {
 public:
  NoSigpipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoSigpipe() {
    const int saved = errno;
    const timespec now = {0, 0};
    if (broken && !sigismember(&before_, SIGPIPE)) sigtimedwait(&pipe_, nullptr, &now);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    errno = saved;
  }
  bool broken = false;

 private:
  sigset_t pipe_, before_;
};

ssize_t write_stream(int fd, const char* bytes, size_t n) {
  NoSigpipe guard;
  const ssize_t written = ::write(fd, bytes, n);
  guard.broken = written < 0 && errno == EPIPE;
  return written;
}

ssize_t write_file(Descriptor& d, const char* bytes, size_t n) {
  if ((d.flags & fdflag::kAppend) == 0) return ::write(d.fd(), bytes, n);
  iovec vector = {const_cast<char*>(bytes), n};
  const ssize_t written = pwritev2(d.fd(), &vector, 1, -1, RWF_APPEND);
  if (written >= 0 || (errno != EOPNOTSUPP && errno != ENOSYS)) return written;
  lseek(d.fd(), 0, SEEK_END);
  return ::write(d.fd(), bytes, n);
}

Result read_buffer(Call& call, const std::shared_ptr<Descriptor>& d, std::string& bytes) {
  Buffer& buffer = *d->buffer;
  const std::lock_guard lock(buffer.mutex);
  const size_t n = std::min(bytes.size(), buffer.input.size() - buffer.position);
  if (n == 0 && !bytes.empty() && buffer.never_ends) return wait_for(call, d, false);
  bytes.assign(buffer.input, buffer.position, n);
  buffer.position += n;
  return Errno::success;
}

// What reads do once the vectors are known: `offset` for fd_pread, else the descriptor's own.
Result read_into(Call& call, const std::shared_ptr<Descriptor>& d, std::optional<uint64_t> offset,
                 uint32_t count_at) {
  std::string bytes(total_length(call.state), '\0');
  if (d->buffer) {
    if (const Result r = read_buffer(call, d, bytes);
        r.outcome != Outcome::kDone || r.error != Errno::success) {
      return r;
    }
  } else {
    ssize_t n;
    if (offset) {
      n = pread(d->fd(), bytes.data(), bytes.size(), static_cast<off_t>(*offset));
    } else if (!d->may_block()) {
      n = ::read(d->fd(), bytes.data(), bytes.size());
    } else {
      const std::lock_guard lock(d->stream);
      if (!is_ready(d->fd(), false)) {
        if (d->flags & fdflag::kNonblock) return Errno::again;
        return wait_for(call, d, false);
      }
      iovec vector = {bytes.data(), bytes.size()};
      n = preadv2(d->fd(), &vector, 1, -1, RWF_NOWAIT);
      if (n < 0 && (errno == EOPNOTSUPP || errno == ENOSYS)) {
        n = ::read(d->fd(), bytes.data(), bytes.size());
      }
      // Somebody outside this program was faster.
      if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
        if (d->flags & fdflag::kNonblock) return Errno::again;
        return wait_for(call, d, false);
      }
    }
    if (n < 0) return from_host(errno);
    bytes.resize(static_cast<size_t>(n));
  }
  if (const Errno error = scatter(call, bytes); error != Errno::success) return error;
  return store(call.memory, count_at, static_cast<uint32_t>(bytes.size())) ? Errno::success
                                                                           : Errno::fault;
}

Result write_done(Call& call, uint32_t count_at) {
  return store(call.memory, count_at, static_cast<uint32_t>(call.state.done)) ? Errno::success
                                                                              : Errno::fault;
}

// Writes what is left of the buffer, as far as it goes without blocking.
Result write_some(Call& call, const std::shared_ptr<Descriptor>& d, uint32_t count_at) {
  CallState& state = call.state;
  if (d->buffer) {
    const std::lock_guard lock(d->buffer->mutex);
    if (state.buffer.size() > d->buffer->limit - d->buffer->output.size()) return Errno::nospc;
    d->buffer->output += state.buffer;
    state.done = state.buffer.size();
    return write_done(call, count_at);
  }
  const std::lock_guard lock(d->stream);
  if (!d->may_block()) {
    const ssize_t n = write_file(*d, state.buffer.data(), state.buffer.size());
    if (n < 0) return from_host(errno);
    state.done = static_cast<size_t>(n);
    return write_done(call, count_at);
  }
  do {
    if (!is_ready(d->fd(), true)) {
      if (d->flags & fdflag::kNonblock) break;
      return wait_for(call, d, true);
    }
    const size_t n = std::min(state.buffer.size() - state.done, kStreamChunk);
    const ssize_t written = write_stream(d->fd(), state.buffer.data() + state.done, n);
    if (written < 0 && errno == EAGAIN) {
      if (d->flags & fdflag::kNonblock) break;
      return wait_for(call, d, true);
    }
    if (written < 0 && state.done == 0) return from_host(errno);
    if (written < 0) break;
    state.done += static_cast<size_t>(written);
  } while (state.done < state.buffer.size());
  if (state.done == 0 && !state.buffer.empty()) return Errno::again;
  return write_done(call, count_at);
}

// The descriptor of a read or write at an offset, which needs the right to seek too.
Errno positioned(Call& call, uint64_t rights, std::shared_ptr<Descriptor>& d) {
  if (const Errno e = call.descriptor(0, rights, d); e != Errno::success) return e;
  if (d->may_block()) return Errno::spipe;
  return d->rights_base & right::kFdSeek ? Errno::success : Errno::notcapable;
}

}  // namespace

namespace functions {

Result fd_read(Call& call) {
  CallState& state = call.state;
  if (!state.started) {
    const Errno error = call.descriptor(0, right::kFdRead, state.descriptor);
    if (error != Errno::success) return error;
    if (const Errno e = read_vectors(call, 1); e != Errno::success) return e;
    state.started = true;
  } else if (state.descriptor->is_closed()) {
    return Errno::badf;  // its number was taken away while the call waited (P1-016)
  }
  return read_into(call, state.descriptor, std::nullopt, call.u32(3));
}

Result fd_write(Call& call) {
  CallState& state = call.state;
  if (!state.started) {
    const Errno error = call.descriptor(0, right::kFdWrite, state.descriptor);
    if (error != Errno::success) return error;
    if (const Errno e = gather(call, 1); e != Errno::success) return e;
    if (!call.memory.contains(call.u32(3), 4)) return Errno::fault;
    state.started = true;
  } else if (state.descriptor->is_closed()) {
    return Errno::badf;
  }
  return write_some(call, state.descriptor, call.u32(3));
}

Result fd_pread(Call& call) {
  std::shared_ptr<Descriptor> d;
  if (const Errno e = positioned(call, right::kFdRead, d); e != Errno::success) return e;
  if (const Errno e = read_vectors(call, 1); e != Errno::success) return e;
  return read_into(call, d, call.u64(3), call.u32(4));
}

Result fd_pwrite(Call& call) {
  std::shared_ptr<Descriptor> d;
  if (const Errno e = positioned(call, right::kFdWrite, d); e != Errno::success) return e;
  if (const Errno e = gather(call, 1); e != Errno::success) return e;
  const ssize_t n = pwrite(d->fd(), call.state.buffer.data(), call.state.buffer.size(),
                           static_cast<off_t>(call.u64(3)));
  if (n < 0) return from_host(errno);
  call.state.done = static_cast<size_t>(n);
  return write_done(call, call.u32(4));
}

Result fd_seek(Call& call) {
  std::shared_ptr<Descriptor> d;
  const auto offset = static_cast<int64_t>(call.u64(1));
  const uint32_t whence = call.u32(2) & 0xFF;
  Errno error = call.descriptor(0, 0, d);
  if (error != Errno::success) return error;
  if (d->may_block()) return Errno::spipe;
  // Where the offset does not move, the right to tell is enough.
  const bool tells = whence == 1 && offset == 0;
  const uint64_t need = tells ? right::kFdTell : right::kFdSeek;
  if ((d->rights_base & (need | right::kFdSeek)) == 0) return Errno::notcapable;
  if (whence > 2) return Errno::inval;
  static constexpr int kWhence[] = {SEEK_SET, SEEK_CUR, SEEK_END};
  const off_t now = lseek(d->fd(), offset, kWhence[whence]);
  if (now < 0) return from_host(errno);
  return store(call.memory, call.u32(3), static_cast<uint64_t>(now)) ? Errno::success
                                                                     : Errno::fault;
}

Result fd_tell(Call& call) {
  std::shared_ptr<Descriptor> d;
  const Errno error = call.descriptor(0, 0, d);
  if (error != Errno::success) return error;
  if (d->may_block()) return Errno::spipe;
  if ((d->rights_base & (right::kFdTell | right::kFdSeek)) == 0) return Errno::notcapable;
  const off_t now = lseek(d->fd(), 0, SEEK_CUR);
  if (now < 0) return from_host(errno);
  return store(call.memory, call.u32(1), static_cast<uint64_t>(now)) ? Errno::success
                                                                     : Errno::fault;
}

}  // namespace functions
}  // namespace weft::wasi
