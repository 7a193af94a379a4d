// A deterministic run as JSON lines, one a step: what `weft exec --trace FILE` writes.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "reference/base/expected.h"
#include "reference/schedule/observer.h"

namespace weft::embed {

// Every line has step, time (virtual nanoseconds), thread (in order of creation), op; then, as far
// as the operation has them, mode, rmw, address, width, operands, result, waits, name (host calls),
// writes (what a host call wrote into memories: address, bytes in hexadecimal), and function,
// index, offset: where the thread stood.
class TraceWriter final : public schedule::Observer {
 public:
  static Expected<std::unique_ptr<TraceWriter>> open(const std::string& path);
  ~TraceWriter() override;
  void on_step(const schedule::Step& step) override;

 private:
  explicit TraceWriter(std::FILE* file) : file_(file) {}
  std::FILE* file_;
};

// One line without its newline.
std::string trace_line(const schedule::Step& step);

}  // namespace weft::embed
