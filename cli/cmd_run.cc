// weft run: the suite on the runtimes, judged and reported.
#include <fmt/core.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "cli/args.h"
#include "cli/command.h"
#include "results/judge.h"
#include "runners/descriptor.h"
#include "runners/selection.h"
#include "suite/test/test.h"

namespace weft::cli {
int cmd_run(const std::vector<std::string>& args) {
  std::vector<std::string> names;
  Args parser("weft run", "Run the suite on runtimes and print the matrix.");
  parser.positionals("RUNTIME", names, "runtimes, families or globs; default: the default ones");
  if (auto code = parser.parse(args)) return *code;
  const std::string root = home_folder();
  auto tests = weft::suite::load_suite(root + "/suite");
  if (!tests) {
    fmt::print(stderr, "weft: {}\n", tests.error().message);
    return 2;
  }
  auto fleet = weft::runners::read_fleet(weft::runners::descriptor_folders("", root));
  auto described = fleet ? weft::runners::select(*fleet, names) : fleet;
  if (!described) {
    fmt::print(stderr, "weft: {}\n", described.error().message);
    return 2;
  }
  int failed = 0;
  for (auto& one : *described) {
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
}  // namespace weft::cli
