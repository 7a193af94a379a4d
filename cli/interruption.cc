#include "cli/interruption.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "runners/stop.h"

namespace weft::cli {

std::atomic<int> interrupts{0};

namespace {

constexpr int kInterrupted = 130;
std::atomic<int> writing{0};

// Containment removes every child when we end.
void on_interrupt(int) {
  const int errno_before = errno;
  const int before = interrupts.fetch_add(1);
  if (before > 1 || (before == 1 && writing == 0)) ::_exit(kInterrupted);
  runners::stop_children();
  errno = errno_before;
}

void on_closed_pipe(int) {}

}  // namespace

void take_signals() {
  (void)runners::stop_fd();
  struct sigaction action{};
  action.sa_handler = on_interrupt;
  // Whoever ran us in the background of a shell may have had SIGINT ignored: it stays so.
  struct sigaction before{};
  ::sigaction(SIGINT, nullptr, &before);
  if (before.sa_handler != SIG_IGN) ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  // A handler and not SIG_IGN, which the engines would inherit.
  action.sa_handler = on_closed_pipe;
  ::sigaction(SIGPIPE, &action, nullptr);
}

WritingFiles::WritingFiles() { ++writing; }
WritingFiles::~WritingFiles() {
  if (--writing == 0 && interrupts > 1) ::_exit(kInterrupted);
}

}  // namespace weft::cli
