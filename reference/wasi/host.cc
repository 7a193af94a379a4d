#include "reference/wasi/host.h"

#include <sys/random.h>
#include <time.h>

#include <cerrno>

namespace weft::wasi {
namespace {

std::optional<clockid_t> clock_id(Clock clock) {
  switch (clock) {
    case Clock::kRealtime:
      return CLOCK_REALTIME;
    case Clock::kMonotonic:
      return CLOCK_MONOTONIC;
    case Clock::kProcessCpu:
      return CLOCK_PROCESS_CPUTIME_ID;
    case Clock::kThreadCpu:
      return CLOCK_THREAD_CPUTIME_ID;
  }
  return std::nullopt;
}

uint64_t nanoseconds(const timespec& t) {
  return static_cast<uint64_t>(t.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(t.tv_nsec);
}

class RealHost final : public Host {
 public:
  std::optional<uint64_t> now(Clock clock) override {
    timespec t;
    const auto id = clock_id(clock);
    if (!id || clock_gettime(*id, &t) != 0) return std::nullopt;
    return nanoseconds(t);
  }

  std::optional<uint64_t> resolution(Clock clock) override {
    timespec t;
    const auto id = clock_id(clock);
    if (!id || clock_getres(*id, &t) != 0) return std::nullopt;
    return nanoseconds(t);
  }

  bool random(std::span<uint8_t> bytes) override {
    size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t n = getrandom(bytes.data() + done, bytes.size() - done, 0);
      if (n < 0 && errno != EINTR) return false;
      if (n > 0) done += static_cast<size_t>(n);
    }
    return true;
  }
};

}  // namespace

Host& real_host() {
  static RealHost host;
  return host;
}

}  // namespace weft::wasi
