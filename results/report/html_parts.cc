#include "results/report/html_parts.h"

#include <fmt/core.h>

#include <algorithm>

#include "results/report/report.h"

namespace weft::results {
namespace {

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

}  // namespace

std::string esc(const std::string& text) { return xml_text(text, 256 << 10); }

std::string Site::run() const { return one_file ? "#run" : up + "index.html"; }
std::string Site::tests() const { return one_file ? "#tests" : up + "matrix.html"; }
std::string Site::requirements() const {
  return one_file ? "#requirements" : up + "requirements.html";
}
std::string Site::test(const std::string& id) const {
  return one_file ? "#" + link(section_of_test(id)) : up + link(file_of_test(id));
}
std::string Site::requirement(const std::string& id) const {
  return one_file ? "#" + link(id) : up + "requirements.html#" + link(id);
}
std::string Site::filtered(const std::string& words, const std::string& text) const {
  if (one_file) {
    return fmt::format("<a href=\"#tests\" data-filter=\"{}\">{}</a>", esc(words), text);
  }
  return fmt::format("<a href=\"{}#{}\">{}</a>", tests(), link(words), text);
}

std::string Site::file_of_test(const std::string& id) {
  std::string name = id;
  std::replace(name.begin(), name.end(), '/', '+');
  return "tests/" + name + ".html";
}
std::string Site::section_of_test(const std::string& id) { return "t:" + id; }

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

std::string cell(Verdict verdict, bool host, bool not_run) {
  if (not_run) return "<td class=\"v dim\">- not run</td>";
  return fmt::format("<td class=\"v {}\">{} {}{}</td>", class_of(verdict), letter_of(verdict),
                     name_of(verdict), host ? " (host)" : "");
}

std::string badge(Verdict verdict) {
  return fmt::format("<span class=\"v {}\">{} {}</span>", class_of(verdict), letter_of(verdict),
                     name_of(verdict));
}

std::string filter_box(const std::string& what) {
  return fmt::format(
      "<p class=\"filter\"><label>Filter <input type=\"search\" aria-describedby=\"how-{0}\" "
      "autocomplete=\"off\"></label> <span role=\"status\" class=\"shown dim\"></span> <span "
      "id=\"how-{0}\" class=\"dim\">words; -word excludes. Keys: / filter, j k rows, Enter opens"
      "</span></p>\n",
      what);
}

}  // namespace weft::results
