// For tests: every handwritten litmus test of suite/. Knows no model and no runtime.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "suite/litmus/ast.h"
#include "suite/litmus/to_program.h"

namespace weft::suite::litmus {

// Calls `check(test, program)` for each; a file that cannot be read or converted fails the test. A
// fatal failure inside `check` ends that check only.
template <typename Check>
void for_each_library_test(Check check) {
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(std::string(WEFT_SOURCE_DIR) + "/suite")) {
    if (entry.path().extension() != ".litmus") continue;
    auto all = read_litmus_file(entry.path().string());
    ASSERT_TRUE(all.has_value()) << all.error().message;
    for (const LitmusTest& test : *all) {
      auto program = to_program(test);
      ASSERT_TRUE(program.has_value()) << program.error().message;
      check(test, *program);
    }
  }
}

}  // namespace weft::suite::litmus
