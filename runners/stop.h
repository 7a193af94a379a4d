// The user's wish to end now, for everything that runs children: whoever waits for a child looks at
// one descriptor beside the child's. Knows no signals; a handler may call it.
#pragma once

namespace weft::runners {

// From now on every child is removed as if its time were over, and none is started. For good.
// Async-signal-safe once stop_fd() was called.
void stop_children() noexcept;
bool children_stopped() noexcept;

// Becomes and stays readable after stop_children(). -1 if there is none: then children_stopped() is
// looked at every 50 ms.
int stop_fd();

}  // namespace weft::runners
