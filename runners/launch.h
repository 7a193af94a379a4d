// Starts the init of a contained child and, below it, the engine (contained_child.h). Everything
// that runs between fork and exec is here: system calls only, no allocation, no locks.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace weft::runners {

// What the new processes need, prepared before the fork.
struct Launch {
  const char* path = nullptr;  // of the executable
  char* const* argv = nullptr;
  char* const* envp = nullptr;
  const char* cwd = nullptr;        // or null
  int in = -1, out = -1, err = -1;  // the engine's standard streams
  int failed = -1;                  // pipe: a `StartFailure`, or closed by a successful exec
  int report = -1;                  // pipe: the engine's wait status
};

struct StartFailure {
  char step;   // 'c' chdir, 'f' fork, 'e' exec
  int number;  // errno
};

struct Launched {
  pid_t init = -1;  // -1: `error` is the errno
  int pidfd = -1;
  bool in_namespace = false;
  int error = 0;
};

// Forks from the one thread of the process that does so and lives as long as it: the children ask
// to be killed when the thread that forked them ends (PR_SET_PDEATHSIG).
Launched launch(const Launch& launch, bool may_use_namespace, bool must_use_namespace);

}  // namespace weft::runners
