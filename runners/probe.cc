#include "runners/probe.h"

#include <algorithm>
#include <filesystem>

#include "reference/base/files.h"
#include "reference/base/schema.h"
#include "reference/module/assemble.h"
#include "runners/scratch_folder.h"

namespace weft::runners {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int kHas = 77;

// Everything that the answer depends on. A host's program and the reference are ours and change
// with every build: their files count too.
std::string fingerprint(const Described& runtime) {
  const RuntimeInfo& info = runtime.info;
  json all = {info.name,  info.version, info.binary_sha256, info.bin,
              info.flags, runtime.env,  runtime.set,        runtime.descriptor.value("run", json()),
              info.kind};
  for (const Probe& one : probes()) all.push_back({one.feature, one.wat});
  const fs::path host = fs::absolute(runtime.path).parent_path().parent_path() / "host";
  std::vector<std::string> files;
  std::error_code ec;
  if (info.kind == "host") {
    for (const auto& entry : fs::directory_iterator(host, ec)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const std::string& file : files) {
    if (auto text = read_text(file)) all.push_back(sha256_hex(*text));
  }
  return sha256_hex(all.dump());
}

Expected<std::vector<Case>> cases_of(const std::string& folder) {
  std::vector<Case> cases;
  for (const Probe& one : probes()) {
    auto wasm = module::assemble(one.wat, std::string(one.feature));
    if (!wasm) return tl::unexpected(wasm.error());
    Case probe;
    probe.id = "probe/" + std::string(one.feature);
    probe.wasm = std::move(*wasm);
    probe.timeout = 5;
    if (one.feature == "wasi-fs") probe.dirs.push_back({folder, "probe"});
    cases.push_back(std::move(probe));
  }
  return cases;
}

bool read_answer(const std::string& path, RuntimeInfo& info) {
  std::error_code ec;
  if (!fs::exists(path, ec)) return false;
  auto known = read_json(path);
  if (!known || !known->is_object() || !known->contains("features") || !known->contains("lacks")) {
    return false;
  }
  for (const json& name : (*known)["features"]) info.features.insert(name.get<std::string>());
  for (const json& name : (*known)["lacks"]) info.lacks.insert(name.get<std::string>());
  return true;
}

}  // namespace

const std::vector<Probe>& probes() {
  static const std::vector<Probe> kProbes = {
#define PROBE(feature, wat) {feature, wat},
#include "runners/probes.def"
#undef PROBE
  };
  return kProbes;
}

Expected<void> probe(Described& runtime) {
  RuntimeInfo& info = runtime.info;
  info.features.clear();
  info.lacks.clear();
  if (!info.found) return fail("{}: {}", info.name, info.how_to_get);
  const std::string path = fs::path(engines_folder()).parent_path() / "probes" /
                           (fingerprint(runtime).substr(0, 32) + ".json");
  // Without a hash of the binary (the reference) nothing says that it is still the same.
  const bool keep = !info.binary_sha256.empty();
  if (keep && read_answer(path, info)) return {};

  // What a module with `wasi-fs` opens a file in.
  const ScratchFolder folder("weft-probe");
  if (folder.made()) (void)write_file(folder / "probe", std::string_view("probe\n"));
  auto cases = cases_of(folder.path());
  if (!cases) return tl::unexpected(cases.error());
  const std::unique_ptr<Runtime> engine = make_runtime(runtime);
  const std::vector<Observation> seen = engine->run_batch(*cases);
  for (size_t i = 0; i < seen.size(); ++i) {
    if (seen[i].end == End::kHostError) {
      info.features.clear();
      info.lacks.clear();
      return fail("{}: {}", info.name, seen[i].reason);
    }
    const bool has = seen[i].end == End::kExit && seen[i].code == kHas;
    (has ? info.features : info.lacks).insert(std::string(probes()[i].feature));
  }
  if (keep) {
    const json known = {{"runtime", info.name}, {"features", info.features}, {"lacks", info.lacks}};
    (void)write_file(path, known.dump() + "\n");  // only saves time
  }
  return {};
}

}  // namespace weft::runners
