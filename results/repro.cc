#include "results/repro.h"

#include <fmt/format.h>

#include <filesystem>

#include "reference/base/files.h"
#include "reference/module/assemble.h"
#include "results/evidence_sheet.h"
#include "results/run_script.h"
#include "results/summary.h"

namespace weft::results {
namespace {

namespace fs = std::filesystem;

std::string readme(const Record& record, const Prepared& prepared,
                   const runners::RuntimeInfo& runtime, const suite::Requirements& requirements) {
  std::string out = fmt::format("# {} on {}: {}\n\n{}\n\n", record.test, record.runtime,
                                name_of(record.verdict), prepared.test->header.story);
  out += fmt::format("Engine: {} {}\nCommand: `{}`\n\n", runtime.family, runtime.version,
                     fmt::join(record.argv, " "));
  out += "Expected: " + suite::describe(prepared.expect) + "\n\n";
  out += "Observed: " + record.reason + "\n\n```\n" +
         record.observed.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) +
         "\n```\n\n";
  for (const std::string& id : record.requirements) {
    const suite::Requirement* one = requirements.find(id);
    if (one) out += fmt::format("- {}: {}\n  Source: {}\n", id, one->sentence, one->source);
  }
  return out + "\n" + caveat(machine_isa()) +
         "\n\n`./run.sh` repeats it and exits 1 when it shows. With weft: `" + record.repro + "`\n";
}

// A folder that is not there is an empty one, as it is for the test itself.
Expected<void> copy_folder(const std::string& from, const std::string& to) {
  std::error_code ec;
  fs::create_directories(to, ec);
  if (!ec && fs::is_directory(from)) {
    fs::copy(from, to,
             fs::copy_options::recursive | fs::copy_options::copy_symlinks |
                 fs::copy_options::overwrite_existing,
             ec);
  }
  if (ec) return fail("{}: cannot be copied to {}: {}", from, to, ec.message());
  return {};
}

}  // namespace

std::string repro_name(const Record& record) {
  std::string name = record.test + "@" + record.runtime;
  for (char& c : name) {
    if (c == '/' || c == ':') c = '+';
  }
  return name;
}

Expected<void> write_repro(const std::string& run_folder, const Record& record,
                           const Prepared& prepared, const runners::RuntimeInfo& runtime,
                           const suite::Requirements& requirements) {
  const std::string folder = run_folder + "/repro/" + repro_name(record);
  if (auto ok = write_file(folder + "/module.wasm", std::span<const uint8_t>(prepared.wasm)); !ok) {
    return ok;
  }
  // A module that no printer reads (a malformed one) has its source instead.
  auto text = module::print(prepared.wasm);
  const std::string wat = text ? *text : prepared.test->source;
  if (auto ok = write_file(folder + "/module.wat", std::string_view(wat)); !ok) return ok;
  const std::string about = readme(record, prepared, runtime, requirements);
  if (auto ok = write_file(folder + "/README.md", std::string_view(about)); !ok) return ok;
  const std::string sheet = evidence_sheet(record, prepared, runtime);
  if (auto ok = write_file(folder + "/evidence.md", std::string_view(sheet)); !ok) return ok;
  const std::string script = run_script(record, prepared, runtime);
  if (auto ok = write_file(folder + "/run.sh", std::string_view(script)); !ok) return ok;
  std::error_code ec;
  fs::permissions(folder + "/run.sh", fs::perms(0755), ec);
  if (const std::string host = host_folder(record); !host.empty()) {
    if (auto ok = copy_folder(host, folder + "/host"); !ok) return ok;
  }
  const auto dirs = suite::host_directories(*prepared.test);
  for (size_t i = 0; i < dirs.size(); ++i) {
    if (auto ok = copy_folder(dirs[i].host, fmt::format("{}/dirs/{}", folder, i)); !ok) return ok;
  }
  return {};
}

}  // namespace weft::results
