// Ctrl-C and SIGTERM of `weft run`. The first: begin no more cases, end those that run, report. The
// second: leave at once, but never in the middle of writing files. The third: at once whatever is.
// Knows no run.
#pragma once

#include <atomic>

namespace weft::cli {

// Requests to stop so far.
extern std::atomic<int> interrupts;

// Takes SIGINT and SIGTERM from now on; a closed pipe is an error of a write, no death.
void take_signals();

// While one lives the second signal waits for its end.
class WritingFiles {
 public:
  WritingFiles();
  ~WritingFiles();
  WritingFiles(const WritingFiles&) = delete;
  WritingFiles& operator=(const WritingFiles&) = delete;
};

}  // namespace weft::cli
