// The HTML report: what a page of a litmus test holds, that nothing comes from elsewhere and no
// link leads nowhere, that the bytes are the run's alone, and that it grows with the tests and no
// faster.
#include "results/report/html.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <regex>

#include "reference/base/files.h"
#include "suite/litmus/in_suite.h"

namespace weft::results {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr char kIriw[] = R"(;;! { "requirements": ["MM-029"], "story": "Two <readers> agree." }
litmus IRIW
locate x=0 y=64
init i32 x=0 y=0
thread 0
  i32.atomic.store x 1
thread 1
  i32.atomic.store y 1
thread 2
  r0 = i32.atomic.load x
  r1 = i32.atomic.load y
thread 3
  r2 = i32.atomic.load y
  r3 = i32.atomic.load x
forbid 2:r0=1 2:r1=0 3:r2=1 3:r3=0

;;! { "requirements": ["MM-016"], "story": "Weak." }
litmus SB
init i32 x=0 y=0
thread 0
  i32.store x 1
  r0 = i32.load y
thread 1
  i32.store y 1
  r1 = i32.load x
allow 0:r0=0 1:r1=0
)";

class Html : public ::testing::Test {
 protected:
  Html() {
    char pattern[] = "/tmp/weft-html-XXXXXX";
    folder_ = ::mkdtemp(pattern);
    EXPECT_TRUE(write_file(folder_ + "/f.litmus", std::string_view(kIriw)));
    auto tests = suite::litmus::tests_of_file(folder_ + "/f.litmus", "mm/f");
    EXPECT_TRUE(tests) << tests.error().message;
    if (tests) tests_ = std::move(*tests);
    auto catalogue = suite::Requirements::read(WEFT_SOURCE_DIR "/suite/requirements.json");
    EXPECT_TRUE(catalogue) << catalogue.error().message;
    if (catalogue) requirements_ = std::move(*catalogue);
    run_.header = {{"schema", "weft.run/1"},
                   {"date", "2026-01-01"},
                   {"machine", {{"isa", "x86_64"}}},
                   {"runtimes", {{{"name", "one"}}, {{"name", "two:fast"}}}}};
    add("mm/f/IRIW", "one", Verdict::kFail,
        {{"2:r0=0 2:r1=0 3:r2=0 3:r3=0", 999998}, {"2:r0=1 2:r1=0 3:r2=1 3:r3=0", 2}});
    add("mm/f/IRIW", "two:fast", Verdict::kPass, {{"2:r0=1 2:r1=1 3:r2=1 3:r3=1", 77}});
    add("mm/f/SB", "one", Verdict::kInteresting, {{"0:r0=0 1:r1=0", 123}});
    add("mm/f/SB", "two:fast", Verdict::kPass, {{"0:r0=1 1:r1=1", 5}});
  }
  ~Html() override {
    std::error_code ec;
    fs::remove_all(folder_, ec);
  }

  void add(const std::string& test, const std::string& runtime, Verdict verdict,
           const std::vector<std::pair<std::string, int>>& histogram) {
    Record r;
    r.test = test, r.runtime = runtime, r.verdict = verdict;
    r.requirements = {"MM-029"};
    r.histogram = histogram;
    r.evidence = {{"iterations", 1000}};
    r.observed = {{"exit", 0}, {"stdout", "<script>alert(1)</script>"}};
    r.expected = {{"exit", 0}};
    r.reason = "a <b>reason</b>";
    run_.records.push_back(std::move(r));
  }

  Expected<void> write(const std::string& to) {
    const Tally tally = results::tally(run_.records, {}, run_.runtimes());
    return write_html(to, {run_, tally, requirements_, tests_, 1, 0});
  }
  std::string read(const std::string& name) {
    auto text = read_text(folder_ + "/" + name);
    EXPECT_TRUE(text) << name;
    return text ? *text : "";
  }
  static size_t count(const std::string& text, const std::string& what) {
    size_t n = 0;
    for (size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += what.size()) ++n;
    return n;
  }

  std::string folder_;
  results::Run run_;
  suite::Requirements requirements_;
  std::vector<suite::Test> tests_;
};

// Fault tried: explanations() skipped rows that were seen.
TEST_F(Html, PageOfALitmusTestHasThreadsTiersCountsAndTheDrawing) {
  ASSERT_TRUE(write(folder_ + "/report"));
  const std::string page = read("report/tests/mm+f+IRIW.html");
  for (const char* part : {"<th scope=\"col\">thread 3</th>", "r2 = i32.atomic.load y",
                           "<th scope=\"col\">aarch64</th>", "<svg class=\"weft-drawing\"",
                           "F forbidden", "says forbid", "2 times on one", "SC-last-visible",
                           "Two &lt;readers&gt; agree.", "2.0 ppm"}) {
    EXPECT_NE(page.find(part), std::string::npos) << part;
  }
  // The forbidden outcome is marked, in the first row.
  const size_t body = page.find("<tbody>", page.find("Every outcome"));
  EXPECT_EQ(page.find("<tr class=\"alarm\">", body), page.find("<tr", body));
  // The 15 others are sequentially consistent.
  EXPECT_EQ(count(page, ". sequentially consistent"), 15u);
  const std::string weak = read("report/tests/mm+f+SB.html");
  EXPECT_NE(weak.find("I weak"), std::string::npos);
  EXPECT_NE(weak.find("123 times on one"), std::string::npos);
  EXPECT_NE(weak.find("allowed in literal"), std::string::npos);
}

// Fault tried: esc() left out at the observed output.
TEST_F(Html, WhatAnEngineWroteIsTextAndNothingComesFromElsewhere) {
  ASSERT_TRUE(write(folder_ + "/report"));
  ASSERT_TRUE(write(folder_ + "/one.html"));
  std::string all = read("one.html");
  for (const auto& entry : fs::recursive_directory_iterator(folder_ + "/report")) {
    if (entry.is_regular_file()) all += *read_text(entry.path().string());
  }
  EXPECT_EQ(all.find("<script>alert"), std::string::npos);
  EXPECT_EQ(all.find("<b>reason"), std::string::npos);
  const std::string name_space = "xmlns=\"http://www.w3.org/2000/svg\"";
  EXPECT_EQ(count(all, "://"), count(all, name_space));
  EXPECT_EQ(count(all, "@import") + count(all, "url("), 0u);
}

std::string decoded(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

// Fault tried: `up` left out of the links to requirements.
TEST_F(Html, EveryLinkLeadsSomewhere) {
  ASSERT_TRUE(write(folder_ + "/report"));
  ASSERT_TRUE(write(folder_ + "/one.html"));
  static const std::regex kLink("(?:href|src)=\"([^\"#]*)(?:#([^\"]*))?\"");
  size_t links = 0;
  std::vector<fs::path> pages = {folder_ + "/one.html"};
  for (const auto& entry : fs::recursive_directory_iterator(folder_ + "/report")) {
    if (entry.path().extension() == ".html") pages.push_back(entry.path());
  }
  EXPECT_EQ(pages.size(), 6u);
  for (const fs::path& page : pages) {
    const std::string text = *read_text(page.string());
    for (std::sregex_iterator it(text.begin(), text.end(), kLink), end; it != end; ++it, ++links) {
      const std::string file = decoded((*it)[1]), part = decoded((*it)[2]);
      const fs::path target = file.empty() ? page : page.parent_path() / file;
      ASSERT_TRUE(fs::exists(target)) << page << " -> " << file;
      // The list of tests takes what follows as the words of its filter.
      if (part.empty() || target.filename() == "matrix.html") continue;
      EXPECT_NE(read_text(target.string())->find("id=\"" + part + "\""), std::string::npos)
          << page << " -> " << file << "#" << part;
    }
  }
  EXPECT_GT(links, 50u);
}

// Fault tried: the folder's name in the title.
TEST_F(Html, SameRunGivesTheSameBytes) {
  ASSERT_TRUE(write(folder_ + "/a.html"));
  ASSERT_TRUE(write(folder_ + "/b.html"));
  EXPECT_EQ(read("a.html"), read("b.html"));
  ASSERT_TRUE(write(folder_ + "/a"));
  ASSERT_TRUE(write(folder_ + "/b"));
  for (const auto& entry : fs::recursive_directory_iterator(folder_ + "/a")) {
    if (!entry.is_regular_file()) continue;
    const auto name = fs::relative(entry.path(), folder_ + "/a").string();
    EXPECT_EQ(read("a/" + name), read("b/" + name)) << name;
  }
}

// Fault tried: every test page listed all tests.
TEST_F(Html, GrowsWithTheTestsAndNoFaster) {
  const auto size_of = [&](int cases) {
    const auto kept = run_.records;
    for (int i = 0; i < cases; ++i) {
      add(fmt::format("a/test-{:04}", i), "one", Verdict::kPass, {});
    }
    EXPECT_TRUE(write(folder_ + "/size.html"));
    run_.records = kept;
    return static_cast<double>(fs::file_size(folder_ + "/size.html"));
  };
  const double none = size_of(0), some = size_of(300), twice = size_of(600);
  EXPECT_LT((twice - none) / (some - none), 2.1);
  EXPECT_LT((twice - none) / 600, 4000);  // bytes a test
}

// Fault tried: the check for our own pages left out.
TEST_F(Html, FolderThatIsNoReportIsNotReplaced) {
  ASSERT_TRUE(write_file(folder_ + "/mine/thesis.txt", std::string_view("x")));
  auto ok = write(folder_ + "/mine");
  ASSERT_FALSE(ok);
  EXPECT_NE(ok.error().message.find("is no report of ours"), std::string::npos);
  EXPECT_EQ(read("mine/thesis.txt"), "x");
  // One of ours is replaced, and nothing is left beside it.
  ASSERT_TRUE(write(folder_ + "/report"));
  ASSERT_TRUE(write(folder_ + "/report"));
  size_t entries = 0;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    entries += entry.path().filename().string().starts_with("report");
  }
  EXPECT_EQ(entries, 1u);
}

}  // namespace
}  // namespace weft::results
