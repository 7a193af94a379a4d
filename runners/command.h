// The argument vector of a descriptor's `run`, filled in. Argument vectors only, no shell. Starts
// no process.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "runners/descriptor.h"
#include "suite/test/test.h"

namespace weft::runners {

struct CommandValues {
  std::map<std::string, std::string> text;  // {module}, {status}, {host}, ...
  std::vector<std::string> args;            // {args}
  std::map<std::string, std::string> env;   // {"each": "env"}: {key}, {value}
  std::vector<suite::Directory> dirs;       // {"each": "dir"}: {host}, {guest}
};

// Items that are exactly {bin}, {flags} or {args} become any number of arguments. In the others
// each placeholder is replaced by its text from `values` or `runtime.set`; {here} is the
// descriptor's folder. Replaced text is not looked at again.
std::vector<std::string> expand_command(const Described& runtime, const CommandValues& values);

// One text, the same way.
std::string expand(const std::string& text, const std::map<std::string, std::string>& values);

}  // namespace weft::runners
