#include <algorithm>
#include <chrono>
#include <system_error>

#include "reference/script/commands.h"

namespace weft::script {

Shared::Shared(std::string_view source, const Options& options) : options_(options) {
  lines_.push_back(0);
  for (size_t i = 0; i < source.size(); ++i) {
    if (source[i] == '\n') lines_.push_back(i + 1);
  }
}

size_t Shared::line_of(size_t offset) const {
  return static_cast<size_t>(std::upper_bound(lines_.begin(), lines_.end(), offset) -
                             lines_.begin());
}

void Shared::command(module::text::Cursor in, std::string_view word,
                     const std::function<void(module::text::Cursor)>& run) {
  const size_t offset = in.done() ? in.offset() : in.peek().offset;
  try {
    const auto skip = options_.skip.find(line_of(offset));
    if (skip != options_.skip.end()) throw Skip{skip->second};
    run(in);
    count(Status::kPassed, offset, word, {});
  } catch (const Skip& skip) {
    count(Status::kSkipped, offset, word, skip.reason);
  } catch (const Failure& failure) {
    std::string where;
    if (failure.offset) where = fmt::format(" (line {})", line_of(*failure.offset));
    count(Status::kFailed, offset, word, failure.message + where);
  } catch (const module::text::SyntaxError& error) {
    count(error.refused ? Status::kSkipped : Status::kFailed, offset, word, error.message);
  }
}

void Shared::count(Status status, size_t offset, std::string_view command, std::string message) {
  std::lock_guard lock(mutex_);
  ++(status == Status::kPassed   ? report_.passed
     : status == Status::kFailed ? report_.failed
                                 : report_.skipped);
  if (status == Status::kPassed) return;
  report_.remarks.push_back(
      {status, offset, line_of(offset), std::string(command), std::move(message)});
}

void Shared::keep(std::shared_ptr<machine::Instance> instance) {
  std::lock_guard lock(mutex_);
  kept_.push_back(std::move(instance));
}

void Shared::start(std::string name, std::function<void()> run) {
  std::lock_guard lock(mutex_);
  Started& started = threads_.emplace_back();
  try {
    started.thread = std::thread([this, &started, run = std::move(run)] {
      run();
      std::lock_guard ended(parking_.mutex);
      started.ended = true;
      parking_.condition.notify_all();
    });
  } catch (const std::system_error& error) {
    threads_.pop_back();
    throw Failure{fmt::format("no thread can be had: {}", error.what())};
  }
  by_name_[name] = &started;
  by_name_[""] = &started;
}

void Shared::wait(const std::string& name) {
  Started* started = nullptr;
  {
    std::lock_guard lock(mutex_);
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) throw Failure{fmt::format("unknown thread {}", name)};
    started = found->second;
  }
  std::unique_lock lock(parking_.mutex);
  const auto limit = std::chrono::duration<double>(options_.wait_limit);
  if (!parking_.condition.wait_for(lock, limit, [&] { return started->ended; })) {
    throw Failure{fmt::format("thread {} still runs after {} s", name, options_.wait_limit)};
  }
}

void Shared::finish() {
  parking_.stop_all();
  for (;;) {
    std::list<Started> ending;
    {
      std::lock_guard lock(mutex_);
      ending.splice(ending.end(), threads_);
    }
    if (ending.empty()) break;
    for (Started& one : ending) one.thread.join();
  }
  std::ranges::sort(report_.remarks, {}, &Remark::offset);
}

}  // namespace weft::script
