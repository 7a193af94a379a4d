// A litmus test in the HTML report: its threads side by side, the outcomes with their tiers and how
// often each runtime showed them, and why what matters is allowed or forbidden, with a drawing.
// Asks the oracle; judges nothing.
#pragma once

#include <string>
#include <vector>

#include "results/record.h"
#include "suite/test/test.h"

namespace weft::results {

// What the page of a litmus test holds beside the parts that every test has. `records` are the
// final ones of its runtimes. A test that cannot be read gives one sentence that says so.
std::string litmus_html(const suite::Test& test, const std::vector<const Record*>& records);

}  // namespace weft::results
