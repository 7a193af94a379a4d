// `allow` and `forbid` lines: partial outcomes that must name what the test has. Knows no model.
#pragma once

#include <vector>

#include "suite/litmus/ast.h"
#include "suite/litmus/lexer.h"

namespace weft::suite::litmus {

struct Complaint {
  Place place;
  std::string what;
};

// The expectation of a line; `test` has all its threads, observations and earlier expectations.
// Errors: nothing behind the word; a part that names no visible register, no observation, no
// thread; a value that does not fit; one thing said twice with different values; an outcome that
// another line expects otherwise.
tl::expected<Expectation, Complaint> read_expectation(const LitmusTest& test,
                                                      const std::vector<Token>& tokens);

}  // namespace weft::suite::litmus
