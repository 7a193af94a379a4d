#include "reference/wasi/host_wait.h"

#include <poll.h>
#include <time.h>

#include <map>
#include <vector>

namespace weft::wasi {

void wait_on_host(Process& process, const CallState& state) {
  // Each descriptor once: poll refuses more entries than the process may have open files.
  std::map<Descriptor*, short> wanted;
  for (const Interest& interest : state.interests) {
    wanted[interest.descriptor.get()] |= interest.write ? POLLOUT : POLLIN;
  }
  std::vector<pollfd> fds = {{process.stop_event(), POLLIN, 0}};
  for (const auto& [descriptor, events] : wanted) {
    if (descriptor->fd() >= 0) fds.push_back({descriptor->fd(), events, 0});
    fds.push_back({descriptor->closed_event(), POLLIN, 0});
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
