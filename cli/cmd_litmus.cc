// weft litmus: generates tests from critical cycles, converts between text and WAT.
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "cli/args.h"
#include "cli/command.h"
#include "fuzz/litmus_corpus.h"
#include "reference/base/files.h"
#include "reference/module/assemble.h"
#include "suite/litmus/ast.h"
#include "suite/litmus/to_wat.h"
#include "suite/litmus/wat_reader.h"
#include "suite/test/test.h"

namespace weft::cli {
namespace {

int complain(const Error& error) {
  fmt::print(stderr, "weft: {}\n", error.message);
  return 2;
}

int deliver(const std::string& to, const std::string& text) {
  if (to.empty() || to == "-") {
    fmt::print("{}", text);
    return 0;
  }
  if (auto written = write_file(to, std::string_view(text)); !written) {
    return complain(written.error());
  }
  return 0;
}

int generate(const std::vector<std::string>& args) {
  int most = 0, threads = 4;
  std::string output;
  bool names = false;
  Args parser("weft litmus generate", "Litmus tests from critical cycles that decide something.");
  parser.option("--most", most, "stop after this many forbidden tests of a family (0: all)");
  parser.option("--threads", threads, "most threads of a test, 2 to 4 (default 4)");
  parser.flag("--names", names,
              "print only `forbid`, `letter` (outside `intended` only) or `allow`, name and twin");
  parser.option("-o,--output", output, "write to this file (default: standard output)");
  if (auto code = parser.parse(args)) return *code;
  if (threads < 2 || threads > 4 || most < 0) {
    fmt::print(stderr, "weft: litmus generate: expected --threads 2, 3 or 4 and --most >= 0\n");
    return 2;
  }
  fuzz::CorpusOptions options;
  for (const fuzz::CycleOptions& family : fuzz::default_families()) {
    if (family.min_threads <= static_cast<unsigned>(threads)) options.families.push_back(family);
  }
  options.most = static_cast<size_t>(most);
  std::string text;
  auto counts = fuzz::generate_corpus(options, [&](const fuzz::CorpusTest& test) {
    if (names) {
      const char* kind = test.forbidden ? "forbid" : test.letter_only ? "letter" : "allow ";
      text += fmt::format("{} {} {}\n", kind, test.name, test.twin);
    } else {
      if (test.letter_only) text += "# outside `intended`: allowed by the letter only\n";
      if (!test.twin.empty()) text += fmt::format("# twin: {}\n", test.twin);
      text += test.text + "\n";
    }
  });
  if (!counts) return complain(counts.error());
  if (const int code = deliver(output, text)) return code;
  fmt::print(
      stderr,
      "weft: {} cycles; kept: {} forbidden tests, {} that only the letter allows, {} allowed "
      "twins\n",
      counts->cycles, counts->forbidden, counts->letter_only, counts->twins);
  return 0;
}

int convert(const std::vector<std::string>& args) {
  std::string file, name, output;
  Args parser("weft litmus convert", "A litmus test between text and WAT.");
  parser.positional("FILE", file, ".litmus (to WAT) or .wat (to text)");
  parser.option("--test", name, "which test of a .litmus file (default: its only one)");
  parser.option("-o,--output", output, "write to this file (default: standard output)");
  if (auto code = parser.parse(args)) return *code;
  auto source = read_text(file);
  if (!source) return complain(source.error());
  if (!file.ends_with(".wat")) {
    auto tests = suite::litmus::read_litmus(*source, file);
    if (!tests) return complain(tests.error());
    for (const suite::litmus::LitmusTest& test : *tests) {
      if (name.empty() ? tests->size() == 1 : test.name == name) {
        return deliver(output, suite::litmus::print_wat(test, test.name));
      }
    }
    fmt::print(stderr, "weft: {}: {}\n", file,
               name.empty() ? "holds several tests: name one with --test" : "has no test " + name);
    return 2;
  }
  auto header = suite::parse_header(*source, file);
  if (!header) return complain(header.error());
  auto wasm = module::assemble(*source, file);
  if (!wasm) return complain(wasm.error());
  const std::string id = header->id.substr(header->id.rfind('/') + 1);
  auto back = suite::litmus::read_wat(*wasm, header->litmus, id, file, *source);
  if (!back) return complain(back.error());
  for (const std::string& lost : back->lost) fmt::print(stderr, "weft: not kept: {}\n", lost);
  return deliver(output, suite::litmus::print_litmus(back->test));
}

}  // namespace

int cmd_litmus(const std::vector<std::string>& args) {
  const std::string what = args.empty() ? "" : args[0];
  const std::vector<std::string> rest(args.empty() ? args.end() : args.begin() + 1, args.end());
  if (what == "generate") return generate(rest);
  if (what == "convert") return convert(rest);
  const bool help = what == "--help" || what == "-h";
  fmt::print(help ? stdout : stderr,
             "weft litmus generate    tests from critical cycles, kept where the oracle decides\n"
             "weft litmus convert     between litmus text and WAT\n");
  return help ? 0 : 2;
}

}  // namespace weft::cli
