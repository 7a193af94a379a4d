#include "runners/cli_runtime.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "reference/base/files.h"
#include "reference/base/schema.h"
#include "runners/command.h"
#include "runners/observed.h"
#include "runners/process.h"
#include "runners/scratch_folder.h"

namespace weft::runners {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

bool lists(const json& descriptor, const char* key, int code) {
  if (!descriptor.contains("exit") || !descriptor["exit"].contains(key)) return false;
  const json& codes = descriptor["exit"][key];
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

End meaning_of_exit(const json& descriptor, int code) {
  return lists(descriptor, "trap", code)     ? End::kTrap
         : lists(descriptor, "reject", code) ? End::kReject
                                             : End::kExit;
}

// {"exit": n}, {"trap": kind} or {"reject": stage, ...}, where the engine writes a status file.
void read_status(const std::string& path, Observation& seen) {
  std::error_code ec;
  const bool ended = seen.end == End::kExit || seen.end == End::kTrap || seen.end == End::kReject;
  if (!ended || !fs::exists(path, ec)) return;
  auto status = read_json(path);
  if (!status || !status->is_object()) return;
  if (status->contains("trap")) {
    seen.end = End::kTrap;
    if ((*status)["trap"].is_string()) seen.trap = (*status)["trap"];
  } else if (status->contains("reject")) {
    seen.end = End::kReject;
    if ((*status)["reject"].is_string()) seen.stage = (*status)["reject"];
  } else if (status->contains("exit") && (*status)["exit"].is_number_integer()) {
    seen.end = End::kExit;
    seen.code = (*status)["exit"];
  }
}

class CliRuntime : public Runtime {
 public:
  explicit CliRuntime(Described described) : described_(std::move(described)) {}
  const RuntimeInfo& info() const override { return described_.info; }

  Observation run(const Case& one) override {
    Observation seen;
    if (!info().found) {
      seen.reason = fmt::format("{} is not there: {}", info().name, info().how_to_get);
      return seen;
    }
    const ScratchFolder folder("weft-case");  // the engine's working folder
    if (!folder.made()) {
      seen.reason = "a temporary folder cannot be made";
      return seen;
    }
    // Names relative to the working folder: the same command line every time.
    if (auto written = write_file(folder.path() + "/module.wasm", std::span(one.wasm)); !written) {
      seen.reason = written.error().message;
      return seen;
    }
    CommandValues values;
    values.text = {{"module", "module.wasm"}, {"status", "status.json"}};
    values.args = one.args;
    values.env = one.env;
    values.dirs = one.dirs;
    ProcessSpec spec;
    spec.argv = expand_command(described_, values);
    spec.env = described_.env;
    spec.cwd = folder.path();
    bind_case(one, spec, seen);
    if (!run_observed(spec, seen)) return seen;
    if (seen.end == End::kExit) seen.end = meaning_of_exit(described_.descriptor, seen.code);
    read_status(folder.path() + "/status.json", seen);
    return seen;
  }

 private:
  Described described_;
};

}  // namespace

std::unique_ptr<Runtime> make_cli_runtime(const Described& runtime) {
  return std::make_unique<CliRuntime>(runtime);
}

}  // namespace weft::runners
