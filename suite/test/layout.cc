#include "suite/test/layout.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "reference/base/schema.h"

namespace weft::suite {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const json& test_schema() {
  static const json kSchema = json::parse(R"({
    "type": "object", "additionalProperties": false,
    "properties": {
      "args": { "type": "array", "items": { "type": "string" } },
      "env": { "type": "object", "additionalProperties": { "type": "string" } },
      "dirs": { "type": "array", "items": { "type": "string" } },
      "root": { "oneOf": [ { "type": "string" }, { "type": "null" } ] },
      "exit_code": { "type": "integer" },
      "stdout": { "type": "string" }, "stderr": { "type": "string" },
      "proposals": { "type": "array", "items": { "type": "string" } },
      "world": { "type": "string" },
      "operations": { "type": "array", "items": { "type": "object", "required": ["type"] } },
      "weft": { "type": "object" } } })");
  return kSchema;
}

const json& manifest_schema() {
  static const json kSchema = json::parse(R"({
    "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } } })");
  return kSchema;
}

// The operations that one process and no partner can perform, as the keys of the older form.
json flattened(const json& config, std::string& partner) {
  json out = config;
  out.erase("operations");
  for (const json& operation : config.value("operations", json::array())) {
    const std::string type = operation["type"];
    if (type == "run") {
      for (const char* key : {"args", "env", "dirs", "root"}) {
        if (operation.contains(key)) out[key] = operation[key];
      }
    } else if (type == "wait") {
      out["exit_code"] = operation.value("exit_code", 0);
    } else if (type == "read" && operation.value("id", "stdout") == "stdout") {
      out["stdout"] = out.value("stdout", "") + operation.value("payload", "");
    } else {
      partner = type;
    }
  }
  return out;
}

Expected<Header> header_of(const json& config, const std::string& id, const std::string& path) {
  if (config.contains("weft")) {
    // Written by us: the header as it was, and where its folders are now.
    json header = config["weft"];
    header["id"] = id;
    return parse_header(";;! " + header.dump() + "\n", path);
  }
  std::string partner;
  const json flat = flattened(config, partner);
  if (auto ok = check_schema(flat, test_schema(), path); !ok) return tl::unexpected(ok.error());
  Header header;
  header.id = id;
  header.story = "A test of a foreign suite.";
  header.stdin_mode = "open";
  header.args = flat.value("args", std::vector<std::string>());
  header.env = flat.value("env", std::map<std::string, std::string>());
  for (const std::string dir : flat.value("dirs", json::array())) {
    header.dirs.push_back(read_directory(dir));
  }
  if (flat.contains("root") && flat["root"].is_string()) {
    header.dirs.push_back({flat["root"], "/"});
  }
  header.expect = {{"exit", flat.value("exit_code", 0)}};
  if (flat.contains("stdout")) header.expect["stdout"] = flat["stdout"];
  if (!partner.empty()) {
    header.kind = Kind::kScript;
    header.story += " It needs the operation " + partner + ".";
  }
  return header;
}

Expected<Test> load_one(const std::string& module, const std::string& directory) {
  Test test;
  test.path = module;
  const fs::path config = fs::path(module).replace_extension(".json");
  json value = json::object();
  std::error_code ec;
  if (fs::exists(config, ec)) {
    auto read = read_json(config.string());
    if (!read) return tl::unexpected(read.error());
    if (auto ok = check_schema(*read, test_schema(), config.string()); !ok) {
      return tl::unexpected(ok.error());
    }
    value = std::move(*read);
  }
  test.portable_layout = !value.contains("weft");
  const std::string id = fs::relative(module, directory).replace_extension().generic_string();
  auto header = header_of(value, id, config.string());
  if (!header) return tl::unexpected(header.error());
  test.header = std::move(*header);
  if (module.ends_with(".wat")) {
    auto text = read_text(module);
    if (!text) return tl::unexpected(text.error());
    test.source = std::move(*text);
  } else {
    auto bytes = read_bytes(module);
    if (!bytes) return tl::unexpected(bytes.error());
    test.binary = std::move(*bytes);
  }
  return test;
}

}  // namespace

Expected<Layout> load_layout(const std::string& directory) {
  std::error_code ec;
  if (!fs::is_directory(directory, ec)) {
    return fail("{}: no such folder; expected a suite in the wasi-testsuite layout", directory);
  }
  Layout out;
  out.name = fs::absolute(directory).lexically_normal().filename().string();
  std::set<std::string> binaries, texts;
  for (auto it = fs::recursive_directory_iterator(directory, ec);
       !ec && it != fs::recursive_directory_iterator(); it.increment(ec)) {
    const fs::path& path = it->path();
    const std::string stem = fs::path(path).replace_extension().string();
    // A run's folder below the suite: what weft left there are no tests.
    if (fs::exists(path / "results.jsonl", ec)) it.disable_recursion_pending();
    if (path.filename() == "manifest.json") {
      auto manifest = read_json(path.string());
      if (!manifest) return tl::unexpected(manifest.error());
      if (auto ok = check_schema(*manifest, manifest_schema(), path.string()); !ok) {
        return tl::unexpected(ok.error());
      }
      if (path.parent_path() == fs::path(directory)) out.name = (*manifest)["name"];
    } else if (path.extension() == ".wasm") {
      binaries.insert(stem);
    } else if (path.extension() == ".wat") {
      texts.insert(stem);
    }
  }
  if (ec) return fail("{}: {}", directory, ec.message());
  std::vector<std::string> modules;
  for (const std::string& stem : binaries) modules.push_back(stem + ".wasm");
  for (const std::string& stem : texts) {
    if (!binaries.count(stem)) modules.push_back(stem + ".wat");
  }
  for (const std::string& module : modules) {
    auto test = load_one(module, directory);
    if (!test) return tl::unexpected(test.error());
    out.tests.push_back(std::move(*test));
  }
  std::sort(out.tests.begin(), out.tests.end(),
            [](const Test& a, const Test& b) { return a.header.id < b.header.id; });
  return out;
}

Portable to_layout(const Test& test) {
  const Header& header = test.header;
  Portable out;
  out.json = json::object();
  const json& expect = header.expect;
  const bool plain =
      expect.is_object() && expect.contains("exit") && expect.size() == 1 + expect.count("stdout");
  if (header.kind != Kind::kProgram) {
    out.not_said = header.kind == Kind::kReject ? "that the module must be refused"
                                                : "a test of several modules or outcomes";
  } else if (!plain) {
    out.not_said = "this expectation: " + expect.dump();
  } else if (header.sort == Sort::kEvidence) {
    out.not_said = "that the absence of an outcome is no failure";
  } else if (header.stdin_mode == "text") {
    out.not_said = "what standard input holds";
  }
  if (expect.is_object() && expect.contains("exit")) out.json["exit_code"] = expect["exit"];
  if (expect.is_object() && expect.contains("stdout")) out.json["stdout"] = expect["stdout"];
  if (!header.args.empty()) out.json["args"] = header.args;
  if (!header.env.empty()) out.json["env"] = header.env;
  json dirs = json::array();
  for (const Directory& dir : header.dirs) dirs.push_back(dir.guest);
  if (!dirs.empty()) out.json["dirs"] = dirs;
  if (out.not_said.empty()) return out;
  json extra = {{"id", header.id},
                {"kind", name_of(header.kind)},
                {"sort", name_of(header.sort)},
                {"requirements", header.requirements},
                {"story", header.story},
                {"tags", header.tags},
                {"needs", header.needs},
                {"args", header.args},
                {"env", header.env},
                {"dirs", dirs},
                {"stdin", header.stdin_mode == "text" ? header.stdin_text : header.stdin_mode},
                {"timeout", header.timeout},
                {"exclusive", header.exclusive},
                {"expect", expect}};
  if (!header.twin.empty()) extra["twin"] = header.twin;
  if (!header.litmus.is_null()) extra["litmus"] = header.litmus;
  out.json["weft"] = extra;
  return out;
}

}  // namespace weft::suite
