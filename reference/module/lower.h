// Lowering: a validated module's bodies to compact internal code (code.h), which the machine runs.
// Knows no execution; trusts the validator.
#pragma once

#include <memory>

#include "reference/module/module.h"

namespace weft::module {

// All functions of a decoded and validated module. Errors (stage "validate") are limits of ours: a
// function that needs more than 65,535 slots of 64 bits for parameters, locals and operands.
tl::expected<std::shared_ptr<const Code>, ModuleError> lower(const Module& module);

}  // namespace weft::module
