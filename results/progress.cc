#include "results/progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

namespace weft::results {

using Clock = std::chrono::steady_clock;

Progress::Style Progress::style_of(const std::string& name) {
  if (name == "bar") return Style::kBar;
  if (name == "lines") return Style::kLines;
  if (name == "none") return Style::kNone;
  return ::isatty(2) ? Style::kBar : Style::kLines;
}

Progress::Progress(Style style, bool color, bool verbose, size_t total)
    : style_(style),
      color_(color),
      verbose_(verbose),
      total_(total),
      start_(Clock::now()),
      last_(start_) {}

std::string Progress::counts() const {
  std::string text;
  for (int i = kVerdicts - 1; i >= 0; --i) {
    if (!counts_[i]) continue;
    text += fmt::format(" {} {}", counts_[i], name_of(static_cast<Verdict>(i)));
  }
  return text;
}

void Progress::clear() {
  if (drawn_) fmt::print(stderr, "\r\x1b[K");
  drawn_ = false;
}

void Progress::draw(bool now) {
  if (style_ == Style::kNone) return;
  const auto at = Clock::now();
  const auto pause =
      style_ == Style::kBar ? std::chrono::milliseconds(100) : std::chrono::milliseconds(15000);
  if (!now && at - last_ < pause) return;
  last_ = at;
  const double spent = std::chrono::duration<double>(at - start_).count();
  const std::string left =
      done_ ? fmt::format("{:.0f} s left", spent / done_ * (total_ - done_)) : "";
  std::string text = fmt::format("{}/{}{} {}", done_, total_, counts(), left);
  if (style_ == Style::kLines) {
    fmt::print(stderr, "weft: {}\n", text);
    return;
  }
  winsize size{};
  const size_t columns = ::ioctl(2, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
  constexpr size_t kBar = 20;
  const size_t full = total_ ? kBar * done_ / total_ : kBar;
  text =
      "[" + std::string(full, '#') + std::string(kBar - full, '.') + "] " + text + " " + current_;
  fmt::print(stderr, "\r\x1b[K{}", text.substr(0, columns - 1));
  std::fflush(stderr);
  drawn_ = true;
}

void Progress::started(const std::string& test, const std::string& runtime) {
  current_ = test + " " + runtime;
  draw(false);
}

void Progress::record(const Record& record) {
  if (record.final) {
    ++done_;
    ++counts_[static_cast<int>(record.verdict)];
  }
  const bool failed = record.final && group_of(record.verdict) == Group::kFailed;
  if (style_ != Style::kNone && (failed || verbose_)) {
    clear();
    fmt::print(stderr, "{}{}{} {} {}{}{}\n", color_ && failed ? "\x1b[31m" : "",
               name_of(record.verdict), color_ && failed ? "\x1b[0m" : "", record.test,
               record.runtime, record.reason.empty() ? "" : ": ", record.reason);
  }
  draw(false);
}

void Progress::note(const std::string& text) {
  clear();
  fmt::print(stderr, "weft: {}\n", text);
}

void Progress::end() { clear(); }

}  // namespace weft::results
