// JUnit XML, and the escaping that it shares with the HTML report.
#include <fmt/format.h>

#include <map>

#include "results/report/report.h"

namespace weft::results {
namespace {

// Length of the UTF-8 sequence at `at`, 0 if there is none.
size_t sequence(const std::string& text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  const size_t length = first < 0x80   ? 1
                        : first < 0xc2 ? 0
                        : first < 0xe0 ? 2
                        : first < 0xf0 ? 3
                        : first < 0xf5 ? 4
                                       : 0;
  if (length == 0 || at + length > text.size()) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) return 0;
  }
  // U+FFFE and U+FFFF are no XML characters; surrogates are no UTF-8.
  if (length == 3 && first == 0xef && byte(at + 1) == 0xbf && byte(at + 2) >= 0xbe) return 0;
  if (length == 3 && first == 0xed && byte(at + 1) >= 0xa0) return 0;
  return length;
}

}  // namespace

std::string xml_text(const std::string& text, size_t limit) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t length = sequence(text, at);
    if (length == 0) {
      out += "?";
      ++at;
    } else {
      const unsigned char c = text[at];
      if (c == '<') {
        out += "&lt;";
      } else if (c == '>') {
        out += "&gt;";
      } else if (c == '&') {
        out += "&amp;";
      } else if (c == '"') {
        out += "&quot;";
      } else if (c >= 0x20 || c == '\n' || c == '\t') {
        if (c != 0x7f) out += text.substr(at, length);
      }
      at += length;
    }
    if (out.size() >= limit) return out + " [cut]";
  }
  return out;
}

std::string junit(const Run& run, const Tally& tally) {
  constexpr size_t kShare = 20 << 10;  // three texts a case: together below 64 KiB
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  out += fmt::format("<testsuites name=\"weft\" tests=\"{}\" failures=\"{}\" skipped=\"{}\">\n",
                     tally.final.size(), tally.failed, tally.skipped);
  for (const std::string& runtime : tally.runtimes) {
    std::string cases;
    int tests = 0, failures = 0, errors = 0, skipped = 0;
    double seconds = 0;
    for (const std::string& test : tally.tests) {
      const auto found = tally.final.find({test, runtime});
      if (found == tally.final.end()) continue;
      const Record& r = found->second;
      ++tests;
      seconds += r.seconds;
      std::string inside;
      const std::string message = xml_text(r.rule + ": " + r.reason, 4096);
      const Group group = group_of(r.verdict);
      if (group == Group::kSkipped || r.verdict == Verdict::kXfail) {
        ++skipped;
        inside += fmt::format("   <skipped message=\"{}: {}\"/>\n", name_of(r.verdict), message);
      } else if (group == Group::kFailed) {
        const bool error = r.verdict == Verdict::kHarnessError;
        ++(error ? errors : failures);
        inside +=
            fmt::format("   <{0} type=\"{1}\" message=\"{2}\">{3}\n{4}</{0}>\n",
                        error ? "error" : "failure", name_of(r.verdict), message,
                        xml_text("expected " + r.expected.dump(), kShare), xml_text(r.repro, 4096));
      }
      if (group == Group::kFailed && r.observed.is_object()) {
        inside += fmt::format("   <system-out>{}</system-out>\n   <system-err>{}</system-err>\n",
                              xml_text(r.observed.value("stdout", ""), kShare),
                              xml_text(r.observed.value("stderr", ""), kShare));
      }
      cases += fmt::format("  <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\">\n{}",
                           xml_text(runtime), xml_text(test), r.seconds, inside);
      cases += "  </testcase>\n";
    }
    out += fmt::format(
        " <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" "
        "time=\"{:.3f}\" timestamp=\"{}\">\n{} </testsuite>\n",
        xml_text(runtime), tests, failures, errors, skipped, seconds,
        xml_text(run.header.value("date", "").substr(0, 19)), cases);
  }
  return out + "</testsuites>\n";
}

}  // namespace weft::results
