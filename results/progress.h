// Progress of a run on standard error: a bar on a terminal, lines elsewhere. Knows no records
// beyond their verdicts.
#pragma once

#include <array>
#include <chrono>
#include <string>

#include "results/record.h"

namespace weft::results {

class Progress {
 public:
  enum class Style { kBar, kLines, kNone };
  // `auto`: a bar if standard error is a terminal, else lines.
  static Style style_of(const std::string& name);

  Progress(Style style, bool color, bool verbose, size_t total);

  void started(const std::string& test, const std::string& runtime);
  void record(const Record& record);
  void note(const std::string& text);  // a line that stays
  void end();                          // removes the bar

 private:
  void draw(bool now);
  void clear();
  std::string counts() const;

  Style style_;
  bool color_, verbose_, drawn_ = false;
  size_t total_, done_ = 0;
  std::string current_;
  std::array<int, kVerdicts> counts_{};
  std::chrono::steady_clock::time_point start_, last_;
};

}  // namespace weft::results
