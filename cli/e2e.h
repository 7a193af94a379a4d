// For tests that run the weft binary: a folder of their own, a fake runtime described by JSON whose
// behaviour each test's module asks for, and suites in the wasi-testsuite layout.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "results/store.h"
#include "runners/process.h"

namespace weft::cli {

class EndToEnd {
 public:
  EndToEnd();
  ~EndToEnd();

  const std::string& folder() const { return folder_; }

  // Adds suite/NAME.wat whose module tells the fake runtime what to do (`ok`, `exit 3`, `spin`,
  // ...) and NAME.json with this header in its `weft` object (id, story, ... are filled in).
  void test(const std::string& name, const std::string& does, nlohmann::json header = {});
  // Adds a file below the folder.
  void file(const std::string& name, const std::string& text);

  // Runs `weft ARGS...` in the folder. HOME, caches and WEFT_HOME are the test's own.
  runners::ProcessResult weft(const std::vector<std::string>& args,
                              const std::map<std::string, std::string>& env = {});
  // What weft() starts, for tests that start it themselves.
  runners::ProcessSpec command(const std::vector<std::string>& args,
                               const std::map<std::string, std::string>& env = {}) const;
  // `weft run --suite suite ARGS... fake`: the fake runtime's base configuration.
  runners::ProcessResult run(const std::vector<std::string>& args = {},
                             const std::map<std::string, std::string>& env = {});

  // The latest run, and the verdict of its final record of this test.
  results::Run latest();
  std::string verdict(const std::string& test);

 private:
  std::string folder_;
};

}  // namespace weft::cli
