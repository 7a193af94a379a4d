#include "reference/schedule/parker.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

namespace weft::schedule {
namespace {

long futex(std::atomic<uint32_t>* word, int operation, uint32_t value, const timespec* deadline) {
  return syscall(SYS_futex, reinterpret_cast<uint32_t*>(word), operation | FUTEX_PRIVATE_FLAG,
                 value, deadline, nullptr, FUTEX_BITSET_MATCH_ANY);
}

}  // namespace

uint64_t monotonic_now() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<uint64_t>(t.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(t.tv_nsec);
}

std::optional<uint64_t> deadline_after(uint64_t now, int64_t timeout) {
  if (timeout < 0) return std::nullopt;
  const uint64_t deadline = now + static_cast<uint64_t>(timeout);
  // 2^63 ns and more: 292 years from boot, which the kernel's clocks cannot say either.
  if (deadline < now || deadline > uint64_t{INT64_MAX}) return std::nullopt;
  return deadline;
}

void Parker::wake() {
  word_.store(1);
  futex(&word_, FUTEX_WAKE, 1, nullptr);
}

void Parker::park(std::optional<uint64_t> deadline) {
  if (!deadline) {
    futex(&word_, FUTEX_WAIT_BITSET, 0, nullptr);
    return;
  }
  const timespec t = {static_cast<time_t>(*deadline / 1'000'000'000u),
                      static_cast<long>(*deadline % 1'000'000'000u)};
  futex(&word_, FUTEX_WAIT_BITSET, 0, &t);
}

}  // namespace weft::schedule
