#include "suite/test/test.h"

#include <algorithm>
#include <filesystem>

#include "reference/module/assemble.h"
#include "suite/test/binary_text.h"

namespace weft::suite {
namespace {

using nlohmann::json;

Expected<std::vector<std::string>> strings(const json& value, const std::string& where) {
  if (!value.is_array()) return fail("{}: expected an array of strings", where);
  std::vector<std::string> out;
  for (const json& item : value) {
    if (!item.is_string()) return fail("{}: expected an array of strings", where);
    out.push_back(item.get<std::string>());
  }
  return out;
}

bool uses_support(std::string_view source) {
  return source.find("\"weft\"") != std::string_view::npos ||
         source.find("\"weft_thread\"") != std::string_view::npos;
}

}  // namespace

Expected<Header> parse_header(std::string_view source, const std::string& path) {
  std::string text;
  size_t at = 0;
  while (at < source.size()) {
    size_t end = source.find('\n', at);
    if (end == std::string_view::npos) end = source.size();
    std::string_view line = source.substr(at, end - at);
    if (line.substr(0, 3) == ";;!") {
      text += std::string(line.substr(3)) + "\n";
    } else if (!text.empty()) {
      break;
    }
    at = end + 1;
  }
  if (text.empty()) return fail("{}: has no header (lines that begin with `;;!`)", path);
  json header = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (header.is_discarded() || !header.is_object()) {
    return fail("{}: the header (`;;!` lines) is not a JSON object", path);
  }
  Header out;
  for (const auto& [key, value] : header.items()) {
    const std::string where = path + ": header key \"" + key + "\"";
    auto text_value = [&](std::string& target) -> Expected<void> {
      if (!value.is_string()) return fail("{}: expected a string", where);
      target = value.get<std::string>();
      return {};
    };
    auto list_value = [&](std::vector<std::string>& target) -> Expected<void> {
      auto list = strings(value, where);
      if (!list) return tl::unexpected(list.error());
      target = std::move(*list);
      return {};
    };
    Expected<void> ok;
    if (key == "id") {
      ok = text_value(out.id);
    } else if (key == "kind") {
      static const std::map<std::string, Kind> kinds = {{"program", Kind::kProgram},
                                                        {"litmus", Kind::kLitmus},
                                                        {"script", Kind::kScript},
                                                        {"reject", Kind::kReject}};
      auto found = value.is_string() ? kinds.find(value.get<std::string>()) : kinds.end();
      if (found == kinds.end()) {
        return fail("{}: expected program, litmus, script or reject", where);
      }
      out.kind = found->second;
    } else if (key == "sort") {
      static const std::map<std::string, Sort> sorts = {
          {"sound", Sort::kSound}, {"evidence", Sort::kEvidence}, {"timing", Sort::kTiming}};
      auto found = value.is_string() ? sorts.find(value.get<std::string>()) : sorts.end();
      if (found == sorts.end()) return fail("{}: expected sound, evidence or timing", where);
      out.sort = found->second;
    } else if (key == "requirements") {
      ok = list_value(out.requirements);
    } else if (key == "story") {
      ok = text_value(out.story);
    } else if (key == "fault") {
      ok = text_value(out.fault);
    } else if (key == "tags") {
      ok = list_value(out.tags);
    } else if (key == "needs") {
      ok = list_value(out.needs);
    } else if (key == "args") {
      ok = list_value(out.args);
    } else if (key == "env") {
      if (!value.is_object()) return fail("{}: expected an object of strings", where);
      for (const auto& [name, item] : value.items()) {
        if (!item.is_string()) return fail("{}: expected an object of strings", where);
        out.env[name] = item.get<std::string>();
      }
    } else if (key == "dirs") {
      auto list = strings(value, where);
      if (!list) return tl::unexpected(list.error());
      for (const std::string& item : *list) {
        const size_t colon = item.find("::");
        if (colon == std::string::npos) {
          out.dirs.push_back({item, item});
        } else {
          out.dirs.push_back({item.substr(0, colon), item.substr(colon + 2)});
        }
      }
    } else if (key == "stdin") {
      std::string mode;
      ok = text_value(mode);
      if (mode == "closed" || mode == "open") {
        out.stdin_mode = mode;
      } else {
        out.stdin_mode = "text";
        out.stdin_text = mode;
      }
    } else if (key == "timeout") {
      if (!value.is_number() || value.get<double>() <= 0) {
        return fail("{}: expected a positive number of seconds", where);
      }
      out.timeout = value.get<double>();
    } else if (key == "exclusive") {
      if (!value.is_boolean()) return fail("{}: expected true or false", where);
      out.exclusive = value.get<bool>();
    } else if (key == "twin") {
      ok = text_value(out.twin);
    } else if (key == "expect") {
      out.expect = value;
    } else if (key == "litmus") {
      out.litmus = value;
    } else {
      return fail("{}: is not a key of a test header", where);
    }
    if (!ok) return tl::unexpected(ok.error());
  }
  if (out.id.empty()) return fail("{}: header key \"id\" is missing", path);
  if (out.requirements.empty()) {
    return fail("{}: header key \"requirements\" is missing or empty", path);
  }
  if (out.story.empty()) return fail("{}: header key \"story\" is missing", path);
  if (out.expect.is_null()) return fail("{}: header key \"expect\" is missing", path);
  return out;
}

Expected<Test> load_test(const std::string& path) {
  auto source = read_text(path);
  if (!source) return tl::unexpected(source.error());
  auto header = parse_header(*source, path);
  if (!header) return tl::unexpected(header.error());
  Test test;
  test.header = std::move(*header);
  test.path = path;
  test.source = std::move(*source);
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
    } else if (it->path().extension() == ".wat") {
      paths.push_back(it->path().string());
    }
  }
  if (ec) return fail("{}: {}", directory, ec.message());
  std::sort(paths.begin(), paths.end());
  std::vector<Test> tests;
  for (const std::string& path : paths) {
    auto test = load_test(path);
    if (!test) return tl::unexpected(test.error());
    const std::string id = fs::relative(path, directory).replace_extension().generic_string();
    if (test->header.id != id) {
      return fail("{}: header key \"id\": is \"{}\", expected \"{}\" (the path without extension)",
                  path, test->header.id, id);
    }
    tests.push_back(std::move(*test));
  }
  return tests;
}

Expected<Bytes> build(const Test& test) {
  if (test.source.empty()) return test.binary;
  if (is_binary_text(test.source)) return read_binary_text(test.source, test.path);
  if (uses_support(test.source)) {
    return module::link(test.source, support_library(), {.name = test.path});
  }
  return module::assemble(test.source, test.path);
}

}  // namespace weft::suite
