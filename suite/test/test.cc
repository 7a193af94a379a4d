#include "suite/test/test.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "reference/module/assemble.h"
#include "suite/litmus/in_suite.h"
#include "suite/litmus/to_wat.h"
#include "suite/litmus/trials.h"
#include "suite/test/binary_text.h"

namespace weft::suite {
namespace {

bool uses_support(std::string_view source) {
  return source.find("\"weft\"") != std::string_view::npos ||
         source.find("\"weft_thread\"") != std::string_view::npos;
}

Expected<void> find_twins(std::vector<Test>& tests) {
  std::map<std::string, const Test*> litmus;
  for (const Test& test : tests) {
    if (!test.litmus.empty()) litmus[test.header.id] = &test;
  }
  for (Test& test : tests) {
    if (test.header.twin.empty() || test.header.kind != Kind::kLitmus) continue;
    const auto found = litmus.find(test.header.twin);
    if (found == litmus.end()) {
      return fail("{}: header key \"twin\" of {}: no litmus test {}", test.path, test.header.id,
                  test.header.twin);
    }
    test.twin_litmus = found->second->litmus;
  }
  return {};
}

}  // namespace

Expected<Test> load_test(const std::string& path) {
  if (path.ends_with(".wasm")) {
    // A module without a header: a program that is expected to end with 0.
    auto bytes = read_bytes(path);
    if (!bytes) return tl::unexpected(bytes.error());
    Test test;
    test.header.id = std::filesystem::path(path).stem().string();
    test.header.story = "A module without a header.";
    test.header.expect = {{"exit", 0}};
    test.path = path;
    test.binary = std::move(*bytes);
    return test;
  }
  auto source = read_text(path);
  if (!source) return tl::unexpected(source.error());
  if (path.ends_with(".wast") && source->find(";;!") == std::string::npos) {
    // A script of somebody else's: all its commands are to hold.
    Test test;
    const auto plain = std::filesystem::path(path).lexically_normal().replace_extension();
    test.header.id = plain.relative_path().generic_string();
    test.header.kind = Kind::kScript;
    test.header.story = "A specification script.";
    test.header.expect = {{"exit", 0}};
    test.path = path;
    test.source = std::move(*source);
    return test;
  }
  auto header = parse_header(*source, path);
  if (!header) return tl::unexpected(header.error());
  Test test;
  test.header = std::move(*header);
  test.path = path;
  test.source = std::move(*source);
  if (test.header.kind == Kind::kScript && test.header.expect.is_null()) {
    test.header.expect = {{"exit", 0}};
  }
  return test;
}

Expected<std::vector<Test>> load_suite(const std::string& directory) {
  namespace fs = std::filesystem;
  std::error_code ec;
  if (!fs::is_directory(directory, ec)) return fail("{}: no such folder", directory);
  std::vector<std::string> paths;
  for (auto it = fs::recursive_directory_iterator(directory, ec);
       !ec && it != fs::recursive_directory_iterator(); it.increment(ec)) {
    if (it->is_directory() && it->path().filename() == "support") {
      it.disable_recursion_pending();
    } else if (it->path().extension() == ".wat" || it->path().extension() == ".litmus" ||
               it->path().extension() == ".wast") {
      paths.push_back(it->path().string());
    }
  }
  if (ec) return fail("{}: {}", directory, ec.message());
  std::sort(paths.begin(), paths.end());
  std::vector<Test> tests;
  for (const std::string& path : paths) {
    if (path.ends_with(".litmus")) {
      auto some = litmus::tests_of_file(
          path, fs::relative(path, directory).replace_extension().generic_string());
      if (!some) return tl::unexpected(some.error());
      for (Test& one : *some) tests.push_back(std::move(one));
      continue;
    }
    auto test = load_test(path);
    if (!test) return tl::unexpected(test.error());
    const std::string id = fs::relative(path, directory).replace_extension().generic_string();
    if (test->header.id != id) {
      return fail("{}: header key \"id\": is \"{}\", expected \"{}\" (the path without extension)",
                  path, test->header.id, id);
    }
    tests.push_back(std::move(*test));
  }
  if (auto ok = find_twins(tests); !ok) return tl::unexpected(ok.error());
  return tests;
}

Expected<std::vector<Test>> load_litmus(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code ec;
  std::vector<std::string> files;
  if (!fs::is_directory(path, ec)) {
    files.push_back(path);
  } else {
    for (auto it = fs::recursive_directory_iterator(path, ec);
         !ec && it != fs::recursive_directory_iterator(); it.increment(ec)) {
      if (it->path().extension() == ".litmus") files.push_back(it->path().string());
    }
    if (ec) return fail("{}: {}", path, ec.message());
    std::sort(files.begin(), files.end());
  }
  std::vector<Test> tests;
  for (const std::string& file : files) {
    const fs::path name =
        fs::is_directory(path, ec) ? fs::relative(file, path) : fs::path(file).filename();
    auto some = litmus::tests_of_file(file, fs::path(name).replace_extension().generic_string());
    if (!some) return tl::unexpected(some.error());
    for (Test& one : *some) tests.push_back(std::move(one));
  }
  if (auto ok = find_twins(tests); !ok) return tl::unexpected(ok.error());
  return tests;
}

Expected<Bytes> build(const Test& test) {
  if (test.header.kind == Kind::kScript) {
    return fail("{}: is a script: it has no module of its own (`weft wast`, `weft run`)",
                test.path);
  }
  if (test.source.empty()) return test.binary;
  if (test.header.kind == Kind::kLitmus) {
    auto value = litmus::litmus_of(test);
    if (!value) return tl::unexpected(value.error());
    return litmus::why_not_batched(*value).empty()
               ? litmus::batch_module(*value, litmus::BatchParameters{})
               : litmus::trial_module(*value, litmus::TrialParameters{});
  }
  if (is_binary_text(test.source)) return read_binary_text(test.source, test.path);
  if (uses_support(test.source)) {
    return module::link(test.source, support_library(), {.name = test.path});
  }
  return module::assemble(test.source, test.path);
}

}  // namespace weft::suite
