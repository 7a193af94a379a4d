// Headers of tests: found in the text, checked against the schema, read into a value. Knows no
// modules and runs nothing.
#include <algorithm>
#include <filesystem>

#include "reference/base/schema.h"
#include "suite/test/test.h"

namespace weft::suite {
namespace {

using nlohmann::json;

const json& schema() {
  static const json kSchema = json::parse(header_schema_text());
  return kSchema;
}

// The `;;!` lines without their mark; the others as empty lines, so that a message's line number is
// the file's.
std::string header_text(std::string_view source) {
  std::string text, blank;
  bool found = false;
  size_t at = 0;
  while (at < source.size()) {
    size_t end = source.find('\n', at);
    if (end == std::string_view::npos) end = source.size();
    const std::string_view line = source.substr(at, end - at);
    at = end + 1;
    if (line.substr(0, 3) == ";;!") {
      text += blank + "   " + std::string(line.substr(3)) + "\n";
      blank.clear();
      found = true;
    } else if (found) {
      break;
    } else {
      blank += "\n";
    }
  }
  return text;
}

// The schema has checked that `name` is among the names.
template <typename Value>
Value named(const auto& names, const std::string& name) {
  return static_cast<Value>(std::find(names.begin(), names.end(), name) - names.begin());
}

}  // namespace

Directory read_directory(const std::string& text) {
  const size_t colon = text.find("::");
  if (colon == std::string::npos) return {text, text};
  return {text.substr(0, colon), text.substr(colon + 2)};
}

std::vector<Directory> host_directories(const Test& test) {
  const auto beside = std::filesystem::absolute(test.path).parent_path();
  std::vector<Directory> out = test.header.dirs;
  for (Directory& dir : out) {
    if (std::filesystem::path(dir.host).is_relative()) {
      dir.host = (beside / dir.host).lexically_normal();
    }
  }
  return out;
}

Expected<Header> parse_header(std::string_view source, const std::string& path) {
  const std::string text = header_text(source);
  if (text.empty()) return fail("{}: has no header (lines that begin with `;;!`)", path);
  auto parsed = parse_json(text, path);
  if (!parsed) return tl::unexpected(parsed.error());
  const json& header = *parsed;
  if (auto ok = check_schema(header, schema(), path + ": header"); !ok) {
    return tl::unexpected(ok.error());
  }
  Header out;
  out.id = header["id"];
  out.kind = named<Kind>(kKindNames, header.value("kind", "program"));
  out.sort = named<Sort>(kSortNames, header.value("sort", "sound"));
  out.requirements = header["requirements"];
  if (out.requirements.empty())
    return fail("{}: header: requirements: expected at least one", path);
  out.story = header["story"];
  out.fault = header.value("fault", "");
  out.tags = header.value("tags", std::vector<std::string>());
  out.needs = header.value("needs", std::vector<std::string>());
  out.args = header.value("args", std::vector<std::string>());
  out.env = header.value("env", std::map<std::string, std::string>());
  for (const std::string dir : header.value("dirs", json::array())) {
    out.dirs.push_back(read_directory(dir));
  }
  out.stdin_mode = header.value("stdin", "closed");
  if (out.stdin_mode != "closed" && out.stdin_mode != "open") {
    out.stdin_text = out.stdin_mode;
    out.stdin_mode = "text";
  }
  out.timeout = header.value("timeout", 10.0);
  if (!(out.timeout > 0)) {
    return fail("{}: header: timeout: expected a positive number of seconds", path);
  }
  out.exclusive = header.value("exclusive", false);
  out.twin = header.value("twin", "");
  out.expect = header["expect"];
  out.litmus = header.value("litmus", json());
  return out;
}

}  // namespace weft::suite
