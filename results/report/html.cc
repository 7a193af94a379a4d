#include "results/report/html.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <map>

#include "reference/base/files.h"
#include "results/report/html_pages.h"
#include "results/report/html_style.h"

namespace weft::results {
namespace {

namespace fs = std::filesystem;

constexpr char kTitle[] = "weft: threaded WebAssembly and WASI";

std::string nav(const Site& site) {
  return fmt::format(
      "<nav aria-label=\"report\"><a class=\"skip\" href=\"#main\">to the content</a>"
      "<a href=\"{}\">run</a><a href=\"{}\">tests</a><a href=\"{}\">requirements</a></nav>\n",
      site.run(), site.tests(), site.requirements());
}

std::string head(const std::string& title, const std::string& inside) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width\"><title>{}</title>\n{}</head>\n"
      "<body>\n",
      esc(title), inside);
}

std::string page(const std::string& title, const Site& site, const std::string& body) {
  return head(title, fmt::format("<link rel=\"stylesheet\" href=\"{}style.css\">", site.up)) +
         nav(site) +
         fmt::format(
             "<main id=\"main\">\n<h1>{}</h1>\n{}</main>\n<script src=\"{}script.js\">"
             "</script></body></html>\n",
             esc(title), body, site.up);
}

using ById = std::map<std::string, const suite::Test*>;

const suite::Test* find(const ById& tests, const std::string& id) {
  const auto found = tests.find(id);
  return found == tests.end() ? nullptr : found->second;
}

// All pages as sections of one file; the target of the address is the one that shows.
std::string one_file(const HtmlInput& input, const ById& tests) {
  const Site site{.one_file = true, .up = ""};
  const auto section = [](const std::string& id, const std::string& title,
                          const std::string& body) {
    return fmt::format(
        "<section class=\"page\" id=\"{}\" tabindex=\"-1\">\n<h1>{}</h1>\n{}"
        "</section>\n",
        esc(id), esc(title), body);
  };
  std::string out = head(kTitle, fmt::format("<style>{}</style>", kStyle));
  out += nav(site) + "<main id=\"main\">\n";
  for (const std::string& id : input.tally.tests) {
    out += section(Site::section_of_test(id), id, test_page(input, id, find(tests, id), site));
  }
  out += section("tests", "Tests", matrix_page(input, site));
  out += section("requirements", "Requirements", requirements_page(input, site));
  // Last, so that the style sheet can hide it when another is the target.
  out += section("run", kTitle, first_page(input, site));
  return out + fmt::format("</main>\n<script>{}</script></body></html>\n", kScript);
}

Expected<void> write_pages(const std::string& folder, const HtmlInput& input, const ById& tests) {
  const Site top, below{.one_file = false, .up = "../"};
  auto write = [&](const std::string& name, std::string_view text) {
    return write_file(folder + "/" + name, text);
  };
  auto ok = write("style.css", kStyle);
  if (ok) ok = write("script.js", kScript);
  if (ok) ok = write("index.html", page(kTitle, top, first_page(input, top)));
  if (ok) ok = write("matrix.html", page("Tests", top, matrix_page(input, top)));
  if (ok) {
    ok = write("requirements.html", page("Requirements", top, requirements_page(input, top)));
  }
  for (const std::string& id : input.tally.tests) {
    if (!ok) break;
    ok = write(Site::file_of_test(id),
               page(id, below, test_page(input, id, find(tests, id), below)));
  }
  return ok;
}

}  // namespace

Expected<void> check_html_target(const std::string& path) {
  std::error_code ec;
  const bool folder = fs::is_directory(path, ec);
  if (path.ends_with(".html")) {
    if (folder) return fail("{}: is a folder, expected a file", path);
    return {};
  }
  if (!fs::exists(path, ec) || fs::exists(path + "/requirements.html", ec)) return {};
  if (folder && fs::is_empty(path, ec)) return {};
  return fail("{}: is there and is no report of ours: it is not replaced", path);
}

Expected<void> write_html(const std::string& path, const HtmlInput& input) {
  ById tests;
  for (const suite::Test& test : input.tests) tests[test.header.id] = &test;
  if (auto ok = check_html_target(path); !ok) return ok;
  if (path.ends_with(".html")) return write_file(path, std::string_view(one_file(input, tests)));

  std::error_code ec;
  const std::string aside = fmt::format("{}.new.{}", path, ::getpid());
  fs::remove_all(aside, ec);
  if (auto ok = write_pages(aside, input, tests); !ok) {
    fs::remove_all(aside, ec);
    return ok;
  }
  // An old report stays until the new one is whole.
  const std::string old = fmt::format("{}.old.{}", path, ::getpid());
  ec.clear();
  if (fs::exists(path, ec)) fs::rename(path, old, ec);
  if (!ec) fs::rename(aside, path, ec);
  if (ec) {
    const std::string why = ec.message();
    fs::remove_all(aside, ec);
    return fail("{}: cannot be renamed into place: {}", path, why);
  }
  fs::remove_all(old, ec);
  return {};
}

}  // namespace weft::results
