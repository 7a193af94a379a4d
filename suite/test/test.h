// A test of the suite: one file, its header and what the header says. Knows modules, not runtimes,
// and not how an expectation is judged (`suite/oracle`).
#pragma once

#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "reference/base/expected.h"
#include "reference/base/files.h"

namespace weft::suite {

enum class Kind { kProgram, kLitmus, kScript, kReject };
enum class Sort { kSound, kEvidence, kTiming };
// As headers and filters name them, in the order of the enumerations.
inline constexpr std::array kKindNames = {"program", "litmus", "script", "reject"};
inline constexpr std::array kSortNames = {"sound", "evidence", "timing"};
inline const char* name_of(Kind kind) { return kKindNames[static_cast<size_t>(kind)]; }
inline const char* name_of(Sort sort) { return kSortNames[static_cast<size_t>(sort)]; }

struct Directory {
  std::string host;   // a path; relative ones are relative to the test's file
  std::string guest;  // the name the guest sees
};

// The header of a test (docs/adding-a-test.md). `expect` and `litmus` stay JSON: they are read by
// suite/oracle and suite/litmus.
struct Header {
  std::string id;
  Kind kind = Kind::kProgram;
  Sort sort = Sort::kSound;
  std::vector<std::string> requirements;
  std::string story;
  std::string fault;
  std::vector<std::string> tags;
  std::vector<std::string> needs;
  std::vector<std::string> args;
  std::map<std::string, std::string> env;
  std::vector<Directory> dirs;
  std::string stdin_mode = "closed";  // "closed", "open", or "text"
  std::string stdin_text;
  double timeout = 10;  // seconds
  bool exclusive = false;
  std::string twin;
  nlohmann::json expect;
  nlohmann::json litmus;
};

struct Test {
  Header header;
  std::string path;              // of the file it was read from
  std::string source;            // the text (.wat, .wast); empty for a .wasm
  Bytes binary;                  // for a .wasm
  bool portable_layout = false;  // a foreign test in the wasi-testsuite layout
  std::string litmus;            // of a `.litmus` file: the text of this one test
  std::string twin_litmus;       // text of the allowed twin that the header names
};

// Reads the `;;!` lines of `source`. `path` is for messages. An unknown key is an error.
Expected<Header> parse_header(std::string_view source, const std::string& path);

// The JSON Schema of a header, embedded when weft was built.
std::string_view header_schema_text();

// "HOST::GUEST", or one name for both.
Directory read_directory(const std::string& text);
// The directories of a test with absolute paths on the host.
std::vector<Directory> host_directories(const Test& test);

// One `.wat` or `.wast` file of the suite, or a `.wasm`, which has no header: any program; a
// `.wast` without a header: a script whose commands all hold.
Expected<Test> load_test(const std::string& path);

// Every test below `directory` (*.wat, *.wast and *.litmus, except support/), sorted by path. An id
// that is not its path without the extension, or that occurs twice, is an error.
Expected<std::vector<Test>> load_suite(const std::string& directory);
// The litmus tests of a `.litmus` file, or of all below a folder, with their twins.
Expected<std::vector<Test>> load_litmus(const std::string& path);

// The plain module that engines run: linked with the support library where the test uses it.
Expected<Bytes> build(const Test& test);

// The text of the support library (embedded when weft was built).
std::string_view support_library();

}  // namespace weft::suite
