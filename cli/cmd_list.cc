// weft list: tests, requirements (with what covers each) and runtimes.
#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "cli/args.h"
#include "cli/command.h"
#include "cli/report_files.h"
#include "cli/test_options.h"

namespace weft::cli {
namespace {

using nlohmann::json;

struct Form {
  bool ids = false;
  std::string json;  // file or -
};

int print_json(const std::string& path, const json& value) {
  if (auto ok = write_output(path, value.dump(1) + "\n"); !ok) {
    fmt::print(stderr, "weft: {}\n", ok.error().message);
    return 3;
  }
  return 0;
}

int list_tests(const ChosenTests& chosen, const Form& form) {
  if (!form.json.empty()) {
    json all = json::array();
    for (const suite::Test& test : chosen.tests) {
      const suite::Header& h = test.header;
      all.push_back({{"id", h.id},
                     {"kind", name_of(h.kind)},
                     {"sort", name_of(h.sort)},
                     {"requirements", h.requirements},
                     {"story", h.story},
                     {"fault", h.fault},
                     {"tags", h.tags},
                     {"needs", h.needs},
                     {"expect", h.expect}});
    }
    return print_json(form.json, all);
  }
  size_t width = 0;
  for (const suite::Test& test : chosen.tests) width = std::max(width, test.header.id.size());
  for (const suite::Test& test : chosen.tests) {
    const suite::Header& h = test.header;
    if (form.ids) {
      fmt::print("{}\n", h.id);
    } else {
      fmt::print("{:<{}}  {:<8} {:<8} {}\n", h.id, width, name_of(h.kind), name_of(h.sort),
                 fmt::join(h.requirements, " "));
    }
  }
  if (!form.ids) fmt::print("{} tests\n", chosen.tests.size());
  return 0;
}

int list_requirements(const ChosenTests& chosen, const Form& form) {
  std::map<std::string, std::vector<std::string>> covered;
  for (const suite::Test& test : chosen.tests) {
    for (const std::string& id : test.header.requirements) covered[id].push_back(test.header.id);
  }
  json all = json::array();
  std::map<std::string, std::pair<int, int>> by_area;  // testable, covered
  for (const suite::Requirement& r : chosen.requirements.all()) {
    const std::vector<std::string>& tests = covered[r.id];
    if (r.testable == "yes") ++by_area[r.area].first;
    if (r.testable == "yes" && !tests.empty()) ++by_area[r.area].second;
    if (!form.json.empty()) {
      json row = {{"id", r.id},
                  {"area", r.area},
                  {"status", r.status},
                  {"sentence", r.sentence},
                  {"source", r.source},
                  {"ruling", r.ruling},
                  {"testable", r.testable},
                  {"tests", tests}};
      if (!r.why.empty()) row["why"] = r.why;
      all.push_back(row);
    } else if (form.ids) {
      fmt::print("{}\n", r.id);
    } else {
      const std::string by = !tests.empty()        ? fmt::format("{}", fmt::join(tests, " "))
                             : r.why.empty()       ? "none yet"
                             : r.testable == "yes" ? "none: " + r.why
                                                   : r.testable + ": " + r.why;
      fmt::print("{:<9} {:<2} {}\n             {}\n", r.id, r.status, r.sentence, by);
    }
  }
  if (!form.json.empty()) return print_json(form.json, all);
  if (form.ids) return 0;
  fmt::print("\narea   testable  covered\n");
  for (const auto& [area, counts] : by_area) {
    fmt::print("{:<6} {:>8} {:>8}\n", area, counts.first, counts.second);
  }
  return 0;
}

}  // namespace

int cmd_list(const std::vector<std::string>& args) {
  std::string what;
  Form form;
  TestOptions tests;
  tests.slow = true;
  Args parser("weft list", "What there is: tests, requirements or runtimes.");
  parser.positional("WHAT", what, "tests | requirements | runtimes");
  tests.declare(parser);
  parser.flag("--ids", form.ids, "only names, one a line");
  parser.option("--json", form.json, "F: as JSON; - for standard output");
  if (auto code = parser.parse(args)) return *code;
  if (what == "runtimes") {
    std::vector<std::string> more;
    if (!form.json.empty()) more = {"--json", form.json};
    if (form.ids) more.push_back("--ids");
    return cmd_runtimes(more);
  }
  if (what != "tests" && what != "requirements") {
    fmt::print(stderr, "weft: list {}: expected tests, requirements or runtimes\n", what);
    return 2;
  }
  auto chosen = choose_tests(tests);
  if (!chosen) {
    fmt::print(stderr, "weft: {}\n", chosen.error().message);
    return 2;
  }
  if (what == "requirements") return list_requirements(*chosen, form);
  if (chosen->tests.empty()) {
    fmt::print(stderr, "weft: no test selected (of {})\n", chosen->known);
    return 4;
  }
  return list_tests(*chosen, form);
}

}  // namespace weft::cli
