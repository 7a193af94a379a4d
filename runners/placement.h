// Where the threads of a running engine may run: a litmus test shows its weak outcomes only while
// its threads run at the same time, on cores of their own. Works from outside, on what /proc shows,
// for engines that know nothing of it. Knows no runtimes.
#pragma once

#include <sys/types.h>

#include <memory>

namespace weft::runners {

enum class Placement {
  kFree,     // the kernel decides
  kSpread,   // each busy thread on a core of its own, in turn when cores are fewer
  kOneCore,  // everything on one core: threads alternate only where they are preempted or sleep
};

const char* name_of(Placement placement);

// Places all threads of the processes below `root` until it is destroyed; then they may run on
// every core that weft may use. Uses none but those. With one core, or where the kernel refuses,
// nothing is changed: placement is a stimulus, never a condition.
class Placer {
 public:
  Placer(Placement placement, pid_t root);
  ~Placer();
  Placer(const Placer&) = delete;
  Placer& operator=(const Placer&) = delete;
  // Cores that weft itself may use.
  static unsigned cores();

 private:
  class Work;
  std::unique_ptr<Work> work_;
};

}  // namespace weft::runners
