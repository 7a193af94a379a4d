// sock_*. A command module is given no sockets; a standard stream may be one. Everything else is
// notsock (or badf), as for any descriptor that is no socket.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>

#include "reference/wasi/functions.h"
#include "reference/wasi/transfer.h"

namespace weft::wasi::functions {
namespace {

constexpr uint32_t kPeek = 1, kWaitall = 2;
constexpr uint16_t kTruncated = 1;

Errno socket_of(Call& call, uint64_t rights) {
  auto& d = call.state.descriptor;
  d = call.process.fds().get(call.u32(0));
  if (!d) return Errno::badf;
  if (d->type != Filetype::kSocketStream && d->type != Filetype::kSocketDgram) {
    return Errno::notsock;
  }
  return (d->rights_base & rights) == rights ? Errno::success : Errno::notcapable;
}

// EAGAIN of a call that must not wait in the kernel.
Result not_ready(Call& call, bool write) {
  if (errno != EAGAIN && errno != EINTR) return from_host(errno);
  if (call.state.descriptor->flags & fdflag::kNonblock) return Errno::again;
  return wait_for(call, call.state.descriptor, write);
}

// At the first attempt finds the socket; later ones find out whether it was closed meanwhile.
Errno attempt(Call& call, uint64_t rights) {
  if (call.state.started) {
    return call.state.descriptor->is_closed() ? Errno::badf : Errno::success;
  }
  return socket_of(call, rights);
}

}  // namespace

// (fd, flags, connection)
Result sock_accept(Call& call) {
  if (const Errno e = attempt(call, right::kSockAccept); e != Errno::success) return e;
  if (call.u32(1) & ~uint32_t{fdflag::kNonblock}) return Errno::inval;
  if (!call.memory.contains(call.u32(2), 4)) return Errno::fault;
  call.state.started = true;
  auto& d = *call.state.descriptor;
  const std::lock_guard lock(d.stream);
  if (!is_ready(d.fd(), false)) {
    errno = EAGAIN;
    return not_ready(call, false);
  }
  UniqueFd fd(accept4(d.fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!fd) return not_ready(call, false);
  auto entry =
      std::make_shared<Descriptor>(std::move(fd), Filetype::kSocketStream, right::kSocket, 0);
  entry->flags = static_cast<uint16_t>(call.u32(1));
  uint32_t number;
  if (const Errno e = call.process.fds().insert(std::move(entry), number); e != Errno::success) {
    return e;
  }
  return store(call.memory, call.u32(2), number) ? Errno::success : Errno::fault;
}

// (fd, iovs, iovs_len, riflags, ro_datalen, ro_flags)
Result sock_recv(Call& call) {
  if (const Errno e = attempt(call, right::kFdRead); e != Errno::success) return e;
  const uint32_t flags = call.u32(3);
  if (flags & ~(kPeek | kWaitall)) return Errno::inval;
  if (!call.state.started) {
    if (const Errno e = read_vectors(call, 1); e != Errno::success) return e;
    call.state.started = true;
  }
  CallState& state = call.state;
  const size_t wanted = total_length(state);
  uint16_t result_flags = 0;
  do {
    std::string bytes(wanted - state.buffer.size(), '\0');
    iovec vector = {bytes.data(), bytes.size()};
    msghdr message = {};
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    const int how = MSG_DONTWAIT | ((flags & kPeek) ? MSG_PEEK : 0);
    const ssize_t n = recvmsg(state.descriptor->fd(), &message, how);
    if (n < 0) return not_ready(call, false);
    if (message.msg_flags & MSG_TRUNC) result_flags = kTruncated;
    state.buffer.append(bytes, 0, static_cast<size_t>(n));
    if (n == 0) break;  // end of the stream
  } while ((flags & kWaitall) && !(flags & kPeek) && state.buffer.size() < wanted);
  if (const Errno e = scatter(call, state.buffer); e != Errno::success) return e;
  const bool fits = store(call.memory, call.u32(4), static_cast<uint32_t>(state.buffer.size())) &&
                    store(call.memory, call.u32(5), result_flags);
  return fits ? Errno::success : Errno::fault;
}

// (fd, iovs, iovs_len, siflags, so_datalen)
Result sock_send(Call& call) {
  if (const Errno e = attempt(call, right::kFdWrite); e != Errno::success) return e;
  if (call.u32(3) != 0) return Errno::inval;
  CallState& state = call.state;
  if (!state.started) {
    if (const Errno e = gather(call, 1); e != Errno::success) return e;
    if (!call.memory.contains(call.u32(4), 4)) return Errno::fault;
    state.started = true;
  }
  const ssize_t n = send(state.descriptor->fd(), state.buffer.data(), state.buffer.size(),
                         MSG_DONTWAIT | MSG_NOSIGNAL);
  if (n < 0) return not_ready(call, true);
  return store(call.memory, call.u32(4), static_cast<uint32_t>(n)) ? Errno::success : Errno::fault;
}

// (fd, how): 1 reads, 2 writes, 3 both
Result sock_shutdown(Call& call) {
  if (const Errno e = socket_of(call, right::kSockShutdown); e != Errno::success) return e;
  const uint32_t how = call.u32(1) & 0xFF;
  if (how < 1 || how > 3) return Errno::inval;
  static constexpr int kHow[] = {SHUT_RD, SHUT_WR, SHUT_RDWR};
  return shutdown(call.state.descriptor->fd(), kHow[how - 1]) == 0 ? Errno::success
                                                                   : from_host(errno);
}

}  // namespace weft::wasi::functions
