// The modules of a script: text, bytes or quoted text to a loaded module, and to an instance. Knows
// no commands.
#pragma once

#include <memory>
#include <optional>

#include "reference/machine/instance.h"
#include "reference/module/text/cursor.h"
#include "reference/script/drive.h"
#include "reference/script/scope.h"

namespace weft::script {

struct Refusal {
  enum class Kind { kMalformed, kInvalid } kind = Kind::kMalformed;
  bool refused = false;  // a proposal or size that weft does not take
  std::string message;
  std::optional<size_t> offset = {};  // into the script, where that is known
};
using Loaded = tl::expected<std::shared_ptr<const module::Module>, Refusal>;

// `in` stands behind "(module $id": fields, or "binary" or "quote" and strings.
Loaded load(module::text::Cursor in, const module::Language& language);

// Instantiates and runs the start function. Throws Skip where an import stems from a skipped
// module.
struct Instantiated {
  std::shared_ptr<machine::Instance> instance;  // null: see below
  bool linked = true;                           // false: `message` says what did not fit
  std::string message;                          // of the trap, or of the linker
  // After a trap: functions of the instance may stand in tables of others, so it must stay alive.
  std::shared_ptr<machine::Instance> remains;
};
Instantiated instantiate(std::shared_ptr<const module::Module> module, const Scope& scope,
                         Parking& parking, bool stepwise);

}  // namespace weft::script
