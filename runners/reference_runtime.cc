#include "runners/reference_runtime.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "reference/base/files.h"
#include "runners/observed.h"
#include "runners/process.h"
#include "runners/scratch_folder.h"

namespace weft::runners {
namespace {

// The status file of a run that ended by itself. False: there is none to read.
bool read_status(const std::string& path, Observation& seen) {
  const auto text = read_text(path);
  if (!text) return false;
  const auto status = nlohmann::json::parse(*text, nullptr, false);
  if (!status.is_object()) return false;
  if (status.contains("exit")) {
    seen.end = End::kExit;
    seen.code = static_cast<int>(status["exit"].get<uint32_t>() & 255);
  } else if (status.contains("trap")) {
    seen.end = End::kTrap;
    seen.trap = status["trap"].get<std::string>();
  } else if (status.contains("reject")) {
    seen.end = End::kReject;
    seen.stage = status["reject"].get<std::string>();
    seen.reason = status.value("message", std::string());
  } else {
    seen.end = End::kHostError;
    seen.reason = status.value("failed", status.dump());
  }
  return true;
}

class ReferenceRuntime final : public Runtime {
 public:
  explicit ReferenceRuntime(RuntimeInfo info) : info_(std::move(info)) {}
  const RuntimeInfo& info() const override { return info_; }

  Observation run(const Case& one) override {
    Observation seen;
    const ScratchFolder scratch("weft-reference");
    if (!scratch.made() ||
        !write_file(scratch / "module.wasm", std::span<const uint8_t>(one.wasm))) {
      seen.reason = std::string("cannot write the module: ") + std::strerror(errno);
      return seen;
    }
    // Names relative to the working folder: the same command line every time.
    ProcessSpec spec;
    spec.argv = info_.bin;
    spec.cwd = scratch.path();
    if (one.script) return run_script(one, spec, "module.wasm");
    spec.argv.insert(spec.argv.end(), {"exec", "--status-file", "status.json"});
    spec.argv.insert(spec.argv.end(), info_.flags.begin(), info_.flags.end());
    for (const auto& [name, value] : one.env) {
      spec.argv.insert(spec.argv.end(), {"--env", name + "=" + value});
    }
    for (const suite::Directory& dir : one.dirs) {
      spec.argv.insert(spec.argv.end(), {"--dir", dir.host + "::" + dir.guest});
    }
    spec.argv.push_back("module.wasm");
    spec.argv.insert(spec.argv.end(), one.args.begin(), one.args.end());
    bind_case(one, spec, seen);
    if (!run_observed(spec, seen)) return seen;
    if (seen.end == End::kExit && !read_status(scratch / "status.json", seen)) {
      seen.end = End::kHostError;
      seen.reason = "weft exec left no status file: " + seen.err;
    }
    return seen;
  }

 private:
  // `weft wast`: 0 all commands hold, 1 some do not.
  static Observation run_script(const Case& one, ProcessSpec& spec, const std::string& file) {
    spec.argv.insert(spec.argv.end(), {"wast", file});
    spec.timeout = one.timeout;
    spec.memory_limit = one.memory_limit;
    spec.process_limit = one.process_limit;
    Observation seen;
    run_observed(spec, seen);
    return seen;
  }

  RuntimeInfo info_;
};

}  // namespace

void locate_reference(RuntimeInfo& info) {
  const char* set = std::getenv("WEFT_BINARY");
  std::error_code ec;
  const std::string binary = set ? std::filesystem::absolute(set, ec).string()
                                 : std::filesystem::read_symlink("/proc/self/exe", ec).string();
  info.found = !binary.empty() && access(binary.c_str(), X_OK) == 0;
  info.bin = {binary};
  if (!info.found) {
    info.how_to_get = "it is the weft program itself; WEFT_BINARY names another one";
    return;
  }
  ProcessSpec spec;
  spec.argv = {binary, "--version"};
  if (const auto result = run_process(spec); result && result->code == 0) {
    const size_t space = result->out.find(' ');
    info.version = space == std::string::npos ? "" : result->out.substr(space + 1);
    while (!info.version.empty() && info.version.back() == '\n') info.version.pop_back();
  }
}

std::unique_ptr<Runtime> make_reference_runtime(const Described& runtime) {
  RuntimeInfo info = runtime.info;
  if (info.bin.empty()) locate_reference(info);
  if (const auto model = runtime.set.find("threading_model"); model != runtime.set.end()) {
    info.flags.insert(info.flags.begin(), {"--threading-model", model->second});
  }
  return std::make_unique<ReferenceRuntime>(std::move(info));
}

}  // namespace weft::runners
