// One call of a preview1 function: its arguments, the caller's memory, and what it keeps while it
// waits. A function never blocks: where it would have to, it says for what (`Blocked`), and whoever
// runs the thread waits for that and calls it again with the same CallState. So one source serves
// OS threads and virtual time. Knows no scheduler.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "reference/wasi/guest.h"
#include "reference/wasi/process.h"

namespace weft::wasi {

// A descriptor that a blocked call waits for.
struct Interest {
  std::shared_ptr<Descriptor> descriptor;
  bool write = false;  // else read
};

// One subscription of poll_oneoff, read once from guest memory.
struct Subscription {
  uint64_t userdata = 0;
  EventType type = EventType::kClock;
  Clock clock = Clock::kMonotonic;
  uint64_t deadline = 0;  // kClock: on its clock, absolute
  std::shared_ptr<Descriptor> descriptor;
  Errno error = Errno::success;  // found while reading it: the subscription is ready with it
};

// What survives between the attempts of one call.
struct CallState {
  bool started = false;
  std::string buffer;                                  // fd_write: the bytes, gathered once
  std::vector<std::pair<uint32_t, uint32_t>> vectors;  // fd_read: (address, length), read once
  size_t done = 0;                                     // bytes written so far
  std::vector<Subscription> subscriptions;
  std::shared_ptr<Descriptor> descriptor;

  // Set where the call reports Blocked: for which descriptors, until when (monotonic clock of the
  // process's host, nanoseconds; empty: without end), and until when on the realtime clock.
  std::vector<Interest> interests;
  std::optional<uint64_t> until;
};

enum class Outcome : uint8_t { kDone, kBlocked, kExit, kYield };

struct Result {
  Result(Errno error) : error(error) {}  // NOLINT: every function ends with an errno
  static Result blocked() { return Result(Outcome::kBlocked, 0); }
  static Result exit(uint32_t code) { return Result(Outcome::kExit, code); }
  // Done with success; a good moment for another thread to run.
  static Result yield() { return Result(Outcome::kYield, 0); }

  Outcome outcome = Outcome::kDone;
  Errno error = Errno::success;  // kDone
  uint32_t code = 0;             // kExit

 private:
  Result(Outcome outcome, uint32_t code) : outcome(outcome), code(code) {}
};

struct Call {
  Process& process;
  GuestMemory& memory;
  std::span<const uint64_t> args;  // as on the operand stack: i32 in the low half
  CallState& state;

  uint32_t u32(size_t i) const { return static_cast<uint32_t>(args[i]); }
  uint64_t u64(size_t i) const { return args[i]; }
  Host& host() const { return process.host(); }
  // The descriptor that argument i names; badf, or notcapable where it lacks one of `rights`.
  Errno descriptor(size_t i, uint64_t rights, std::shared_ptr<Descriptor>& found) const;
  // A path argument: (address, length) at i and i + 1. fault, inval (NUL inside), ilseq (UTF-8).
  Errno path(size_t i, std::string& text) const;
};

}  // namespace weft::wasi
