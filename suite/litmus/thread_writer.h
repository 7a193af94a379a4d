// The instructions of one thread of a litmus test as WebAssembly text: as a function, or as a piece
// of a loop. Knows no modules, no model, no runtimes.
#pragma once

#include <functional>
#include <string>

#include "suite/litmus/ast.h"
#include "suite/litmus/batch.h"

namespace weft::suite::litmus {

// True if `test` holds for a statement of the block, however deep.
bool any_statement(const Block& block, const std::function<bool(const Statement&)>& test);

// A wait whose timeout is negative, or not a constant.
bool waits_for_ever(const Statement& s);

// `(func NAME (param $base i32) (result ...)`: one result a visible register, in the order of
// first assignment; the base address is added to every location. Two spaces of indent.
std::string thread_function(const LitmusTest& test, unsigned thread, const std::string& head);

// What is put around each wait that may never end. Waits are calls of $wait32 and $wait64 (address,
// expected value, timeout): some engines destroy what is live across the instruction. The wait's
// result is in $.woken; the bits of
// $.assigned say which registers (by index) have been assigned.
struct Watched {
  std::string before_wait, after_wait;
};

// For a loop; the slot's address is in $base. With `watched` the locals $.woken (i32) and
// $.assigned (i64, which the loop sets to 0) are among its own.
BatchThread inlined_thread(const LitmusTest& test, unsigned thread,
                           const Watched* watched = nullptr);

}  // namespace weft::suite::litmus
