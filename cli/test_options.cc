#include "cli/test_options.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <set>

#include "cli/command.h"
#include "results/store.h"
#include "suite/litmus/in_suite.h"
#include "suite/test/filter.h"
#include "suite/test/layout.h"

namespace weft::cli {
namespace {

namespace fs = std::filesystem;
using suite::Filter;
using suite::Test;

// Areas of each profile (requirements, section 15), as an expression over requirement ids.
struct Profile {
  const char* name;
  const char* filter;
};
constexpr Profile kProfiles[] = {
    {"core-threads", "req:MEM-* or req:ATOM-* or req:WAIT-* or req:MM-*"},
    {"wasi-threads-strict",
     "req:MEM-* or req:ATOM-* or req:WAIT-* or req:MM-* or req:WT-* or req:P1-* or req:DIV-*"},
    {"wasi-threads-legacy",
     "req:MEM-* or req:ATOM-* or req:WAIT-* or req:MM-* or req:WT-* or req:P1-* or req:DIV-*"},
    {"wasi-libc", "tag:wasi-libc"},
    {"shared-everything", "req:SET-*"},
    {"cm-threads", "req:CMT-*"},
};

Expected<Filter> parse(const std::string& text, const suite::Requirements& requirements) {
  auto filter = Filter::parse(text);
  if (!filter) return filter;
  for (const std::string& id : filter->exact_requirements()) {
    if (!requirements.find(id)) {
      return fail("filter \"{}\": req:{}: no such requirement (`weft list requirements`)", text,
                  id);
    }
  }
  return filter;
}

Expected<std::vector<Filter>> parse_all(const std::vector<std::string>& texts,
                                        const suite::Requirements& requirements) {
  std::vector<Filter> out;
  for (const std::string& text : texts) {
    auto filter = parse(text, requirements);
    if (!filter) return tl::unexpected(filter.error());
    out.push_back(std::move(*filter));
  }
  return out;
}

Expected<std::pair<unsigned, unsigned>> parse_shard(const std::string& text) {
  unsigned part = 0, parts = 0;
  const char* end = text.data() + text.size();
  auto first = std::from_chars(text.data(), end, part);
  if (first.ec == std::errc() && first.ptr != end && *first.ptr == '/') {
    auto second = std::from_chars(first.ptr + 1, end, parts);
    if (second.ec == std::errc() && second.ptr == end && part >= 1 && part <= parts) {
      return std::pair{part, parts};
    }
  }
  return fail("--shard {}: expected I/N with 1 <= I <= N, for example 2/4", text);
}

// Files that were named. Two of one id would be one row of the matrix.
Expected<std::vector<Test>> load_files(const std::vector<std::string>& paths) {
  std::vector<Test> tests;
  std::set<std::string> given;
  std::map<std::string, std::string> where;
  for (const std::string& path : paths) {
    if (!given.insert(fs::path(path).lexically_normal().string()).second) continue;
    if (path.ends_with(".litmus")) {
      const auto plain = fs::path(path).lexically_normal().replace_extension().relative_path();
      auto some = suite::litmus::tests_of_file(path, plain.generic_string());
      if (!some) return tl::unexpected(some.error());
      for (Test& one : *some) tests.push_back(std::move(one));
    } else {
      auto test = suite::load_test(path);
      if (!test) return tl::unexpected(test.error());
      tests.push_back(std::move(*test));
    }
  }
  for (const Test& test : tests) {
    const auto [other, fresh] = where.try_emplace(test.header.id, test.path);
    if (!fresh) {
      return fail("{}: has the same id as {}: {}", test.path, other->second, test.header.id);
    }
  }
  return tests;
}

Expected<std::vector<Test>> load_tests(const TestOptions& options) {
  const std::string& directory = options.suite;
  if (!options.paths.empty()) {
    if (directory.empty()) return load_files(options.paths);
    return fail("--suite and files of tests exclude each other");
  }
  if (directory.empty()) return suite::load_suite(home_folder() + "/suite");
  if (directory.ends_with(".litmus")) return suite::load_litmus(directory);
  auto layout = suite::load_layout(directory);
  if (!layout) return tl::unexpected(layout.error());
  auto litmus = suite::load_litmus(directory);
  if (!litmus) return litmus;
  for (Test& test : *litmus) layout->tests.push_back(std::move(test));
  return std::move(layout->tests);
}

bool has_tag(const Test& test, const std::string& tag) {
  const auto& tags = test.header.tags;
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

}  // namespace

std::string name_in_file(const Test& test) {
  return test.header.id.substr(test.header.id.rfind('/') + 1);
}

bool is_test_file(const std::string& name) {
  return name.ends_with(".wat") || name.ends_with(".wasm") || name.ends_with(".wast");
}

void TestOptions::declare(Args& args) {
  args.option(
      "--filter", filter,
      "only tests that match: globs over ids, req:, tag:, kind:, sort:, needs:, and, or, not");
  args.option("--filter-out", filter_out, "not the tests that match");
  args.option(
      "--suite", suite,
      "a directory (wasi-testsuite layout, .litmus files) or a .litmus file instead of our suite");
  args.option("--shard", shard, "I/N: the I-th of N parts, by a hash of the test id");
  args.option("--only-failed", only_failed, "RUN: only the tests that failed there");
  std::vector<std::string> names;
  for (const Profile& one : kProfiles) names.push_back(one.name);
  args.choice("--profile", profile, names, "only the areas of a profile");
}

Expected<suite::Requirements> read_catalogue() {
  return suite::Requirements::read(home_folder() + "/suite/requirements.json");
}

Expected<ChosenTests> choose_tests(const TestOptions& options) {
  ChosenTests out;
  auto requirements = read_catalogue();
  if (!requirements) return tl::unexpected(requirements.error());
  auto wanted = parse_all(options.filter, *requirements);
  if (!wanted) return tl::unexpected(wanted.error());
  auto unwanted = parse_all(options.filter_out, *requirements);
  if (!unwanted) return tl::unexpected(unwanted.error());
  std::vector<Filter> profile;
  for (const Profile& one : kProfiles) {
    if (options.profile == one.name) profile.push_back(*Filter::parse(one.filter));
  }
  std::pair<unsigned, unsigned> shard{1, 1};
  if (!options.shard.empty()) {
    auto parsed = parse_shard(options.shard);
    if (!parsed) return tl::unexpected(parsed.error());
    shard = *parsed;
  }
  std::set<std::string> failed;
  if (!options.only_failed.empty()) {
    auto run = results::read_run(options.only_failed);
    if (!run) return tl::unexpected(run.error());
    for (const results::Record& record : run->records) {
      if (!record.final) continue;
      if (results::group_of(record.verdict) == results::Group::kFailed) failed.insert(record.test);
    }
  }
  auto tests = load_tests(options);
  if (!tests) return tl::unexpected(tests.error());
  out.known = tests->size();
  out.requirements = std::move(*requirements);
  auto any = [](const std::vector<Filter>& filters, const Test& test) {
    return std::any_of(filters.begin(), filters.end(),
                       [&](const Filter& one) { return one.matches(test.header); });
  };
  for (Test& test : *tests) {
    if (!wanted->empty() && !any(*wanted, test)) continue;
    if (any(*unwanted, test)) continue;
    if (!profile.empty() && !any(profile, test)) continue;
    if (!options.only_failed.empty() && !failed.count(test.header.id)) continue;
    if (!suite::in_shard(test.header.id, shard.first, shard.second)) continue;
    // Slow tests run when they are asked for: by --full or by any filter.
    if (!options.slow && wanted->empty() && options.paths.empty() && has_tag(test, "slow"))
      continue;
    out.tests.push_back(std::move(test));
  }
  return out;
}

Expected<Test> find_test(const std::string& name, const std::string& which) {
  if (name.ends_with(".litmus")) {
    auto tests = load_files({name});
    if (!tests) return tl::unexpected(tests.error());
    if (which.empty() && tests->size() == 1) return std::move(tests->front());
    for (Test& test : *tests) {
      if (name_in_file(test) == which) return std::move(test);
    }
    return which.empty()
               ? fail("{}: holds {} tests: expected one of them (--name)", name, tests->size())
               : fail("{}: has no test {}", name, which);
  }
  if (!which.empty()) return fail("{}: --name is for a .litmus file", name);
  if (is_test_file(name)) return suite::load_test(name);
  auto tests = suite::load_suite(home_folder() + "/suite");
  if (!tests) return tl::unexpected(tests.error());
  for (Test& test : *tests) {
    if (test.header.id == name) return std::move(test);
  }
  return fail(
      "{}: no such test; expected an id (`weft list tests --ids`), a .wat, .wasm or "
      ".litmus path",
      name);
}

}  // namespace weft::cli
