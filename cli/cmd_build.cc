// weft build: the plain module of a test, and the whole suite in the wasi-testsuite layout.
#include <fmt/core.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/args.h"
#include "cli/command.h"
#include "cli/test_options.h"
#include "reference/base/files.h"
#include "reference/module/assemble.h"
#include "suite/test/layout.h"

namespace weft::cli {
namespace {

namespace fs = std::filesystem;

int bad_input(const Error& error) {
  fmt::print(stderr, "weft: {}\n", error.message);
  return 2;
}

int cannot_write(const Error& error) {
  fmt::print(stderr, "weft: {}\n", error.message);
  return 3;
}

int build_one(const std::string& name, const std::string& which, std::string output) {
  auto test = find_test(name, which);
  if (!test) return bad_input(test.error());
  auto wasm = suite::build(*test);
  if (!wasm) return bad_input(wasm.error());
  if (output.empty()) output = name_in_file(*test) + ".wasm";
  if (auto ok = write_file(output, std::span<const uint8_t>(*wasm)); !ok) {
    return cannot_write(ok.error());
  }
  fmt::print("{}\n", output);
  const std::string text_path = fs::path(output).replace_extension(".wat").string();
  // A malformed module has no text but its source.
  auto text = module::print(*wasm);
  const std::string wat = text ? *text : test->source;
  std::error_code ec;
  if (fs::exists(text_path, ec) && fs::equivalent(text_path, test->path, ec)) return 0;
  if (auto ok = write_file(text_path, std::string_view(wat)); !ok) return cannot_write(ok.error());
  fmt::print("{}\n", text_path);
  return 0;
}

Expected<void> write_test(const suite::Test& test, const std::string& folder,
                          const suite::Portable& portable) {
  auto wasm = suite::build(test);
  if (!wasm) return tl::unexpected(wasm.error());
  const std::string base = folder + "/" + test.header.id;
  if (auto ok = write_file(base + ".wasm", std::span<const uint8_t>(*wasm)); !ok) return ok;
  const std::string json = portable.json.dump(1) + "\n";
  if (auto ok = write_file(base + ".json", std::string_view(json)); !ok) return ok;
  // The folders that it is given lie beside it under the guest's name.
  for (const suite::Directory& dir : test.header.dirs) {
    std::error_code ec;
    const fs::path from = fs::path(test.path).parent_path() / dir.host;
    const fs::path to = fs::path(base).parent_path() / dir.guest;
    fs::create_directories(to, ec);
    if (fs::is_directory(from, ec)) {
      fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::overwrite_existing, ec);
    }
    if (ec) return fail("{}: {}", to.string(), ec.message());
  }
  return {};
}

int build_all(const TestOptions& options, const std::string& folder) {
  auto chosen = choose_tests(options);
  if (!chosen) return bad_input(chosen.error());
  const std::string manifest = "{\"name\": \"weft\"}\n";
  if (auto ok = write_file(folder + "/manifest.json", std::string_view(manifest)); !ok) {
    return cannot_write(ok.error());
  }
  size_t portable = 0, extra = 0, left_out = 0;
  std::string list;
  for (const suite::Test& test : chosen->tests) {
    if (test.header.kind == suite::Kind::kLitmus || test.header.kind == suite::Kind::kScript) {
      ++left_out;
      list += test.header.id + ": left out: no single module\n";
      continue;
    }
    const suite::Portable form = suite::to_layout(test);
    if (auto ok = write_test(test, folder, form); !ok) return bad_input(ok.error());
    ++(form.not_said.empty() ? portable : extra);
    if (!form.not_said.empty()) {
      list += test.header.id + ": the layout cannot say " + form.not_said + "\n";
    }
  }
  if (auto ok = write_file(folder + "/NOT-PORTABLE.txt", std::string_view(list)); !ok) {
    return cannot_write(ok.error());
  }
  fmt::print("{}{}: {} portable tests, {} with an extra `weft` object, {} left out\n", list, folder,
             portable, extra, left_out);
  return portable + extra ? 0 : 4;
}

}  // namespace

int cmd_build(const std::vector<std::string>& args) {
  std::vector<std::string> names;
  std::string output, which, layout = "wasi-testsuite";
  bool all = false;
  TestOptions options;
  options.slow = true;
  Args parser("weft build", "Write the plain .wasm (and .wat) of a test, as engines run it.");
  parser.positionals("TEST|DIR", names, "a test; with --all: the folder to write");
  parser.option("-o,--output", output, "the .wasm to write (default: the test's name)");
  parser.option("--name", which, "only this test of a litmus file");
  parser.flag("--all", all, "every selected test, into a folder");
  parser.choice("--layout", layout, {"wasi-testsuite"}, "how the folder is laid out");
  options.declare(parser);
  if (auto code = parser.parse(args)) return *code;
  if (names.size() != 1) {
    fmt::print(stderr, "weft: build: expected one {}\n", all ? "folder" : "test");
    return 2;
  }
  return all ? build_all(options, names[0]) : build_one(names[0], which, output);
}

}  // namespace weft::cli
