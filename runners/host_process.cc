#include "runners/host_process.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "runners/stop.h"

namespace weft::runners {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr size_t kOutputLimit = 64 << 10;
// How long a host whose pipe is closed may take to be dead, so that its own end is seen and not
// our SIGKILL.
constexpr milliseconds kDying{2000};
// After so many starts in a row without a hello no other is tried.
constexpr int kStartsTried = 3;
// Exit codes above 128 are how a runtime reports that a signal ended it.
constexpr int kSignalBase = 128;
constexpr int kSignalCount = 64;

void append_capped(std::string& to, bool& truncated, const std::string& from) {
  const size_t room = kOutputLimit - std::min(kOutputLimit, to.size());
  to.append(from, 0, room);
  if (from.size() > room) truncated = true;
}

json describe(const Case& one) {
  json dirs = json::array();
  for (const suite::Directory& dir : one.dirs) {
    dirs.push_back({{"host", dir.host}, {"guest", dir.guest}});
  }
  return {{"id", one.id},
          {"wasm", one.wasm.size()},
          {"args", one.args},
          {"env", one.env},
          {"dirs", dirs},
          {"stdin", one.stdin_mode},
          {"stdin_bytes", one.stdin_mode == "text" ? one.stdin_text.size() : 0}};
}

}  // namespace

Expected<void> HostProcess::start() {
  if (child_) return {};
  if (failed_starts_ == kStartsTried) return tl::unexpected(start_error_);
  ++starts_;
  auto hello = greet();
  if (hello) {
    failed_starts_ = 0;
    return {};
  }
  stop();
  ++failed_starts_;
  start_error_ = hello.error();
  return hello;
}

Expected<void> HostProcess::greet() {
  auto child = Child::start({.argv = setup_.argv, .env = setup_.env});
  if (!child) return tl::unexpected(child.error());
  child_ = std::move(*child);
  reader_ = FrameReader();
  Observation failure;
  auto hello = next_frame(setup_.start_timeout, failure);
  if (!hello) return fail("{}: the host says nothing: {}", setup_.info.name, hello.error().message);
  try {
    const int protocol = hello->header.value("protocol", 0);
    largest_batch_ = std::max<size_t>(1, hello->header.value("largest_batch", size_t{1}));
    features_ = hello->header.value("features", std::vector<std::string>());
    if (protocol == kProtocolVersion) return {};
    return fail("{}: the host speaks protocol {}, expected {}", setup_.info.name, protocol,
                kProtocolVersion);
  } catch (const json::exception& error) {
    return fail("{}: the host's hello: {}", setup_.info.name, error.what());
  }
}

void HostProcess::stop() { child_.reset(); }

size_t HostProcess::largest_batch() {
  if (largest_batch_ == 1) (void)start();
  return largest_batch_;
}
std::vector<std::string> HostProcess::features() {
  if (features_.empty()) (void)start();
  return features_;
}

Expected<void> HostProcess::send(std::span<const Case> cases, const std::vector<size_t>& indices) {
  if (auto started = start(); !started) return started;
  uint64_t memory = 0;
  for (size_t index : indices) memory = std::max(memory, cases[index].memory_limit);
  child_->set_memory_limit(memory);
  json list = json::array();
  std::string bytes;
  for (size_t index : indices) {
    const Case& one = cases[index];
    list.push_back(describe(one));
    bytes.append(one.wasm.begin(), one.wasm.end());
    if (one.stdin_mode == "text") bytes += one.stdin_text;
  }
  child_->send(encode_frame({{"cases", list}}, bytes));
  return {};
}

Expected<Frame> HostProcess::next_frame(double seconds, Observation& failure) {
  const auto start = Child::Clock::now();
  const auto deadline = start + std::chrono::duration_cast<Child::Clock::duration>(
                                    std::chrono::duration<double>(seconds));
  for (;;) {
    if (auto frame = reader_.next()) return std::move(*frame);
    std::string data;
    const ChildEvent event = child_->read(data, deadline);
    reader_.add(data);
    if (event == ChildEvent::kData) continue;
    failure.seconds = std::chrono::duration<double>(Child::Clock::now() - start).count();
    failure.argv = setup_.argv;
    failure.env = setup_.env;
    append_capped(failure.err, failure.err_truncated, child_->take_error());
    append_capped(failure.err, failure.err_truncated, reader_.take_noise());
    if (event == ChildEvent::kDeadline) {
      failure.end = End::kTimeout;
      failure.all_asleep = child_->all_asleep();
      failure.reason = "no answer in time";
    } else if (event == ChildEvent::kStopped) {
      failure.end = End::kStopped;
      failure.reason = "the run was interrupted";
    } else if (event == ChildEvent::kMemory) {
      failure.end = End::kOom;
      failure.reason = "the host used more memory than allowed";
    } else {
      const Child::Ended ended = child_->finish(kDying);
      append_capped(failure.err, failure.err_truncated, child_->take_error());
      if (ended.by_signal) {
        failure.end = End::kSignal;
        failure.code = ended.code;
        failure.reason = fmt::format("the host died of signal {}", ended.code);
      } else if (ended.code > kSignalBase && ended.code <= kSignalBase + kSignalCount) {
        failure.end = End::kSignal;
        failure.code = ended.code - kSignalBase;
        failure.reason = fmt::format("the host exited with code {}", ended.code);
      } else {
        failure.end = End::kHostError;
        failure.reason = fmt::format("the host exited with code {} and no answer", ended.code);
      }
    }
    stop();
    return fail("{}", failure.reason);
  }
}

Observation HostProcess::observe(const Frame& frame, double seconds) {
  const json& header = frame.header;
  Observation seen;
  seen.argv = setup_.argv;
  seen.env = setup_.env;
  seen.stage = header.value("stage", std::string());
  const std::string status = header.value("status", std::string());
  const std::string message = header.value("message", std::string());
  if (status == "exit") {
    seen.end = End::kExit;
    seen.code = static_cast<int>(header.value("code", int64_t{0}));
  } else if (status == "trap") {
    seen.end = End::kTrap;
    seen.trap = header.value("trap", std::string());
  } else if (status == "reject") {
    seen.end = End::kReject;
  } else {
    seen.end = End::kHostError;
  }
  const size_t out = std::min(header.value("out", size_t{0}), frame.bytes.size());
  seen.out = frame.bytes.substr(0, out);
  seen.err = frame.bytes.substr(out);
  if (seen.end == End::kHostError) {
    seen.reason = !message.empty() ? message : !seen.err.empty() ? seen.err : "the host failed";
  }
  seen.out_truncated = header.value("out_truncated", false);
  seen.err_truncated = header.value("err_truncated", false);
  if (!message.empty()) append_capped(seen.err, seen.err_truncated, message + "\n");
  append_capped(seen.err, seen.err_truncated, child_->take_error());
  append_capped(seen.err, seen.err_truncated, reader_.take_noise());
  seen.seconds = header.value("seconds", seconds);
  return seen;
}

HostAnswer HostProcess::receive(double seconds, Placement placement) {
  HostAnswer answer;
  if (!child_) {
    answer.seen.reason = "the host is not running";
    return answer;
  }
  const auto start = Child::Clock::now();
  std::optional<Placer> placer(std::in_place, placement, child_->root());
  auto frame = next_frame(seconds, answer.seen);
  placer.reset();
  if (!frame) return answer;
  answer.is_answer = true;
  const double passed = std::chrono::duration<double>(Child::Clock::now() - start).count();
  try {
    answer.last = frame->header.value("last", false);
    answer.seen = observe(*frame, passed);
  } catch (const json::exception& error) {  // a key of another type than the protocol's
    answer.seen = {};
    answer.seen.reason = fmt::format("the host's answer: {}", error.what());
    answer.last = true;
  }
  if (answer.last) stop();
  return answer;
}

}  // namespace weft::runners
