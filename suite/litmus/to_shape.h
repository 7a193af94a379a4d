// A litmus test as what the reference explores: the WAT form's module and what its results mean.
// Knows no schedulers.
#pragma once

#include "reference/embed/litmus_run.h"
#include "suite/litmus/ast.h"

namespace weft::suite::litmus {

embed::LitmusShape to_shape(const LitmusTest& test);

// The module of the WAT form, loaded. Errors name the test's file.
Expected<std::shared_ptr<const module::Module>> to_module(const LitmusTest& test);

}  // namespace weft::suite::litmus
