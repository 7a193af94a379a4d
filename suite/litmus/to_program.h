// A litmus test as the model's program value: loops unrolled, operands as sums and xors. Knows the
// model's program, not how it is enumerated.
#pragma once

#include "reference/base/expected.h"
#include "reference/model/program.h"
#include "suite/litmus/ast.h"

namespace weft::suite::litmus {

// Errors name the statement (file:line:column) that the model has no operation for.
Expected<model::Program> to_program(const LitmusTest& test);

}  // namespace weft::suite::litmus
