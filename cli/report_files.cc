#include "cli/report_files.h"

#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "cli/interruption.h"
#include "reference/base/files.h"

namespace weft::cli {

namespace fs = std::filesystem;

namespace {

// The nearest folder above that is there must take new files.
Expected<void> check_parent(const std::string& path) {
  std::error_code ec;
  fs::path above = fs::absolute(path, ec).lexically_normal();
  if (!above.has_filename()) above = above.parent_path();
  above = above.parent_path();
  while (!fs::exists(above, ec) && above.has_relative_path()) above = above.parent_path();
  if (!fs::is_directory(above, ec)) {
    return fail("{}: cannot be written: {} is no folder", path, above.string());
  }
  if (::access(above.c_str(), W_OK) != 0) {
    return fail("{}: cannot be written: {}: {}", path, above.string(), std::strerror(errno));
  }
  return {};
}

}  // namespace

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
  bool to_files = true;
  auto put = [&](const std::string& path, auto&& text) {
    if (ok && !path.empty() && (path != "-") == to_files) ok = write_output(path, text());
  };
  const auto put_all = [&] {
    put(files.json, [&] { return results::whole_json(run, tally); });
    put(files.junit, [&] { return results::junit(run, tally); });
    put(files.tap, [&] { return results::tap(tally); });
    put(files.sarif, [&] { return results::sarif(run, tally, requirements); });
    put(files.markdown, [&] { return results::markdown(run, tally, requirements); });
    if (files.github) put("-", [&] { return results::github(tally); });
  };
  {
    const WritingFiles writing;
    put_all();
    if (ok && !files.html.empty()) {
      ok = results::write_html(files.html, {run, tally, requirements, tests, exit_code, not_run});
    }
  }
  to_files = false;
  put_all();
  return ok;
}

Expected<void> check_targets(const ReportFiles& files) {
  for (const std::string& path :
       {files.json, files.junit, files.tap, files.sarif, files.markdown}) {
    if (path.empty() || path == "-") continue;
    std::error_code ec;
    if (fs::is_directory(path, ec)) return fail("{}: is a folder, expected a file", path);
    if (auto ok = check_parent(path); !ok) return ok;
  }
  if (files.html.empty()) return {};
  if (auto ok = results::check_html_target(files.html); !ok) return ok;
  return check_parent(files.html);
}

}  // namespace weft::cli
