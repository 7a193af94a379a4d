// A litmus test as WebAssembly text: thread functions, the batched module's specification, and the
// WAT form of a test (kind "litmus"). Knows no model, no runtimes.
#pragma once

#include <string>

#include "reference/base/expected.h"
#include "reference/base/files.h"
#include "suite/litmus/ast.h"
#include "suite/litmus/batch.h"
#include "suite/litmus/thread_writer.h"

namespace weft::suite::litmus {

// Why this test cannot be batched (it may trap, stay suspended, or depends on the memory's size);
// empty: it can. The others are for suite/litmus/trials.h.
std::string why_not_batched(const LitmusTest& test);

// Defined for tests that can be batched.
BatchSpec batch_spec(const LitmusTest& test);

// The batched module, linked. The stride is raised to the size of a slot; with more threads than
// cores the barrier waits after a bounded spin. A test of `init zero` gets one batch, whose slots
// nobody has written to. Error: why it cannot be batched.
Expected<Bytes> batch_module(const LitmusTest& test, BatchParameters parameters);

// The test with the names that the WAT form gives to registers: r0, r1, ... in the order of first
// assignment, hidden ones _t0, _t1, ...; expectations follow.
LitmusTest with_wat_names(const LitmusTest& test);

// The WAT form: header with the `litmus` key, exported functions threadN. `requirements` and
// `story` come from the test's own header if it has one.
std::string print_wat(const LitmusTest& test, const std::string& id);

}  // namespace weft::suite::litmus
