// The `weft` command. Parses arguments, calls one function of a room, prints.
#include <fmt/core.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "results/judge.h"
#include "runners/descriptor.h"
#include "suite/test/test.h"

int main(int argc, char** argv) {
  const std::vector<std::string> args(argv + 1, argv + argc);
  if (args.size() < 2 || args[0] != "run") {
    fmt::print(stderr, "weft: usage: weft run RUNTIME...\n");
    return 2;
  }
  const char* home = std::getenv("WEFT_HOME");
  const std::string root = home ? home : ".";
  auto tests = weft::suite::load_suite(root + "/suite");
  if (!tests) {
    fmt::print(stderr, "weft: {}\n", tests.error().message);
    return 2;
  }
  auto described = weft::runners::read_descriptors(root + "/runners/runtimes");
  if (!described) {
    fmt::print(stderr, "weft: {}\n", described.error().message);
    return 2;
  }
  int failed = 0;
  for (auto& one : *described) {
    if (one.info.name != args[1]) continue;
    if (auto ok = weft::runners::install(one); !ok) {
      fmt::print(stderr, "weft: {}\n", ok.error().message);
      return 3;
    }
    auto runtime = weft::runners::make_runtime(one);
    for (const auto& test : *tests) {
      auto wasm = weft::suite::build(test);
      if (!wasm) {
        fmt::print(stderr, "weft: {}\n", wasm.error().message);
        return 2;
      }
      weft::runners::Case one_case;
      one_case.id = test.header.id;
      one_case.wasm = *wasm;
      one_case.timeout = test.header.timeout;
      const auto seen = runtime->run(one_case);
      const auto judged = weft::results::judge(test, runtime->info(), seen);
      fmt::print("{} {} {} {}\n", weft::results::name_of(judged.verdict), test.header.id,
                 one.info.name, judged.reason);
      if (judged.verdict == weft::results::Verdict::kFail) {
        ++failed;
        fmt::print("{}{}", seen.out, seen.err);
      }
    }
  }
  return failed ? 1 : 0;
}
