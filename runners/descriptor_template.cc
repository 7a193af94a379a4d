#include "runners/descriptor_template.h"

#include <cctype>
#include <regex>

#include "runners/command.h"

namespace weft::runners {
namespace {

constexpr char kTemplate[] = R"json({
  // A runtime of your own. Is it understood? `weft runtimes doctor ./{family}.json`
  // Run the suite on it:                     `weft run ./{family}.json`
  // For every call, put this file into the folder that docs/adding-a-runtime.md names.
  "schema": "weft.runtime/1",
  "family": "{family}",
  "kind": "cli", // one process a module; "host" is for engines behind our JavaScript program

  // How it is started. A name is looked up in PATH, a path is relative to this file.
  // ${variable} in the environment names another binary, ${variable}_FLAGS adds options.
  "bin": ["{family}"],
  "env_bin": "{variable}",
  "how_to_get": "build it, then set {variable} to its binary",

  // How it tells its version: arguments, and an expression whose first group is the version.
  "version_from": { "args": ["--version"], "regex": "([0-9]+[.][0-9.]+)" },

  // Its command line. {bin}, {flags} and {args} become any number of arguments; {module} is the
  // module's file; "each" repeats its arguments for every variable or folder of a test.
  // An engine that can write {"exit": n}, {"trap": kind} or {"reject": stage} takes {status}.
  "run": ["{bin}", { "each": "env", "as": ["--env={key}={value}"] },
          { "each": "dir", "as": ["--dir={host}::{guest}"] }, "{flags}", "{module}", "{args}"],

  // Exit codes of the engine itself, not of the program: a trap, a module that is refused.
  "exit": { "trap": [134], "reject": [1] },

  // Who implements what a test may judge: the engine, or weft's host program.
  "provides": { "spawn": "engine", "wasi": "engine", "wait": "engine" }

  // More of the same family: each version and each configuration is a runtime of its own,
  // {family}-2:slow for example.
  // , "versions": [ { "name": "2", "bin": ["./{family}-2"] }, { "name": "1", "bin": ["./{family}-1"] } ]
  // , "configs": [ { "name": "slow", "flags": ["--no-optimize"] } ]
}
)json";

}  // namespace

bool is_family_name(const std::string& text) {
  return std::regex_match(text, std::regex("[a-z][a-z0-9_]*(-[a-z][a-z0-9_]*)*"));
}

std::string descriptor_template(const std::string& family) {
  std::string variable;
  for (const unsigned char c : family) {
    variable += c == '-' ? '_' : static_cast<char>(std::toupper(c));
  }
  // The placeholders of `run` stay: they are none of these two.
  return expand(kTemplate, {{"family", family}, {"variable", variable}});
}

}  // namespace weft::runners
