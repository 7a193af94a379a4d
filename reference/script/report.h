// What running a specification script came to, command by command. Knows no machine.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace weft::script {

enum class Status { kPassed, kFailed, kSkipped };

// A command that did not simply pass. `message`: what was expected and what was seen, or why the
// command was skipped.
struct Remark {
  Status status = Status::kFailed;
  size_t offset = 0;  // of the command, in bytes
  size_t line = 0;
  std::string command;  // its first word: "assert_return"
  std::string message;
};

// Passed ones are counted: assertions, and other commands (module, register, thread, ...) too.
struct Report {
  size_t passed = 0, failed = 0, skipped = 0;
  std::vector<Remark> remarks;  // in the order of the script
};

}  // namespace weft::script
