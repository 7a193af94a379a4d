#include "reference/wasi/host_wait.h"

#include <poll.h>
#include <time.h>

namespace weft::wasi {

void wait_on_host(Process& process, const CallState& state) {
  std::vector<pollfd> fds = {{process.stop_event(), POLLIN, 0}};
  for (const Interest& interest : state.interests) {
    Descriptor& d = *interest.descriptor;
    const short events = interest.write ? POLLOUT : POLLIN;
    if (d.fd() >= 0) fds.push_back({d.fd(), events, 0});
    fds.push_back({d.closed_event(), POLLIN, 0});
  }
  if (!state.until) {
    poll(fds.data(), fds.size(), -1);
    return;
  }
  const uint64_t now = process.host().now(Clock::kMonotonic).value_or(0);
  if (*state.until <= now) return;
  const uint64_t left = *state.until - now;
  const timespec timeout = {static_cast<time_t>(left / 1'000'000'000u),
                            static_cast<long>(left % 1'000'000'000u)};
  ppoll(fds.data(), fds.size(), &timeout, nullptr);
}

}  // namespace weft::wasi
