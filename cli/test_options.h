// Choosing tests, the same in every command that selects. Knows no runtimes.
#pragma once

#include <string>
#include <vector>

#include "cli/args.h"
#include "suite/test/requirements.h"
#include "suite/test/test.h"

namespace weft::cli {

struct TestOptions {
  std::vector<std::string> filter, filter_out;
  std::vector<std::string> paths;  // only these files, instead of a suite
  std::string suite;               // a directory in the wasi-testsuite layout, instead of ours
  std::string shard;               // I/N
  std::string only_failed;         // a run
  std::string profile;
  bool slow = false;  // also tests with tag:slow

  void declare(Args& args);
};

struct ChosenTests {
  std::vector<suite::Test> tests;
  suite::Requirements requirements;
  size_t known = 0;  // tests in the suite
};

// An error is bad input (exit code 2). No test may be left: that is the caller's to say (4).
Expected<ChosenTests> choose_tests(const TestOptions& options);

// Is it a path to a module, its text or a script? (A litmus file holds many tests.)
bool is_test_file(const std::string& name);

// The last part of a test's id: its file's name, or its own name in a litmus file.
std::string name_in_file(const suite::Test& test);

// TEST of a command line: an id of the suite, a .wat, .wasm or .litmus path. `which`: the test of a
// litmus file that holds several.
Expected<suite::Test> find_test(const std::string& name, const std::string& which = "");

// suite/requirements.json of this weft.
Expected<suite::Requirements> read_catalogue();

}  // namespace weft::cli
