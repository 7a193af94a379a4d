// poll_oneoff.
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <algorithm>

#include "reference/wasi/functions.h"
#include "reference/wasi/transfer.h"

namespace weft::wasi::functions {
namespace {

constexpr uint32_t kSubscriptionSize = 48, kEventSize = 32;
constexpr uint32_t kMostSubscriptions = 1u << 16;
constexpr uint16_t kHangup = 1;

struct Event {
  uint64_t userdata;
  Errno error;
  EventType type;
  uint64_t bytes = 0;
  uint16_t flags = 0;
};

Subscription parse(Call& call, const uint8_t* raw) {
  Subscription s;
  s.userdata = take<uint64_t>(raw, 0);
  s.type = static_cast<EventType>(raw[8]);
  if (s.type == EventType::kClock) {
    s.clock = static_cast<Clock>(take<uint32_t>(raw, 16));
    const auto timeout = take<uint64_t>(raw, 24);
    const auto flags = take<uint16_t>(raw, 40);
    const auto now = call.host().now(s.clock);
    if (!now || (s.clock != Clock::kRealtime && s.clock != Clock::kMonotonic)) {
      s.error = Errno::inval;
    } else if (flags & kSubclockAbstime) {
      s.deadline = timeout;
    } else {
      s.deadline = timeout > UINT64_MAX - *now ? UINT64_MAX : *now + timeout;
    }
    return s;
  }
  s.descriptor = call.process.fds().get(take<uint32_t>(raw, 16));
  const uint64_t access = s.type == EventType::kFdRead ? right::kFdRead : right::kFdWrite;
  const uint64_t need = access | right::kPollFdReadwrite;
  if (!s.descriptor) {
    s.error = Errno::badf;
  } else if ((s.descriptor->rights_base & need) != need) {
    s.error = Errno::notcapable;
  }
  return s;
}

// fault, inval (a tag that the text does not know).
Errno read_subscriptions(Call& call) {
  const uint32_t count = call.u32(2);
  if (!call.memory.contains(call.u32(0), uint64_t{count} * kSubscriptionSize) ||
      !call.memory.contains(call.u32(1), uint64_t{count} * kEventSize) ||
      !call.memory.contains(call.u32(3), 4)) {
    return Errno::fault;
  }
  if (count > kMostSubscriptions) return Errno::inval;
  std::vector<uint8_t> raw(size_t{count} * kSubscriptionSize);
  if (!call.memory.read(call.u32(0), raw.data(), raw.size())) return Errno::fault;
  for (size_t i = 0; i < count; i++) {
    const uint8_t* one = raw.data() + i * kSubscriptionSize;
    if (one[8] > 2) return Errno::inval;
    call.state.subscriptions.push_back(parse(call, one));
  }
  return Errno::success;
}

// True where a read of the buffer would not wait.
bool buffer_event(const Subscription& s, Event& event) {
  Buffer& buffer = *s.descriptor->buffer;
  const std::lock_guard lock(buffer.mutex);
  if (s.type == EventType::kFdWrite) return true;
  event.bytes = buffer.input.size() - buffer.position;
  if (event.bytes == 0 && buffer.never_ends) return false;
  if (event.bytes == 0) event.flags = kHangup;
  return true;
}

bool descriptor_event(const Subscription& s, Event& event) {
  Descriptor& d = *s.descriptor;
  if (d.buffer) return buffer_event(s, event);
  const bool write = s.type == EventType::kFdWrite;
  if (!d.may_block()) {
    struct stat st;
    if (!write && fstat(d.fd(), &st) == 0) {
      const off_t at = lseek(d.fd(), 0, SEEK_CUR);
      event.bytes = at >= 0 && at < st.st_size ? static_cast<uint64_t>(st.st_size - at) : 0;
    }
    return true;
  }
  pollfd one = {d.fd(), static_cast<short>(write ? POLLOUT : POLLIN), 0};
  if (::poll(&one, 1, 0) <= 0) return false;
  int bytes = 0;
  if (!write && ioctl(d.fd(), FIONREAD, &bytes) == 0) event.bytes = static_cast<uint64_t>(bytes);
  if (one.revents & (POLLHUP | POLLERR)) event.flags = kHangup;
  return true;
}

// What is ready now.
std::vector<Event> ready_events(Call& call) {
  std::vector<Event> events;
  for (const Subscription& s : call.state.subscriptions) {
    Event event = {s.userdata, s.error, s.type};
    if (s.error == Errno::success) {
      if (s.type == EventType::kClock) {
        if (call.host().now(s.clock).value_or(0) < s.deadline) continue;
      } else if (s.descriptor->is_closed()) {
        event.error = Errno::badf;
      } else if (!descriptor_event(s, event)) {
        continue;
      }
    }
    events.push_back(event);
  }
  return events;
}

// Nothing is ready: what to wait for.
Result block(Call& call) {
  CallState& state = call.state;
  state.interests.clear();
  state.until.reset();
  const uint64_t now = call.host().now(Clock::kMonotonic).value_or(0);
  for (const Subscription& s : state.subscriptions) {
    if (s.type != EventType::kClock) {
      state.interests.push_back({s.descriptor, s.type == EventType::kFdWrite});
      continue;
    }
    uint64_t until = s.deadline;
    if (s.clock == Clock::kRealtime) {
      const uint64_t real = call.host().now(Clock::kRealtime).value_or(0);
      const uint64_t left = s.deadline > real ? s.deadline - real : 0;
      until = left > UINT64_MAX - now ? UINT64_MAX : now + left;
    }
    state.until = std::min(state.until.value_or(UINT64_MAX), until);
  }
  return Result::blocked();
}

}  // namespace

// (in, out, nsubscriptions, nevents)
Result poll_oneoff(Call& call) {
  if (call.u32(2) == 0) return Errno::inval;
  if (!call.state.started) {
    if (const Errno e = read_subscriptions(call); e != Errno::success) return e;
    call.state.started = true;
  }
  const std::vector<Event> events = ready_events(call);
  if (events.empty()) return block(call);
  std::vector<uint8_t> raw(events.size() * kEventSize);
  for (size_t i = 0; i < events.size(); i++) {
    uint8_t* one = raw.data() + i * kEventSize;
    put(one, 0, events[i].userdata);
    put(one, 8, static_cast<uint16_t>(events[i].error));
    put(one, 10, static_cast<uint8_t>(events[i].type));
    put(one, 16, events[i].bytes);
    put(one, 24, events[i].flags);
  }
  if (!call.memory.write(call.u32(1), raw.data(), raw.size())) return Errno::fault;
  const auto count = static_cast<uint32_t>(events.size());
  return store(call.memory, call.u32(3), count) ? Errno::success : Errno::fault;
}

}  // namespace weft::wasi::functions
