// What the commands of one thread of a script know: modules by name, the current one, what is
// registered. Knows no commands.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "reference/machine/instance.h"

namespace weft::script {

// Thrown by a command that cannot be run here, and one that came out wrong.
struct Skip {
  std::string reason;
};
struct Failure {
  std::string message;
  std::optional<size_t> offset = {};  // into the script: where inside the command
};

// An instance, or why there is none.
struct Entry {
  std::shared_ptr<machine::Instance> instance;
  std::string missing;  // empty: no module has come yet
};

struct Scope {
  std::map<std::string, Entry, std::less<>> names;
  Entry current;
  machine::Imports registry;
  // Names under which nothing is registered because the module was skipped.
  std::set<std::string, std::less<>> skipped;
  std::map<std::string, std::shared_ptr<const module::Module>, std::less<>> definitions;
  std::shared_ptr<const module::Module> last_definition;

  Scope();
  // The instance of that name, or the current one for "". Throws Skip where its module was skipped
  // or failed, and Failure for an unknown name and where no module has come yet.
  const std::shared_ptr<machine::Instance>& instance(std::string_view id) const;
  void enter(std::string_view id, Entry entry);
};

}  // namespace weft::script
