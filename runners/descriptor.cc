#include "runners/descriptor.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "reference/base/schema.h"

namespace weft::runners {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const json& schema() {
  static const json kSchema = json::parse(descriptor_schema_text());
  return kSchema;
}

void merge(const json& part, Described& into) {
  if (part.contains("flags")) {
    for (const json& flag : part["flags"]) into.flags.push_back(flag);
    into.info.flags = into.flags;
  }
  for (const char* key : {"env", "set"}) {
    if (!part.contains(key)) continue;
    auto& target = key[0] == 'e' ? into.env : into.set;
    for (const auto& [name, value] : part[key].items()) target[name] = value;
  }
}

Provider provider(const json& descriptor, const char* part) {
  if (!descriptor.contains("provides")) return Provider::kEngine;
  return descriptor["provides"].value(part, "engine") == std::string("weft") ? Provider::kWeft
                                                                             : Provider::kEngine;
}

// What the schema cannot say: which keys belong together.
Expected<void> check_sense(const json& descriptor, const std::string& path) {
  const std::string kind = descriptor["kind"];
  if (kind == "cli" && !descriptor.contains("run")) {
    return fail("{}: the key 'run' is missing, expected the engine's command line", path);
  }
  const json versions = descriptor.value("versions", json::array());
  if (kind != "reference" && !descriptor.contains("bin")) {
    for (const json& version : versions) {
      if (!version.contains("bin") && !version.contains("from")) {
        return fail("{}: versions: '{}' has neither 'bin' nor 'from', expected one of them", path,
                    version["name"].get<std::string>());
      }
    }
    if (versions.empty()) return fail("{}: the key 'bin' is missing", path);
  }
  std::set<std::string> names;
  for (size_t i = 0; i < versions.size(); ++i) {
    const json& version = versions[i];
    if (!names.insert(version["name"]).second) {
      return fail("{}: versions[{}].name: '{}' occurs twice", path, i,
                  version["name"].get<std::string>());
    }
    if (!version.contains("from")) continue;
    const char* hash = version["from"] == "npm" ? "integrity" : "sha256";
    for (const char* key : {"package", "file", hash}) {
      if (version.contains(key)) continue;
      return fail("{}: versions[{}]: the key '{}' is missing, expected with 'from': {}", path, i,
                  key, version["from"].dump());
    }
  }
  std::set<std::string> configs;
  const json listed = descriptor.value("configs", json::array());
  for (size_t i = 0; i < listed.size(); ++i) {
    const std::string name = listed[i]["name"];
    if (!configs.insert(name).second) {
      return fail("{}: configs[{}].name: '{}' occurs twice", path, i, name);
    }
    for (const json& version : listed[i].value("versions", json::array())) {
      if (names.count(version)) continue;
      return fail("{}: configs[{}].versions: no version is named '{}'", path, i,
                  version.get<std::string>());
    }
  }
  for (const json& item : descriptor.value("run", json::array())) {
    if (kind == "cli" && item == "{module}") return {};
  }
  return kind == "cli" ? fail("{}: run: expected an item \"{{module}}\"", path) : Expected<void>();
}

}  // namespace

Expected<std::vector<Described>> read_descriptor(const std::string& path) {
  auto descriptor = read_json(path);
  if (!descriptor) return tl::unexpected(descriptor.error());
  if (auto ok = check_schema(*descriptor, schema(), path); !ok) return tl::unexpected(ok.error());
  if (auto ok = check_sense(*descriptor, path); !ok) return tl::unexpected(ok.error());

  json versions = descriptor->value("versions", json::array());
  if (versions.empty()) versions.push_back(json::object());
  std::vector<Described> all;
  for (const json& version : versions) {
    Described base;
    base.descriptor = *descriptor;
    base.version = version;
    base.config = json::object();
    base.path = path;
    base.info.family = (*descriptor)["family"];
    base.info.version_name = version.value("name", std::string());
    base.info.kind = (*descriptor)["kind"];
    base.info.name = base.info.family;
    if (versions.size() > 1) base.info.name += "-" + base.info.version_name;
    base.info.provides = {provider(*descriptor, "spawn"), provider(*descriptor, "wasi"),
                          provider(*descriptor, "wait")};
    merge(*descriptor, base);
    merge(version, base);
    base.info.is_default = version.value("default", false);
    if (version.value("base", descriptor->value("base", true))) all.push_back(base);
    for (const json& config : descriptor->value("configs", json::array())) {
      const json only = config.value("versions", json::array());
      if (!only.empty() &&
          std::find(only.begin(), only.end(), base.info.version_name) == only.end()) {
        continue;
      }
      Described one = base;
      one.config = config;
      one.info.config = config["name"];
      one.info.name += ":" + one.info.config;
      one.info.is_default = config.value("default", false);
      merge(config, one);
      all.push_back(std::move(one));
    }
  }
  return all;
}

Expected<std::vector<Described>> read_descriptors(const std::string& directory) {
  std::vector<std::string> paths;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(directory, ec)) {
    if (entry.path().extension() == ".json") paths.push_back(entry.path().string());
  }
  if (ec) return fail("{}: {}", directory, ec.message());
  std::sort(paths.begin(), paths.end());
  std::vector<Described> all;
  std::map<std::string, std::string> families;
  for (const std::string& path : paths) {
    auto some = read_descriptor(path);
    if (!some) return tl::unexpected(some.error());
    if (some->empty()) continue;
    const std::string& family = some->front().info.family;
    if (auto [at, added] = families.emplace(family, path); !added) {
      return fail("{}: family: '{}' is described in {} too", path, family, at->second);
    }
    for (Described& one : *some) all.push_back(std::move(one));
  }
  return all;
}

}  // namespace weft::runners
