// Specification scripts on the reference: all commands of the 2.0 script format, "module
// definition" and "module instance" of later ones, and "thread", "wait", "either" of the threads
// proposal (its interpreter's grammar; nothing else documents them).
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "reference/base/expected.h"
#include "reference/module/module.h"
#include "reference/script/report.h"

namespace weft::script {

struct Options {
  module::Language language = {};
  // Every visible operation performed on its own, as under a scheduler, instead of at once.
  bool stepwise = false;
  // Commands to leave out, by line, each with its reason.
  std::map<size_t, std::string> skip;
  // For how long "wait" waits for a thread before it fails, in seconds.
  double wait_limit = 60;
};

// Runs one script to its end; a failed command does not stop it. What needs a proposal that weft
// does not take is skipped, and whatever depends on it. Threads of the script are OS threads; all
// have ended when this returns. Errors: the source is no script (`name:line:column`).
Expected<Report> run_script(std::string_view source, const std::string& name,
                            const Options& options);

}  // namespace weft::script
