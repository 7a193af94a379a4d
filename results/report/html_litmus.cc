#include "results/report/html_litmus.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

#include "reference/model/draw.h"
#include "reference/model/model.h"
#include "results/report/html_parts.h"
#include "suite/litmus/in_suite.h"
#include "suite/litmus/to_program.h"

namespace weft::results {
namespace {

using model::Tier;
using model::tier_bit;
using suite::litmus::LitmusTest;

// Drawings of one page: the outcomes that were seen come first.
constexpr size_t kDrawings = 8;

// Where an outcome stands, the most important first, which is the order of the table.
enum class Rank { kForbidden, kLetterOnly, kWeak, kSequential, kUnknown };

struct Row {
  Rank rank = Rank::kUnknown;
  bool partial = false;  // stands for all outcomes that have these values
  bool thin_air = false;
  model::Tiers tiers = 0, known = 0;  // known: the tiers that are computed for it
  std::string wanted;                 // what the test says of it
  std::map<const Record*, uint64_t> counts;
  uint64_t total = 0;
};

const char* rank_text(Rank rank) {
  switch (rank) {
    case Rank::kForbidden:
      return "F forbidden";
    case Rank::kLetterOnly:
      return "D by the letter only";
    case Rank::kWeak:
      return "I weak";
    case Rank::kSequential:
      return ". sequentially consistent";
    case Rank::kUnknown:
      return "? not decided";
  }
  return "";
}
const char* rank_class(Rank rank) {
  switch (rank) {
    case Rank::kForbidden:
      return "failed";
    case Rank::kLetterOnly:
      return "skipped";
    case Rank::kWeak:
      return "other";
    case Rank::kSequential:
      return "passed";
    case Rank::kUnknown:
      return "dim";
  }
  return "";
}

Rank rank_of(model::Tiers tiers, model::Tiers known) {
  if (!(known & tier_bit(Tier::literal))) return Rank::kUnknown;
  if (!(tiers & tier_bit(Tier::literal))) return Rank::kForbidden;
  if ((known & tier_bit(Tier::intended)) && !(tiers & tier_bit(Tier::intended))) {
    return Rank::kLetterOnly;
  }
  return tiers & tier_bit(Tier::sc) ? Rank::kSequential : Rank::kWeak;
}

class Page {
 public:
  Page(LitmusTest litmus, model::Program program, const std::vector<const Record*>& records)
      : litmus_(std::move(litmus)),
        program_(std::move(program)),
        layout_(program_),
        records_(records) {}

  std::string html() {
    std::string out = threads();
    collect();
    return out + table() + explanations();
  }

 private:
  // The text form already stands line by line: a thread's lines are the indented ones below it.
  std::string threads() const {
    std::vector<std::string> bodies;
    std::string before, after;
    std::istringstream lines(print_litmus(litmus_));
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with(";;!") || line.starts_with("litmus ")) continue;
      if (line.starts_with("thread ")) {
        bodies.emplace_back();
      } else if (line.starts_with("  ") && !bodies.empty()) {
        bodies.back() += line.substr(2) + "\n";
      } else if (bodies.empty()) {
        before += line + "\n";
      } else if (line.starts_with("observe ")) {
        after += line + "\n";
      }
    }
    std::string out = "<h2>Threads</h2>\n";
    if (!before.empty()) out += "<pre class=\"plain\">" + esc(before) + "</pre>\n";
    out += "<div class=\"wide\"><table class=\"threads\"><thead><tr>";
    for (size_t t = 0; t < bodies.size(); ++t) {
      out += fmt::format("<th scope=\"col\">thread {}</th>", t);
    }
    out += "</tr></thead><tbody><tr>";
    for (const std::string& body : bodies) out += "<td><pre>" + esc(body) + "</pre></td>";
    out += "</tr></tbody></table></div>\n";
    if (!after.empty()) {
      out += "<p class=\"dim\">After all threads have ended:</p>\n<pre class=\"plain\">" +
             esc(after) + "</pre>\n";
    }
    return out;
  }

  void add(const std::string& text, model::Tiers tiers, model::Tiers known, bool thin_air) {
    Row& row = rows_[text];
    row.tiers = tiers, row.known = known, row.thin_air = thin_air;
    row.rank = rank_of(tiers, known);
  }

  // Tiers of an outcome that is not in the list of the allowed ones.
  Row& ask(const std::string& text) {
    const auto found = rows_.find(text);
    if (found != rows_.end()) return found->second;
    auto value = model::parse_outcome(layout_, text);
    model::Tiers tiers = 0, known = 0;
    for (unsigned t = 0; value && t < model::kTiers; ++t) {
      auto member = oracle_.is_allowed(program_, *value, static_cast<Tier>(t));
      if (!member) continue;
      known |= static_cast<model::Tiers>(1u << t);
      if (*member) tiers |= static_cast<model::Tiers>(1u << t);
    }
    add(text, tiers, known, false);
    return rows_[text];
  }

  void collect() {
    auto set = oracle_.allowed(program_);
    if (set) {
      for (const model::AllowedOutcome& one : set->outcomes) {
        add(to_text(layout_, one.outcome), one.tiers, set->computed, one.thin_air);
      }
      for (const model::UndeterminedOutcome& one : set->undetermined) {
        add(to_text(layout_, one), tier_bit(Tier::literal), set->computed, true);
      }
    } else {
      refused_ = set.error().message;
    }
    for (const Record* record : records_) {
      if (!record->histogram.is_array()) continue;
      for (const auto& pair : record->histogram) {
        if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string() ||
            !pair[1].is_number_integer() || pair[1] < 0) {
          continue;
        }
        Row& row = ask(pair[0].get<std::string>());
        row.counts[record] += pair[1].get<uint64_t>();
        row.total += pair[1].get<uint64_t>();
      }
    }
    for (const suite::litmus::Expectation& e : litmus_.expectations) {
      auto value = model::parse_outcome(layout_, e.outcome);
      if (!value) continue;
      // A whole outcome, or the only one that has these values, is that row; others get their own.
      std::string text = to_text(layout_, *value);
      const bool known = rows_.count(text) > 0;
      Row& row = ask(text);
      if (!known) row.partial = true;
      row.wanted = e.allowed ? "allow" : "forbid";
      if (known || !row.partial) continue;
      for (auto& [other, seen] : rows_) {
        auto complete = seen.partial ? Expected<model::Outcome>(tl::unexpected(Error{""}))
                                     : model::parse_outcome(layout_, other);
        if (complete && matches(*value, *complete)) seen.wanted = row.wanted;
      }
    }
    for (const auto& [text, row] : rows_) order_.push_back(text);
    std::stable_sort(order_.begin(), order_.end(), [&](const std::string& a, const std::string& b) {
      return rows_[a].rank < rows_[b].rank;
    });
  }

  std::string table() {
    std::string out = "<h2>Outcomes</h2>\n";
    if (!refused_.empty()) {
      out += "<p>The oracle gives no whole set: " + esc(refused_) + "</p>\n";
    }
    out +=
        "<div class=\"wide\"><table class=\"outcomes\"><caption>Every outcome that some tier "
        "allows, what the test forbids, and what was seen. Counts are iterations.</caption>"
        "<thead><tr><th scope=\"col\">outcome</th><th scope=\"col\">stands</th>"
        "<th scope=\"col\">the test</th>";
    for (unsigned t = 0; t < model::kTiers; ++t) {
      out += fmt::format("<th scope=\"col\">{}</th>", model::tier_name(static_cast<Tier>(t)));
    }
    std::map<const Record*, uint64_t> iterations;
    for (const Record* record : records_) {
      out += fmt::format("<th scope=\"col\" class=\"n\">{}</th>", esc(record->runtime));
      for (const auto& [text, row] : rows_) {
        const auto count = row.counts.find(record);
        if (count != row.counts.end()) iterations[record] += count->second;
      }
    }
    out += "</tr></thead><tbody>\n";
    for (const std::string& text : order_) {
      const Row& row = rows_[text];
      out += fmt::format(
          "<tr{}><th scope=\"row\"><code>{}</code>{}{}</th><td class=\"v {}\">{}"
          "</td><td>{}</td>",
          row.rank == Rank::kForbidden && row.total ? " class=\"alarm\"" : "", esc(text),
          row.partial ? " <span class=\"dim\">(any with these)</span>" : "",
          row.thin_air ? " <span class=\"dim\">(out of thin air)</span>" : "", rank_class(row.rank),
          rank_text(row.rank), row.wanted.empty() ? "" : "says " + row.wanted);
      for (unsigned t = 0; t < model::kTiers; ++t) {
        const model::Tiers bit = static_cast<model::Tiers>(1u << t);
        out += !(row.known & bit) ? "<td class=\"dim\">n/a</td>"
               : row.tiers & bit  ? "<td>yes</td>"
                                  : "<td class=\"dim\">no</td>";
      }
      for (const Record* record : records_) {
        const auto count = row.counts.find(record);
        if (!iterations[record]) {
          out += "<td class=\"n dim\">-</td>";
        } else if (row.partial) {
          out += "<td></td>";
        } else if (count == row.counts.end()) {
          out += "<td class=\"n dim\">0</td>";
        } else {
          out += fmt::format("<td class=\"n\">{}{}</td>", count->second,
                             bar(count->second, iterations[record]));
        }
      }
      out += "</tr>\n";
    }
    out += "</tbody><tfoot><tr><th scope=\"row\">iterations</th><td colspan=\"7\"></td>";
    for (const Record* record : records_) {
      out += iterations[record] ? fmt::format("<td class=\"n\">{}</td>", iterations[record])
                                : "<td class=\"n dim\">none</td>";
    }
    return out + "</tr></tfoot></table></div>\n";
  }

  // The share of the iterations, in words and as a bar.
  static std::string bar(uint64_t count, uint64_t all) {
    const double share = 100.0 * static_cast<double>(count) / static_cast<double>(all);
    return fmt::format(
        "<span class=\"dim\">{}</span><span class=\"bar\" style=\"--w:{:.1f}%\"></span>",
        share >= 0.01 ? fmt::format("{:.2f} %", share) : fmt::format("{:.1f} ppm", 1e4 * share),
        share);
  }

  std::string explanations() {
    std::string seen, never;
    size_t drawn = 0;
    for (const std::string& text : order_) {
      const Row& row = rows_[text];
      const bool forbids = row.rank == Rank::kForbidden;
      if (row.rank == Rank::kSequential || row.rank == Rank::kUnknown) continue;
      // Of what was not seen only that which the test forbids: it is what the test is about.
      if (!row.total && !(forbids && row.wanted == "forbid")) continue;
      // A partial row whose outcomes were seen is drawn there.
      if (drawn++ >= kDrawings) break;
      const Tier tier = row.rank == Rank::kLetterOnly ? Tier::intended : Tier::literal;
      (row.total ? seen : never) += explained(text, row, tier);
    }
    std::string out;
    if (!seen.empty()) out += "<h2>Seen: why it is allowed or forbidden</h2>\n" + seen;
    if (!never.empty()) out += "<h2>Not seen: why it is forbidden</h2>\n" + never;
    return out;
  }

  std::string explained(const std::string& text, const Row& row, Tier tier) {
    std::string head = fmt::format("<code>{}</code>: {}", esc(text), rank_text(row.rank) + 2);
    for (const auto* record : records_) {
      const auto count = row.counts.find(record);
      if (count == row.counts.end()) continue;
      head += fmt::format(", {} times on {}", count->second, esc(record->runtime));
    }
    std::string out = fmt::format("<details open><summary class=\"{}\">{}</summary>\n",
                                  rank_class(row.rank), head);
    auto value = model::parse_outcome(layout_, text);
    if (!value) return out + "<p>" + esc(value.error().message) + "</p></details>\n";
    auto why = model::explain(program_, *value, tier);
    if (!why) return out + "<p>" + esc(why.error().message) + "</p></details>\n";
    return out + "<div class=\"wide\">" + model::explanation_svg(*why, litmus_.name) +
           "</div>\n<details><summary>the same as text</summary><pre>" +
           esc(model::explanation_text(*why)) + "</pre></details>\n</details>\n";
  }

  LitmusTest litmus_;
  model::Program program_;
  model::OutcomeLayout layout_;
  const std::vector<const Record*>& records_;
  model::Oracle oracle_;
  std::map<std::string, Row> rows_;  // by outcome
  std::vector<std::string> order_;
  std::string refused_;
};

}  // namespace

std::string litmus_html(const suite::Test& test, const std::vector<const Record*>& records) {
  auto litmus = suite::litmus::litmus_of(test);
  if (!litmus) return "<p>" + esc(litmus.error().message) + "</p>\n";
  auto program = suite::litmus::to_program(*litmus);
  if (!program) return "<p>" + esc(program.error().message) + "</p>\n";
  return Page(std::move(*litmus), std::move(*program), records).html();
}

}  // namespace weft::results
