// One host program at a time: started when it is needed, spoken to, and what it answers turned into
// observations. Knows the protocol's headers; decides nothing about batches.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "reference/base/expected.h"
#include "runners/child.h"
#include "runners/host_runtime.h"
#include "runners/placement.h"
#include "runners/protocol.h"

namespace weft::runners {

struct HostAnswer {
  bool is_answer =
      false;          // else `seen` is how the host failed: kTimeout, kSignal, kOom, kHostError
  bool last = false;  // the host has left after this answer
  Observation seen;
};

class HostProcess {
 public:
  explicit HostProcess(const HostSetup& setup) : setup_(setup) {}

  bool running() const { return child_ != nullptr; }
  int starts() const { return starts_; }
  // Starts it if it is not running. 1 and nothing where that fails.
  size_t largest_batch();
  std::vector<std::string> features();

  // Sends a batch: the cases at `indices`. Starts the host if it is not running.
  Expected<void> send(std::span<const Case> cases, const std::vector<size_t>& indices);
  // The next answer; the host is stopped when there is none within `seconds`, and after a last one.
  HostAnswer receive(double seconds, Placement placement = Placement::kFree);
  void stop();

 private:
  Expected<void> start();
  Expected<void> greet();
  // The next frame, or how the host ended.
  Expected<Frame> next_frame(double seconds, Observation& failure);
  Observation observe(const Frame& frame, double seconds);

  const HostSetup& setup_;
  std::unique_ptr<Child> child_;
  FrameReader reader_;
  int starts_ = 0;
  int failed_starts_ = 0;  // in a row
  Error start_error_;
  size_t largest_batch_ = 1;
  std::vector<std::string> features_;
};

}  // namespace weft::runners
