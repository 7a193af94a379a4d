#include "fuzz/litmus_corpus.h"

#include <fmt/core.h>

#include <deque>
#include <set>

#include "reference/model/model.h"
#include "suite/litmus/ast.h"
#include "suite/litmus/to_program.h"

namespace weft::fuzz {
namespace {

class Generator {
 public:
  Generator(const CorpusOptions& options, const std::function<void(const CorpusTest&)>& keep)
      : options_(options), keep_(keep) {}

  Expected<CorpusCounts> run() {
    const auto families = options_.families.empty() ? default_families() : options_.families;
    for (const CycleOptions& family : families) {
      const uint64_t before = counts_.forbidden;
      enumerate_cycles(family, [&](const Cycle& cycle) {
        ++counts_.cycles;
        one(cycle);
        return !error_ && (options_.most == 0 || counts_.forbidden - before < options_.most);
      });
      if (error_) return tl::unexpected(*error_);
    }
    return counts_;
  }

 private:
  // Is the outcome of the cycle in the tier? Nothing: the oracle refused.
  std::optional<bool> allowed(const CycleTest& test, model::Tier tier) {
    auto parsed = suite::litmus::read_litmus(test.text, test.name);
    if (!parsed) return refuse(parsed.error());
    auto program = suite::litmus::to_program(parsed->front());
    if (!program) return refuse(program.error());
    const model::OutcomeLayout layout(*program);
    auto outcome = model::parse_outcome(layout, test.outcome);
    if (!outcome) return refuse(outcome.error());
    auto answer = oracle_.is_allowed(*program, *outcome, tier);
    if (!answer && tier != model::Tier::tso) return refuse(answer.error());
    return answer.value_or(false);  // x86-TSO is not defined for notify
  }
  std::optional<bool> refuse(const Error& error) {
    if (!error_) error_ = error;
    return std::nullopt;
  }

  void one(const Cycle& cycle) {
    const CycleTest test = test_of(cycle);
    if (seen_.count(test.name)) return;
    const auto in_literal = allowed(test, model::Tier::literal);
    if (!in_literal) return;
    if (*in_literal && allowed(test, model::Tier::intended).value_or(true)) return;
    seen_.insert(test.name);
    ++(*in_literal ? counts_.letter_only : counts_.forbidden);
    CorpusTest out = as_corpus(test, !*in_literal);
    out.letter_only = *in_literal;
    const auto twin = nearest_allowed(cycle, out.twin_in_tso);
    if (error_) return;
    if (twin) out.twin = twin->name;
    keep_(out);
    if (twin && seen_.insert(twin->name).second) {
      ++counts_.twins;
      keep_(as_corpus(*twin, false));
    }
  }

  static CorpusTest as_corpus(const CycleTest& test, bool forbidden) {
    CorpusTest out;
    out.name = test.name;
    out.text = test.text + fmt::format("{} {}\n", forbidden ? "forbid" : "allow", test.outcome);
    out.outcome = test.outcome;
    out.forbidden = forbidden;
    return out;
  }

  // Breadth first over single weakenings: an access becomes plain, an edge loses what stands on it.
  std::optional<CycleTest> nearest_allowed(const Cycle& cycle, bool& in_tso) {
    std::deque<Cycle> queue = {canonical(cycle)};
    std::set<std::string> met = {name_of(cycle)};
    std::optional<CycleTest> first;
    while (!queue.empty() && !error_) {
      const Cycle at = queue.front();
      queue.pop_front();
      for (size_t i = 0; i < at.threads.size(); ++i) {
        for (int part = 0; part < 3; ++part) {
          Cycle weaker = at;
          CycleThread& t = weaker.threads[i];
          if (part == 0) t.first = Access::kPlain;
          if (part == 1 && !t.single) t.second = Access::kPlain;
          if (part == 2 && !t.single) t.between = Between::kNothing;
          if (weaker == at) continue;
          if (!met.insert(name_of(weaker)).second) continue;
          const CycleTest test = test_of(weaker);
          const auto meant = allowed(test, model::Tier::intended);
          if (!meant) return std::nullopt;
          if (*meant) {
            if (allowed(test, model::Tier::tso).value_or(false)) {
              in_tso = true;
              return test;
            }
            if (!first) first = test;
          }
          queue.push_back(std::move(weaker));
        }
      }
    }
    return first;
  }

  const CorpusOptions& options_;
  const std::function<void(const CorpusTest&)>& keep_;
  model::Oracle oracle_;
  CorpusCounts counts_;
  std::set<std::string> seen_;
  std::optional<Error> error_;
};

}  // namespace

std::vector<CycleOptions> default_families() {
  using enum Access;
  CycleOptions two;
  two.max_threads = 2;
  two.accesses = {kPlain, kAtomic, kRmw, kCmpxchg};
  two.betweens = {Between::kNothing, Between::kFence, Between::kNotify, Between::kRmw,
                  Between::kCasFail};
  CycleOptions widths;
  widths.max_threads = 2;
  widths.accesses = {kPlain, kAtomic, kRmw, kCmpxchg};
  widths.widths = {8, 16, 64};
  CycleOptions three;
  three.min_threads = three.max_threads = 3;
  three.accesses = {kPlain, kAtomic, kRmw};
  CycleOptions four;
  four.min_threads = four.max_threads = 4;
  return {two, widths, three, four};
}

Expected<CorpusCounts> generate_corpus(const CorpusOptions& options,
                                       const std::function<void(const CorpusTest&)>& keep) {
  return Generator(options, keep).run();
}

}  // namespace weft::fuzz
