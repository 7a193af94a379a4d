#include "cli/report_files.h"

#include <fmt/core.h>

#include "reference/base/files.h"

namespace weft::cli {

bool ReportFiles::any() const {
  return github || !json.empty() || !junit.empty() || !tap.empty() || !sarif.empty() ||
         !markdown.empty() || !html.empty();
}

Expected<void> write_output(const std::string& path, const std::string& text) {
  if (path != "-") return write_file(path, std::string_view(text));
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) {
    return fail("standard output cannot be written");
  }
  return {};
}

Expected<void> write_reports(const ReportFiles& files, const results::Run& run,
                             const results::Tally& tally, int exit_code, size_t not_run,
                             const suite::Requirements& requirements,
                             const std::vector<suite::Test>& tests) {
  Expected<void> ok;
  auto put = [&](const std::string& path, auto&& text) {
    if (ok && !path.empty()) ok = write_output(path, text());
  };
  put(files.json, [&] { return results::whole_json(run, tally); });
  put(files.junit, [&] { return results::junit(run, tally); });
  put(files.tap, [&] { return results::tap(tally); });
  put(files.sarif, [&] { return results::sarif(run, tally, requirements); });
  put(files.markdown, [&] { return results::markdown(run, tally, requirements); });
  if (files.github) put("-", [&] { return results::github(tally); });
  if (ok && !files.html.empty()) {
    ok = results::write_html(files.html, {run, tally, requirements, tests, exit_code, not_run});
  }
  return ok;
}

}  // namespace weft::cli
