// Faults that these tests catch: both busy threads on cores_[0] in spread(), no restoration in
// ~Work(), and placement on a machine with one core (`cores.size() < 2` dropped).
#include "runners/placement.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <optional>
#include <vector>

namespace weft::runners {
namespace {

cpu_set_t allowed(pid_t process) {
  cpu_set_t set;
  CPU_ZERO(&set);
  ::sched_getaffinity(process, sizeof set, &set);
  return set;
}

// A child that never sleeps, until the test ends.
class Busy {
 public:
  Busy() {
    process_ = ::fork();
    if (process_ != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (volatile unsigned turns = 0;;) turns = turns + 1;
  }
  ~Busy() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;
  pid_t process() const { return process_; }

 private:
  pid_t process_;
};

// Placement happens in its own time: the harness's deadline ends a test that waits for ever.
void wait_until(const std::function<bool()>& holds) {
  while (!holds()) ::usleep(2000);
}

TEST(Placement, BusyThreadsGetCoresOfTheirOwnAndAreSetFree) {
  if (Placer::cores() < 2) GTEST_SKIP() << "this machine has one core: there is nothing to place";
  const Busy one, two;
  const cpu_set_t before = allowed(one.process());
  {
    const Placer placer(Placement::kSpread, ::getpid());
    wait_until([&] {
      const cpu_set_t a = allowed(one.process()), b = allowed(two.process());
      return CPU_COUNT(&a) == 1 && CPU_COUNT(&b) == 1 && !CPU_EQUAL(&a, &b);
    });
  }
  const cpu_set_t a = allowed(one.process()), b = allowed(two.process());
  EXPECT_TRUE(CPU_EQUAL(&before, &a));
  EXPECT_TRUE(CPU_EQUAL(&before, &b));
}

TEST(Placement, OneCoreForAll) {
  if (Placer::cores() < 2) GTEST_SKIP() << "this machine has one core: there is nothing to place";
  const Busy one, two;
  const Placer placer(Placement::kOneCore, ::getpid());
  wait_until([&] {
    const cpu_set_t a = allowed(one.process()), b = allowed(two.process());
    return CPU_COUNT(&a) == 1 && CPU_EQUAL(&a, &b);
  });
}

TEST(Placement, WithOneCoreNothingIsChanged) {
  const cpu_set_t all = allowed(0);
  const Busy one, two;  // they may use all cores: a change would show
  cpu_set_t first;
  CPU_ZERO(&first);
  for (int core = 0; core < CPU_SETSIZE && CPU_COUNT(&first) == 0; ++core) {
    if (CPU_ISSET(core, &all)) CPU_SET(core, &first);
  }
  ASSERT_EQ(::sched_setaffinity(0, sizeof first, &first), 0);
  EXPECT_EQ(Placer::cores(), 1u);
  {
    const Placer spread(Placement::kSpread, ::getpid());
    const Placer gather(Placement::kOneCore, ::getpid());
  }
  const cpu_set_t a = allowed(one.process());
  EXPECT_EQ(::sched_setaffinity(0, sizeof all, &all), 0);
  EXPECT_TRUE(CPU_EQUAL(&a, &all));
}

}  // namespace
}  // namespace weft::runners
