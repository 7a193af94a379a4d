#include "runners/stop.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>

namespace weft::runners {
namespace {

std::atomic<bool> stopped{false};
std::atomic<int> event{-1};

}  // namespace

void stop_children() noexcept {
  stopped = true;
  const uint64_t one = 1;
  if (const int fd = event; fd >= 0) (void)!::write(fd, &one, sizeof one);
}

bool children_stopped() noexcept { return stopped; }

int stop_fd() {
  static const int fd = [] {
    const int made = ::eventfd(stopped ? 1 : 0, EFD_CLOEXEC | EFD_NONBLOCK);
    event = made;
    if (stopped) stop_children();
    return made;
  }();
  return fd;
}

}  // namespace weft::runners
