// A deterministic run as JSON lines, one a step: what `weft exec --trace FILE` writes.
// A writer belongs to one execution, and so to one OS thread. Changes nothing of the run.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "reference/base/expected.h"
#include "reference/schedule/observer.h"

namespace weft::embed {

// Every line has step, time (virtual nanoseconds), thread (in order of creation), op; then, as far
// as the operation has them, mode, rmw, memory and from_memory (only where the instance has
// several), address, from, width, operands, timeout, result, waits, name (host calls), writes (what
// a host call wrote into memories: address, bytes in hexadecimal), global, table, segment (of
// shared instances), and function, index, offset: where the thread stood. A v128 is two numbers,
// the low half first.
class TraceWriter final : public schedule::Observer {
 public:
  static Expected<std::unique_ptr<TraceWriter>> open(const std::string& path);
  ~TraceWriter() override;
  // Writes out what is still held back. The error is the first that any line met (a full disk).
  Expected<void> finish();
  void on_step(const schedule::Step& step) override;

 private:
  TraceWriter(std::FILE* file, std::string path) : file_(file), path_(std::move(path)) {}
  std::FILE* file_;
  std::string path_;
  int error_ = 0;
};

// One line without its newline.
std::string trace_line(const schedule::Step& step);

}  // namespace weft::embed
