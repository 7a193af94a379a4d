// weft explain: what a test shows, what it rests on, what it expects.
#include <fmt/format.h>

#include "cli/args.h"
#include "cli/command.h"
#include "cli/test_options.h"
#include "results/judge.h"
#include "suite/litmus/in_suite.h"
#include "suite/oracle/expect.h"

namespace weft::cli {

int cmd_explain(const std::vector<std::string>& args) {
  std::string name, which;
  Args parser("weft explain", "Story, requirement sentences and expectation of a test.");
  parser.positional("TEST", name, "an id, a .wat or .litmus path, or a requirement id");
  parser.option("--name", which, "only this test of a litmus file");
  if (auto code = parser.parse(args)) return *code;
  auto requirements = read_catalogue();
  if (!requirements) {
    fmt::print(stderr, "weft: {}\n", requirements.error().message);
    return 2;
  }
  auto print_row = [](const suite::Requirement& row) {
    fmt::print("{} ({}): {}\n  source: {}\n", row.id, row.status, row.sentence, row.source);
    if (!row.ruling.empty()) fmt::print("  ruling: {}\n", row.ruling);
    if (!row.observable.empty()) fmt::print("  seen as: {}\n", row.observable);
  };
  if (const suite::Requirement* row = requirements->find(name)) {
    print_row(*row);
    return 0;
  }
  auto test = find_test(name, which);
  if (!test) {
    fmt::print(stderr, "weft: {}\n", test.error().message);
    return 2;
  }
  const suite::Header& header = test->header;
  auto expect = suite::read_expectation(header.expect, test->path + ": expect");
  if (!expect) {
    fmt::print(stderr, "weft: {}\n", expect.error().message);
    return 2;
  }
  fmt::print("{}\n\n{}\n\n", header.id, header.story);
  for (const std::string& id : header.requirements) {
    if (const suite::Requirement* row = requirements->find(id)) print_row(*row);
  }
  fmt::print("\nexpected: {}\n", suite::describe(*expect));
  if (!header.fault.empty()) fmt::print("a fault that it finds: {}\n", header.fault);
  if (!header.twin.empty()) fmt::print("allowed twin: {}\n", header.twin);
  if (!header.needs.empty()) fmt::print("needs: {}\n", fmt::join(header.needs, ", "));
  if (auto why = results::not_built(*test, *expect); !why.empty()) fmt::print("{}\n", why);
  fmt::print("text: {}\n", test->path);
  if (header.kind == suite::Kind::kLitmus) {
    auto litmus = suite::litmus::litmus_of(*test);
    if (!litmus) {
      fmt::print(stderr, "weft: {}\n", litmus.error().message);
      return 2;
    }
    // The test, the allowed set, and why what it forbids is forbidden.
    fmt::print("\n{}\n", suite::litmus::print_litmus(*litmus));
    std::vector<std::string> words = {name, "--explain"};
    if (!which.empty()) words.insert(words.end(), {"--name", which});
    (void)cmd_model(words);
  }
  return 0;
}

}  // namespace weft::cli
