// From a descriptor of kind `host` to a runtime: the command line and where our host program is.
#include <cstdlib>
#include <filesystem>
#include <string>

#include "reference/base/files.h"
#include "runners/command.h"
#include "runners/host_runtime.h"

namespace weft::runners {
namespace {

namespace fs = std::filesystem;

constexpr const char* kProgram = "host.cjs";

// Beside the built-in descriptors; for a user's own descriptor below $WEFT_HOME, or below a folder
// above the running binary (a clone or an installation).
std::string host_program(const std::string& descriptor) {
  std::error_code ec;
  std::vector<fs::path> candidates = {fs::path(descriptor).parent_path().parent_path() / "host"};
  if (const char* home = std::getenv("WEFT_HOME")) {
    candidates.push_back(fs::path(home) / "runners/host");
  }
  for (const fs::path& at : folders_above_binary()) {
    candidates.push_back(at / "runners/host");
    candidates.push_back(at / "share/weft/runners/host");
  }
  for (const fs::path& folder : candidates) {
    if (fs::exists(folder / kProgram, ec)) return fs::absolute(folder / kProgram, ec).string();
  }
  return {};
}

// Answers every case with the reason why there is no host.
class MissingHost : public Runtime {
 public:
  MissingHost(RuntimeInfo info, std::string reason)
      : info_(std::move(info)), reason_(std::move(reason)) {}
  const RuntimeInfo& info() const override { return info_; }
  Observation run(const Case&) override {
    Observation seen;
    seen.reason = reason_;
    return seen;
  }

 private:
  RuntimeInfo info_;
  std::string reason_;
};

}  // namespace

std::unique_ptr<Runtime> make_host_runtime(const Described& runtime) {
  const RuntimeInfo& info = runtime.info;
  if (!info.found) {
    return std::make_unique<MissingHost>(info, info.name + " is not found: " + info.how_to_get);
  }
  CommandValues values;
  const bool ours = runtime.descriptor.value("run", nlohmann::json()).dump().find("{program}") !=
                    std::string::npos;
  if (ours) {
    values.text["program"] = host_program(runtime.path);
    if (values.text["program"].empty()) {
      return std::make_unique<MissingHost>(
          info, fmt::format("{}: {} is not found beside the descriptor, below WEFT_HOME or above "
                            "the weft binary",
                            info.name, kProgram));
    }
  }
  HostSetup setup;
  setup.info = info;
  setup.argv = expand_command(runtime, values);
  setup.env = runtime.env;
  return std::make_unique<HostRuntime>(std::move(setup));
}

}  // namespace weft::runners
