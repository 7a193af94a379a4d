#include "results/report/html_pages.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "results/report/html_litmus.h"
#include "results/summary.h"

namespace weft::results {
namespace {

using nlohmann::json;

std::string head_row(const std::string& caption, const std::string& first, const Tally& tally) {
  std::string out =
      fmt::format("<div class=\"wide\"><table><caption>{}</caption><thead><tr>{}", caption, first);
  for (const std::string& runtime : tally.runtimes) {
    out += "<th scope=\"col\">" + esc(runtime) + "</th>";
  }
  return out + "</tr></thead><tbody>\n";
}

std::string head(const std::string& text) { return "<th scope=\"col\">" + text + "</th>"; }

// A list of cases, closed when it is long and nothing to worry about.
std::string findings(const HtmlInput& in, const Site& site, Verdict verdict, bool open) {
  std::string items;
  int count = 0;
  for (const auto& [key, r] : in.tally.final) {
    if (r.verdict != verdict) continue;
    ++count;
    items += fmt::format("<li><a href=\"{}\">{}</a> on {}: {}</li>\n", site.test(r.test),
                         esc(r.test), esc(r.runtime), esc(r.reason));
  }
  if (!count) return "";
  return fmt::format("<details{}><summary>{}: {}</summary>\n<ul>\n{}</ul></details>\n",
                     open ? " open" : "", badge(verdict), count, items);
}

// What the litmus tests of a runtime have come to.
std::string litmus_summary(const HtmlInput& in) {
  struct Sum {
    uint64_t iterations = 0;
    std::map<Verdict, int> verdicts;
  };
  std::map<std::string, Sum> sums;
  for (const auto& [key, r] : in.tally.final) {
    if (!r.evidence.is_object() || !r.evidence.contains("iterations")) continue;
    Sum& sum = sums[r.runtime];
    if (r.evidence["iterations"].is_number_unsigned()) {
      sum.iterations += r.evidence["iterations"].get<uint64_t>();
    }
    ++sum.verdicts[r.verdict];
  }
  if (sums.empty()) return "";
  std::string out =
      "<h2>Memory model</h2>\n<div class=\"wide\"><table><caption>Litmus tests that ran, by "
      "runtime</caption><thead><tr>" +
      head("runtime") + "<th scope=\"col\" class=\"n\">iterations</th>" + head("forbidden seen") +
      head("by the letter only") + head("weak seen") + head("passed") +
      head("could not have shown it") + "</tr></thead><tbody>\n";
  for (const std::string& runtime : in.tally.runtimes) {
    const auto found = sums.find(runtime);
    if (found == sums.end()) continue;
    Sum& sum = found->second;
    out += fmt::format("<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td>", esc(runtime),
                       sum.iterations);
    for (const Verdict verdict : {Verdict::kFail, Verdict::kDiverges, Verdict::kInteresting,
                                  Verdict::kPass, Verdict::kInsufficient}) {
      const int count = sum.verdicts[verdict];
      out += fmt::format("<td class=\"n {}\">{}</td>", count ? class_of(verdict) : "dim", count);
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

// Cases of verdicts that say more than PASS, in full.
std::string case_details(const Record& r) {
  const std::string again = r.repro.empty() ? repro_line(r, "") : r.repro;
  std::string out = fmt::format("<h3>{} on {}</h3>\n<p>Again: <code>{}</code></p>\n",
                                badge(r.verdict), esc(r.runtime), esc(again));
  if (!r.argv.empty()) {
    out += fmt::format("<p>The engine's own command line: <code>{}</code></p>\n",
                       esc(fmt::format("{}", fmt::join(r.argv, " "))));
  }
  const auto text = [](const json& value) {
    return esc(value.dump(1, ' ', false, json::error_handler_t::replace));
  };
  if (r.evidence.is_object())
    out += "<p>Evidence: <code>" + esc(r.evidence.dump()) + "</code></p>\n";
  return out +
         fmt::format("<pre>expected {}\nobserved {}</pre>\n", text(r.expected), text(r.observed));
}

}  // namespace

std::string matrix_page(const HtmlInput& in, const Site& site) {
  std::string out =
      filter_box("tests") + head_row("Each test on each runtime", head("test"), in.tally);
  for (const std::string& test : in.tally.tests) {
    out +=
        fmt::format("<tr><th scope=\"row\"><a href=\"{}\">{}</a></th>", site.test(test), esc(test));
    for (const std::string& runtime : in.tally.runtimes) {
      const auto found = in.tally.final.find({test, runtime});
      out += found == in.tally.final.end()
                 ? kNoCell
                 : cell(found->second.verdict, found->second.host, found->second.not_run);
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

std::string requirements_page(const HtmlInput& in, const Site& site) {
  std::map<std::string, std::set<std::string>> covered;
  for (const auto& [key, record] : in.tally.final) {
    for (const std::string& id : record.requirements) covered[id].insert(record.test);
  }
  std::string out =
      filter_box("requirements") +
      head_row("Each requirement on each runtime: the worst of its tests",
               head("row") + head("status") + head("sentence") + head("tests"), in.tally);
  for (const suite::Requirement& row : in.requirements.all()) {
    std::string links;
    int number = 0;
    if (const auto tests = covered.find(row.id); tests != covered.end()) {
      // A row of many tests (all litmus tests judge MM-005) is a list to filter.
      for (const std::string& test : tests->second) {
        if (++number > 30) continue;
        links +=
            fmt::format("<a href=\"{}\" title=\"{}\">{}</a> ", site.test(test), esc(test), number);
      }
      if (number > 30) links += fmt::format("and {} more", number - 30);
    } else {
      links = "<span class=\"dim\">none</span>";
    }
    out +=
        fmt::format("<tr id=\"{0}\"><th scope=\"row\">{0}</th><td>{1}</td><td>{2}</td><td>{3}</td>",
                    esc(row.id), esc(row.status), esc(row.sentence), links);
    for (const std::string& runtime : in.tally.runtimes) {
      const auto found = in.tally.by_requirement.find({row.id, runtime});
      out += found == in.tally.by_requirement.end() ? kNoCell
                                                    : cell(found->second.worst, found->second.host);
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

std::string test_page(const HtmlInput& in, const std::string& id, const suite::Test* test,
                      const Site& site) {
  std::string out;
  std::vector<const Record*> records;
  for (const std::string& runtime : in.tally.runtimes) {
    const auto found = in.tally.final.find({id, runtime});
    if (found != in.tally.final.end()) records.push_back(&found->second);
  }
  if (test) out += "<p class=\"story\">" + esc(test->header.story) + "</p>\n";
  out += "<h2>Verdicts</h2>\n<div class=\"wide\"><table><thead><tr>" + head("runtime") +
         head("verdict") + head("rule") + head("what was seen") +
         "<th scope=\"col\" class=\"n\">seconds</th></tr></thead><tbody>\n";
  std::string details;
  for (const Record* r : records) {
    out += fmt::format(
        "<tr><th scope=\"row\">{}</th>{}<td>{}</td><td>{}</td><td class=\"n\">{:.3f}</td></tr>\n",
        esc(r->runtime), cell(r->verdict, r->host, r->not_run), esc(r->rule), esc(r->reason),
        r->seconds);
    if (r->verdict != Verdict::kPass && r->observed.is_object()) details += case_details(*r);
  }
  out += "</tbody></table></div>\n";
  const bool litmus = test && test->header.kind == suite::Kind::kLitmus;
  if (litmus) out += litmus_html(*test, records);
  out += "<h2>Requirements</h2>\n<ul>\n";
  for (const std::string& name :
       records.empty() ? std::vector<std::string>() : records.front()->requirements) {
    const suite::Requirement* row = in.requirements.find(name);
    if (!row) continue;
    out +=
        fmt::format("<li><a href=\"{}\">{}</a> ({}): {}<br><span class=\"dim\">{}{}</span></li>\n",
                    site.requirement(row->id), esc(row->id), esc(row->status), esc(row->sentence),
                    esc(row->source), row->ruling.empty() ? "" : "; ruling: " + esc(row->ruling));
  }
  out += "</ul>\n";
  if (!details.empty()) out += "<h2>Cases</h2>\n" + details;
  const std::string& source = test && !test->litmus.empty() ? test->litmus
                              : test                        ? test->source
                                                            : std::string();
  if (!source.empty()) {
    out += "<h2>Text</h2>\n<details><summary>the test as it is written</summary><pre>" +
           esc(source) + "</pre></details>\n";
  }
  return out;
}

std::string first_page(const HtmlInput& in, const Site& site) {
  const json& header = in.run.header;
  const json machine = header.value("machine", json::object());
  const json weft = header.value("weft", json::object());
  const auto count = [&](Verdict verdict) { return in.tally.counts[static_cast<int>(verdict)]; };
  std::string out =
      fmt::format("<p class=\"verdict {}\">{} {}: {}</p>\n<p><b>{}</b></p>\n",
                  in.exit_code == 0 ? "passed" : "failed", in.exit_code == 0 ? "." : "F",
                  in.exit_code == 0 ? "PASS" : "NOT PASSED", esc(meaning_of(in.exit_code)),
                  counts_line(in.tally));
  if (in.not_run) {
    out += fmt::format("<p class=\"failed\">{} cases were not run: the run ended early.</p>\n",
                       in.not_run);
  }
  out += "<p class=\"counts\">";
  for (int i = 0; i < kVerdicts; ++i) {
    const Verdict verdict = static_cast<Verdict>(i);
    if (count(verdict)) out += fmt::format("{} {} ", badge(verdict), count(verdict));
  }
  out += fmt::format(
      "</p>\n<p>{} expected failures (XFAIL), {} unexpected passes, {} insufficient, {} waived by "
      "a skip or unsupported.</p>\n",
      count(Verdict::kXfail), count(Verdict::kXpass), count(Verdict::kInsufficient),
      count(Verdict::kSkipped) + count(Verdict::kUnsupported));
  out += "<p>" + esc(caveat(machine.value("isa", "unknown"))) + "</p>\n";
  out += fmt::format("<p class=\"dim\">weft {} ({}), {}; {} on {} cores, {}</p>\n",
                     esc(weft.value("version", "")), esc(weft.value("commit", "")),
                     esc(header.value("date", "")), esc(machine.value("cpu", "")),
                     machine.value("cores", 0), esc(machine.value("kernel", "")));
  out += "<h2>Areas</h2>\n" + head_row("Passed of all, by area", head("area"), in.tally);
  for (const std::string& area : in.tally.areas) {
    out += "<tr><th scope=\"row\">" + site.filtered(area + "/", esc(area)) + "</th>";
    for (const std::string& runtime : in.tally.runtimes) {
      const auto found = in.tally.by_area.find({area, runtime});
      if (found == in.tally.by_area.end()) {
        out += kNoCell;
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
  out += "</tbody></table></div>\n" + litmus_summary(in);
  std::string found;
  for (int i = 0; i < kVerdicts; ++i) {
    const Verdict verdict = static_cast<Verdict>(i);
    const bool failed = group_of(verdict) == Group::kFailed;
    if (verdict == Verdict::kPass || verdict == Verdict::kRecorded ||
        (group_of(verdict) == Group::kSkipped && verdict != Verdict::kInsufficient)) {
      continue;
    }
    found += findings(in, site, verdict,
                      failed || verdict == Verdict::kXfail || verdict == Verdict::kDiverges);
  }
  out += "<h2>Findings</h2>\n" + (found.empty() ? std::string("<p>None.</p>\n") : found);
  out += "<h2>Runtimes</h2>\n<div class=\"wide\"><table><thead><tr>" + head("name") +
         head("version") + head("flags") + head("SHA-256 of the binary") + "</tr></thead><tbody>\n";
  for (const json& one : header.value("runtimes", json::array())) {
    std::string flags;
    for (const json& flag : one.value("flags", json::array())) {
      if (flag.is_string()) flags += flag.get<std::string>() + " ";
    }
    out += fmt::format(
        "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td class=\"dim hash\">{}</td></tr>\n",
        esc(one.value("name", "")),
        one.contains("missing") ? "not found" : esc(one.value("version", "")), esc(flags),
        esc(one.value("binary_sha256", "")));
  }
  return out + "</tbody></table></div>\n";
}

}  // namespace weft::results
