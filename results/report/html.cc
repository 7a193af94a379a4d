#include "results/report/html.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "reference/base/files.h"
#include "results/report/html_style.h"
#include "results/summary.h"

namespace weft::results {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string esc(const std::string& text) { return xml_text(text, 256 << 10); }

std::string class_of(Verdict verdict) {
  switch (group_of(verdict)) {
    case Group::kFailed:
      return "failed";
    case Group::kSkipped:
      return "skipped";
    case Group::kPassed:
      return verdict == Verdict::kPass ? "passed" : "other";
  }
  return "";
}

std::string page_name(const std::string& test) {
  std::string name = test;
  std::replace(name.begin(), name.end(), '/', '+');
  return "tests/" + name + ".html";
}

// A link's target: the characters that a URL reserves and a test's id may hold.
std::string link(const std::string& path) {
  std::string out;
  for (const char c : path) {
    if (c == '%' || c == '#' || c == '?' || c == '+' || c == ' ') {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return esc(out);
}

std::string cell(Verdict verdict, bool host) {
  return fmt::format("<td class=\"v {}\">{} {}{}</td>", class_of(verdict), letter_of(verdict),
                     name_of(verdict), host ? " (host)" : "");
}

std::string page(const std::string& title, const std::string& up, const std::string& body) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width\"><title>{0}</title>"
      "<link rel=\"stylesheet\" href=\"{1}style.css\"></head>\n<body>\n"
      "<nav><a href=\"{1}index.html\">run</a><a href=\"{1}matrix.html\">tests</a>"
      "<a href=\"{1}requirements.html\">requirements</a></nav>\n<h1>{0}</h1>\n{2}"
      "<script src=\"{1}script.js\"></script></body></html>\n",
      esc(title), up, body);
}

constexpr char kFilterBox[] =
    "<p><input type=\"search\" aria-label=\"filter\" placeholder=\"filter: words; -word excludes\" "
    "autocomplete=\"off\"> <span id=\"shown\" class=\"dim\"></span> "
    "<span class=\"dim\">keys: / filter, j k rows, Enter opens</span></p>\n";

std::string head_row(const std::string& first, const Tally& tally) {
  std::string out = "<div class=\"wide\"><table><thead><tr>" + first;
  for (const std::string& runtime : tally.runtimes) out += "<th>" + esc(runtime) + "</th>";
  return out + "</tr></thead><tbody>\n";
}

std::string matrix_page(const HtmlInput& in) {
  std::string out = kFilterBox + head_row("<th>test</th>", in.tally);
  for (const std::string& test : in.tally.tests) {
    out += fmt::format("<tr><td><a href=\"{}\">{}</a></td>", link(page_name(test)), esc(test));
    for (const std::string& runtime : in.tally.runtimes) {
      const auto found = in.tally.final.find({test, runtime});
      out += found == in.tally.final.end() ? "<td class=\"v dim\">-</td>"
                                           : cell(found->second.verdict, found->second.host);
    }
    out += "</tr>\n";
  }
  return page("Tests", "", out + "</tbody></table></div>\n");
}

std::string requirements_page(const HtmlInput& in) {
  std::map<std::string, std::set<std::string>> covered;
  for (const auto& [key, record] : in.tally.final) {
    for (const std::string& id : record.requirements) covered[id].insert(record.test);
  }
  std::string out = kFilterBox;
  out += head_row("<th>row</th><th>st</th><th>sentence</th><th>tests</th>", in.tally);
  for (const suite::Requirement& row : in.requirements.all()) {
    const auto tests = covered.find(row.id);
    const size_t count = tests == covered.end() ? 0 : tests->second.size();
    std::string links;
    for (size_t i = 0; count && i < count; ++i) {
      const std::string& test = *std::next(tests->second.begin(), static_cast<long>(i));
      links += fmt::format("<a href=\"{}\" title=\"{}\">{}</a> ", link(page_name(test)), esc(test),
                           i + 1);
    }
    if (!count) links = "<span class=\"dim\">none</span>";
    out += fmt::format("<tr id=\"{0}\"><td>{0}</td><td>{1}</td><td>{2}</td><td>{3}</td>",
                       esc(row.id), esc(row.status), esc(row.sentence), links);
    for (const std::string& runtime : in.tally.runtimes) {
      const auto found = in.tally.by_requirement.find({row.id, runtime});
      out += found == in.tally.by_requirement.end() ? "<td class=\"v dim\">-</td>"
                                                    : cell(found->second.worst, found->second.host);
    }
    out += "</tr>\n";
  }
  return page("Requirements", "", out + "</tbody></table></div>\n");
}

std::string test_page(const HtmlInput& in, const std::string& id, const suite::Test* test) {
  std::string out;
  std::vector<std::string> requirements;
  for (const std::string& runtime : in.tally.runtimes) {
    const auto found = in.tally.final.find({id, runtime});
    if (found != in.tally.final.end()) requirements = found->second.requirements;
  }
  if (test) out += "<p>" + esc(test->header.story) + "</p>\n";
  out += "<h2>Requirements</h2>\n<ul>\n";
  for (const std::string& name : requirements) {
    const suite::Requirement* row = in.requirements.find(name);
    if (!row) continue;
    out += fmt::format(
        "<li><a href=\"../requirements.html#{0}\">{0}</a> ({1}): {2}"
        "<br><span class=\"dim\">{3}{4}</span></li>\n",
        esc(row->id), esc(row->status), esc(row->sentence), esc(row->source),
        row->ruling.empty() ? "" : "; ruling: " + esc(row->ruling));
  }
  out +=
      "</ul>\n<h2>Seen</h2>\n<div class=\"wide\"><table><thead><tr><th>runtime</th><th>verdict"
      "</th><th>rule</th><th>what was seen</th><th>seconds</th></tr></thead><tbody>\n";
  std::string details;
  for (const std::string& runtime : in.tally.runtimes) {
    const auto found = in.tally.final.find({id, runtime});
    if (found == in.tally.final.end()) continue;
    const Record& r = found->second;
    out +=
        fmt::format("<tr><td>{}</td>{}<td>{}</td><td>{}</td><td>{:.3f}</td></tr>\n", esc(runtime),
                    cell(r.verdict, r.host), esc(r.rule), esc(r.reason), r.seconds);
    if (r.verdict == Verdict::kPass || !r.observed.is_object()) continue;
    const std::string again = r.repro.empty() ? repro_line(r, "") : r.repro;
    details += fmt::format(
        "<h2>{} on {}</h2>\n<p>Again: <code>{}</code></p>\n<p>Command: <code>{}</code></p>\n"
        "<pre>expected {}\nobserved {}</pre>\n",
        name_of(r.verdict), esc(runtime), esc(again),
        esc(fmt::format("{}", fmt::join(r.argv, " "))),
        esc(r.expected.dump(1, ' ', false, json::error_handler_t::replace)),
        esc(r.observed.dump(1, ' ', false, json::error_handler_t::replace)));
  }
  out += "</tbody></table></div>\n" + details;
  if (test && !test->source.empty()) {
    out += "<h2>Text</h2>\n<pre>" + esc(test->source) + "</pre>\n";
  }
  return page(id, "../", out);
}

std::string first_page(const HtmlInput& in) {
  const json& header = in.run.header;
  const json machine = header.value("machine", json::object());
  const json weft = header.value("weft", json::object());
  const auto count = [&](Verdict verdict) { return in.tally.counts[static_cast<int>(verdict)]; };
  std::string out =
      fmt::format("<p class=\"verdict {}\">{} {}: {}</p>\n<p><b>{}</b></p>\n",
                  in.exit_code == 0 ? "passed" : "failed", in.exit_code == 0 ? "." : "F",
                  in.exit_code == 0 ? "PASS" : "NOT PASSED", esc(meaning_of(in.exit_code)),
                  counts_line(in.tally));
  out += fmt::format(
      "<p>{} expected failures (XFAIL), {} unexpected passes, {} insufficient, {} waived by a skip "
      "or unsupported.</p>\n",
      count(Verdict::kXfail), count(Verdict::kXpass), count(Verdict::kInsufficient),
      count(Verdict::kSkipped) + count(Verdict::kUnsupported));
  out += "<p>" + esc(caveat(machine.value("isa", "unknown"))) + "</p>\n";
  out += fmt::format("<p class=\"dim\">weft {} ({}), {}; {} on {} cores, {}</p>\n",
                     esc(weft.value("version", "")), esc(weft.value("commit", "")),
                     esc(header.value("date", "")), esc(machine.value("cpu", "")),
                     machine.value("cores", 0), esc(machine.value("kernel", "")));
  out += "<h2>Areas</h2>\n" + head_row("<th>area</th>", in.tally);
  for (const std::string& area : in.tally.areas) {
    out += fmt::format("<tr><td><a href=\"matrix.html#{0}/\">{0}</a></td>", esc(area));
    for (const std::string& runtime : in.tally.runtimes) {
      const auto found = in.tally.by_area.find({area, runtime});
      if (found == in.tally.by_area.end()) {
        out += "<td class=\"v dim\">-</td>";
        continue;
      }
      const Cell& c = found->second;
      out +=
          fmt::format("<td class=\"v {}\">{} {}/{}{}{}</td>", class_of(c.worst), letter_of(c.worst),
                      c.passed, c.total(), c.failed ? fmt::format(", {} failed", c.failed) : "",
                      c.skipped ? fmt::format(", {} skipped", c.skipped) : "");
    }
    out += "</tr>\n";
  }
  out += "</tbody></table></div>\n<h2>Findings</h2>\n<ul>\n";
  for (const auto& [key, r] : in.tally.final) {
    if (group_of(r.verdict) != Group::kFailed && r.verdict != Verdict::kXfail &&
        r.verdict != Verdict::kDiverges && r.verdict != Verdict::kFlaky) {
      continue;
    }
    out += fmt::format("<li><span class=\"{}\">{} {}</span> <a href=\"{}\">{}</a> on {}: {}</li>\n",
                       class_of(r.verdict), letter_of(r.verdict), name_of(r.verdict),
                       link(page_name(r.test)), esc(r.test), esc(r.runtime), esc(r.reason));
  }
  out +=
      "</ul>\n<h2>Runtimes</h2>\n<table><tr><th>name</th><th>version</th><th>SHA-256</th></tr>\n";
  for (const json& one : header.value("runtimes", json::array())) {
    out += fmt::format("<tr><td>{}</td><td>{}</td><td class=\"dim\">{}</td></tr>\n",
                       esc(one.value("name", "")), esc(one.value("version", "")),
                       esc(one.value("binary_sha256", "")));
  }
  return page("weft: threaded WebAssembly and WASI", "", out + "</table>\n");
}

}  // namespace

Expected<void> write_html(const std::string& folder, const HtmlInput& input) {
  const std::string aside = fmt::format("{}.new.{}", folder, ::getpid());
  std::error_code ec;
  if (fs::exists(folder, ec) && !fs::exists(folder + "/requirements.html", ec) &&
      !(fs::is_directory(folder, ec) && fs::is_empty(folder, ec))) {
    return fail("{}: is there and is no report of ours: it is not replaced", folder);
  }
  fs::remove_all(aside, ec);
  auto write = [&](const std::string& name, std::string_view text) {
    return write_file(aside + "/" + name, text);
  };
  std::map<std::string, const suite::Test*> by_id;
  for (const suite::Test& test : input.tests) by_id[test.header.id] = &test;
  Expected<void> ok = write("style.css", kStyle);
  if (ok) ok = write("script.js", kScript);
  if (ok) ok = write("index.html", first_page(input));
  if (ok) ok = write("matrix.html", matrix_page(input));
  if (ok) ok = write("requirements.html", requirements_page(input));
  for (const std::string& id : input.tally.tests) {
    const auto found = by_id.find(id);
    if (ok)
      ok = write(page_name(id),
                 test_page(input, id, found == by_id.end() ? nullptr : found->second));
  }
  if (!ok) {
    fs::remove_all(aside, ec);
    return ok;
  }
  // An old report stays until the new one is whole.
  const std::string old = fmt::format("{}.old.{}", folder, ::getpid());
  if (fs::exists(folder, ec)) fs::rename(folder, old, ec);
  if (!ec) fs::rename(aside, folder, ec);
  if (ec) return fail("{}: cannot be renamed into place: {}", folder, ec.message());
  fs::remove_all(old, ec);
  return {};
}

}  // namespace weft::results
