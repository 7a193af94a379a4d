// The `;;!` header of a test in a litmus file: what it says and what the text says already. Knows
// headers of tests; not how litmus lines read.
#pragma once

#include "suite/litmus/ast.h"
#include "suite/test/test.h"

namespace weft::suite::litmus {

// The header of the test with this id; keys that are not given have the values of litmus tests.
// Error: no JSON object, an unknown key, or a key that contradicts the text (`kind` and `expect`
// other than a litmus test's, `litmus`, an `id` of another name).
Expected<Header> header_of(const LitmusTest& test, const std::string& id);

}  // namespace weft::suite::litmus
