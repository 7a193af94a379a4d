// weft programs: writes generated single-threaded programs with the exit code that is right, as a
// suite that `weft run RUNTIME --suite DIR` takes.
#include <fmt/core.h>

#include <filesystem>

#include "cli/args.h"
#include "cli/command.h"
#include "fuzz/program_command.h"
#include "reference/base/files.h"

namespace weft::cli {

int cmd_programs(const std::vector<std::string>& args) {
  std::string folder;
  int count = 100;
  uint64_t seed = 1;
  bool plain = false;
  Args parser("weft programs",
              "Generated programs that end with exit code 0 where an engine agrees with weft's "
              "reference, and by a trap where not.");
  parser.positional("DIR", folder, "a new folder for NAME.wasm and NAME.json");
  parser.option("--count", count, "programs to write (default 100)");
  parser.option("--seed", seed, "of the choices (default 1)");
  parser.flag("--plain", plain,
              "WebAssembly 2.0, tail calls and atomics only: no proposal that is younger");
  parser.footer("Run them: weft run RUNTIME --suite DIR");
  if (auto code = parser.parse(args)) return *code;
  std::error_code error;
  if (count < 1 || std::filesystem::exists(folder, error) ||
      !std::filesystem::create_directories(folder, error)) {
    fmt::print(stderr, "weft: programs: expected a --count from 1 and a folder that is new\n");
    return 2;
  }
  int written = 0, skipped = 0;
  for (uint64_t number = 0; written < count; ++number) {
    const auto module = fuzz::generate_command(fuzz::random_input(seed, number), plain);
    if (!module) {  // it traps
      ++skipped;
      continue;
    }
    const std::string name = fmt::format("{}/generated-{}-{}", folder, seed, number);
    for (const auto& done :
         {write_file(name + ".wasm", *module),
          write_file(name + ".json", std::string_view("{\"exit_code\": 0}\n"))}) {
      if (done) continue;
      fmt::print(stderr, "weft: {}\n", done.error().message);
      return 2;
    }
    ++written;
  }
  fmt::print("{} programs written, {} more trap\n", written, skipped);
  return 0;
}

}  // namespace weft::cli
