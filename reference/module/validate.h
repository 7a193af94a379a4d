// Validation (core spec, "Validation"; threads proposal, valid/instructions): a decoded module is
// typed. Knows no execution.
#pragma once

#include <optional>

#include "reference/module/module.h"

namespace weft::module {

// Nothing: valid. Fills Module::declared_functions (the spec's C.refs).
std::optional<ModuleError> validate(Module& module);

// The body of one defined function (validate_body.cc).
std::optional<ModuleError> validate_body(const Module& module, uint32_t defined_index);

// A constant expression of type `expected` (validate_const.cc) that may read the first
// `readable_globals` globals where they are immutable. Functions named by ref.func are
// added to `refs`.
std::optional<ModuleError> validate_const(const Module& module, ConstExpr expr, ValType expected,
                                          uint32_t readable_globals, std::vector<bool>& refs);

}  // namespace weft::module
