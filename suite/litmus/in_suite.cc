#include "suite/litmus/in_suite.h"

#include <fmt/core.h>

#include <map>
#include <set>
#include <sstream>

#include "reference/base/files.h"
#include "reference/module/assemble.h"
#include "suite/litmus/header.h"
#include "suite/litmus/wat_reader.h"

namespace weft::suite::litmus {

namespace {

// What the generator says in comments: `# twin: B` before `litmus A`, where B is in the file too.
std::map<std::string, std::string> generated_twins(const std::string& text,
                                                   const std::vector<LitmusTest>& tests) {
  std::set<std::string> names;
  for (const LitmusTest& test : tests) names.insert(test.name);
  std::map<std::string, std::string> twins;
  std::istringstream lines(text);
  std::string twin;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# twin: ")) {
      twin = line.substr(8);
    } else if (line.starts_with("litmus ")) {
      if (names.count(twin)) twins[line.substr(7)] = twin;
      twin.clear();
    }
  }
  return twins;
}

}  // namespace

Expected<std::vector<Test>> tests_of_file(const std::string& path, const std::string& prefix) {
  auto text = read_text(path);
  if (!text) return tl::unexpected(text.error());
  auto all = read_litmus(*text, path);
  if (!all) return tl::unexpected(all.error());
  const auto twins = generated_twins(*text, *all);
  std::vector<Test> out;
  for (LitmusTest& one : *all) {
    auto parsed = header_of(one, prefix + "/" + one.name);
    if (!parsed) return tl::unexpected(parsed.error());
    Test test;
    test.header = std::move(*parsed);
    if (const auto twin = twins.find(one.name); twin != twins.end() && test.header.twin.empty()) {
      test.header.twin = prefix + "/" + twin->second;
    }
    test.path = path;
    one.header.clear();
    test.litmus = print_litmus(one);
    test.source = test.litmus;
    out.push_back(std::move(test));
  }
  return out;
}

Expected<LitmusTest> litmus_of(const Test& test) {
  const std::string& id = test.header.id;
  const std::string name = id.substr(id.rfind('/') + 1);
  if (!test.litmus.empty()) {
    auto all = read_litmus(test.litmus, test.path);
    if (!all) return tl::unexpected(all.error());
    return std::move(all->front());
  }
  auto wasm = module::assemble(test.source, test.path);
  if (!wasm) return tl::unexpected(wasm.error());
  auto back = read_wat(*wasm, test.header.litmus, name, test.path, test.source);
  if (!back) return tl::unexpected(back.error());
  return std::move(back->test);
}

}  // namespace weft::suite::litmus
