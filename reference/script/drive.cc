#include "reference/script/drive.h"

#include <chrono>

namespace weft::script {
namespace {

using machine::Stop;

struct Parked {
  Parking* parking;
  bool woken = false;
};

void wake(machine::Waiter& waiter) {
  auto& parked = *static_cast<Parked*>(waiter.parker);
  std::lock_guard lock(parked.parking->mutex);
  parked.woken = true;
  parked.parking->condition.notify_all();
}

// Until notified, timed out, or told to stop.
void park(Parked& parked, int64_t timeout) {
  std::unique_lock lock(parked.parking->mutex);
  const auto done = [&] { return parked.woken || parked.parking->stop.load() != 0; };
  // A deadline that the clock cannot represent lies beyond any script's end.
  constexpr int64_t kLongest = int64_t{1} << 61;
  if (timeout < 0 || timeout > kLongest) {
    parked.parking->condition.wait(lock, done);
  } else {
    const auto until = std::chrono::steady_clock::now() + std::chrono::nanoseconds(timeout);
    parked.parking->condition.wait_until(lock, until, done);
  }
}

}  // namespace

void Parking::stop_all() {
  std::lock_guard lock(mutex);
  stop.store(1);
  condition.notify_all();
}

Outcome call(const machine::Func& function, const std::vector<machine::Value>& arguments,
             Parking& parking, bool stepwise) {
  machine::Thread thread(&parking.stop);
  thread.start(function, arguments);
  Parked parked{&parking};
  thread.waiter().wake = wake;
  thread.waiter().parker = &parked;
  for (;;) {
    if (parking.stop.load() != 0) return {Outcome::Kind::kStopped, {}, {}};
    Stop stop = thread.run(stepwise ? machine::Until::kVisible : machine::Until::kBlocked);
    if (stop == Stop::kVisible) stop = thread.perform();
    switch (stop) {
      case Stop::kFinished:
        return {Outcome::Kind::kResults, thread.results(), {}};
      case Stop::kTrapped:
        return {Outcome::Kind::kTrap, {}, thread.trap()};
      case Stop::kWaiting:
        park(parked, thread.timeout());
        thread.finish_wait();
        parked.woken = false;
        break;
      case Stop::kStopped:
        return {Outcome::Kind::kStopped, {}, {}};
      case Stop::kHostCall:
      case Stop::kVisible:
      case Stop::kPerformed:
        break;
    }
  }
}

}  // namespace weft::script
