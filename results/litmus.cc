#include "results/litmus.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "reference/model/draw.h"
#include "reference/model/explain.h"
#include "reference/model/reading.h"
#include "results/stimulus.h"
#include "suite/litmus/in_suite.h"
#include "suite/litmus/to_program.h"
#include "suite/litmus/to_wat.h"

namespace weft::results {
namespace {

using nlohmann::json;
using suite::litmus::BatchParameters;

constexpr double kWantedHits = 12;     // 1 - e^-12 > 99.999 %
constexpr double kWantedCover = 0.95;  // of the sequentially consistent outcomes

// The tier of plain compilation for the processor that weft runs on.
constexpr model::Tier machine_tier() {
#if defined(__aarch64__)
  return model::Tier::aarch64;
#else
  return model::Tier::tso;
#endif
}

}  // namespace

unsigned LitmusCase::presets() { return static_cast<unsigned>(results::presets().size()); }

Expected<std::shared_ptr<LitmusCase>> LitmusCase::make(const suite::Test& test) {
  auto out = std::make_shared<LitmusCase>();
  auto value = suite::litmus::litmus_of(test);
  if (!value) return tl::unexpected(value.error());
  out->test_ = std::move(*value);
  for (const std::string& tag : test.header.tags) {
    static constexpr std::string_view kPatterns[] = {"p-hb",    "p-sc",   "p-tear", "a-un",
                                                     "a-range", "a-init", "a-read"};
    if (std::find(std::begin(kPatterns), std::end(kPatterns), tag) == std::end(kPatterns)) continue;
    out->pattern_ = tag;
    for (char& c : out->pattern_) c = static_cast<char>(std::toupper(c));
  }
  if (auto ok = out->ask(); !ok) return tl::unexpected(ok.error());
  if (!test.twin_litmus.empty()) {
    auto twin = std::make_shared<LitmusCase>();
    auto read = suite::litmus::read_litmus(test.twin_litmus, test.header.twin);
    if (!read) return tl::unexpected(read.error());
    twin->test_ = std::move(read->front());
    if (auto ok = twin->ask(); !ok) return tl::unexpected(ok.error());
    out->twin_ = std::move(twin);
    for (const model::Outcome& outcome : out->allowed_) {
      out->decides_ |=
          !out->oracle_.is_allowed(out->program_, outcome, model::Tier::intended).value_or(true);
    }
  }
  return out;
}

Expected<void> LitmusCase::ask() {
  auto program = suite::litmus::to_program(test_);
  if (!program) return tl::unexpected(program.error());
  program_ = std::move(*program);
  layout_ = std::make_unique<model::OutcomeLayout>(program_);
  in_trials_ = !suite::litmus::why_not_batched(test_).empty();
  if (in_trials_) plan_ = suite::litmus::plan_trials(test_);
  for (const suite::litmus::Expectation& e : test_.expectations) {
    auto outcome = model::parse_outcome(*layout_, e.outcome);
    if (!outcome) return fail("{}: {}: {}", test_.file, test_.name, outcome.error().message);
    (e.allowed ? allowed_ : forbidden_).push_back(std::move(*outcome));
    decides_ |= !e.allowed;
  }
  auto sc = oracle_.allowed(program_, model::tier_bit(model::Tier::sc));
  if (!sc) return fail("{}: {}: {}", test_.file, test_.name, sc.error().message);
  for (const model::AllowedOutcome& one : sc->outcomes) {
    if (one.tiers & model::tier_bit(model::Tier::sc)) {
      sc_[model::to_text(*layout_, one.outcome)] = 1;
    }
  }
  for (const model::Outcome& outcome : allowed_) {
    auto shows = oracle_.is_allowed(program_, outcome, machine_tier());
    auto plain = oracle_.is_allowed(program_, outcome, model::Tier::sc);
    shows_here_ |= shows.value_or(false) && !plain.value_or(true);
  }
  return {};
}

Expected<Bytes> LitmusCase::module(unsigned preset, uint32_t milliseconds) {
  std::lock_guard lock(mutex_);
  const auto key = std::pair(in_trials_ ? 0 : preset % presets(), milliseconds);
  if (const auto found = modules_.find(key); found != modules_.end()) return found->second;
  BatchParameters parameters = results::presets()[key.first].batch;
  parameters.milliseconds = milliseconds;
  auto wasm = in_trials_ ? suite::litmus::trial_module(test_, {.milliseconds = milliseconds})
                         : suite::litmus::batch_module(test_, parameters);
  if (wasm) modules_[key] = *wasm;
  return wasm;
}

LitmusCase::Place LitmusCase::place(const std::string& outcome) {
  std::lock_guard lock(mutex_);
  if (const auto found = places_.find(outcome); found != places_.end()) return found->second;
  Place out;
  auto value = model::parse_outcome(*layout_, outcome);
  if (!value) {
    out.readable = false;
  } else {
    const auto in = [&](model::Tier tier) {
      return oracle_.is_allowed(program_, *value, tier).value_or(false);
    };
    out.literal = in(model::Tier::literal);
    out.intended = in(model::Tier::intended);
    out.sc = in(model::Tier::sc);
  }
  return places_[outcome] = out;
}

LitmusCase::Why LitmusCase::why_not(const std::string& outcome, model::Tier tier) {
  auto value = model::parse_outcome(*layout_, outcome);
  if (!value) return {};
  auto explanation = model::explain(program_, *value, tier);
  if (!explanation || explanation->allowed) return {};
  return {explanation->axiom, explanation->reason, model::explanation_text(*explanation)};
}

bool LitmusCase::grave(const std::string& outcome) {
  std::lock_guard lock(mutex_);
  const auto value = model::parse_outcome(*layout_, outcome);
  if (!value) return false;
  model::Reading no_edges = model::Reading::intended(), thin_air = model::Reading::intended();
  no_edges.notify_zero = false;
  thin_air.thin_air = true;
  return oracle_.is_allowed(program_, *value, no_edges).value_or(false) ||
         oracle_.is_allowed(program_, *value, thin_air).value_or(false);
}

uint64_t LitmusCase::hits(const LitmusSeen& seen, bool allowed_one) {
  uint64_t total = 0;
  for (const auto& [text, count] : seen.counts) {
    auto value = model::parse_outcome(*layout_, text);
    if (!value) continue;
    const auto& wanted = allowed_one ? allowed_ : forbidden_;
    if (std::any_of(wanted.begin(), wanted.end(),
                    [&](const model::Outcome& one) { return model::matches(one, *value); })) {
      total += count;
    }
  }
  return total;
}

size_t LitmusCase::sc_seen(const LitmusSeen& seen) const {
  std::set<std::string> found;
  for (const auto& [text, count] : seen.counts) {
    if (sc_.count(text)) {
      found.insert(text);
      continue;
    }
    // Of a trial that a trap has ended, not everything is known: it counts where it is clear.
    const auto partial = model::parse_outcome(*layout_, text);
    if (!in_trials_ || !partial) continue;
    std::vector<std::string> matching;
    for (const auto& [sc, one] : sc_) {
      const auto whole = model::parse_outcome(*layout_, sc);
      if (whole && model::matches(*partial, *whole)) matching.push_back(sc);
    }
    if (matching.size() == 1) found.insert(matching[0]);
  }
  return found.size();
}

void add_run(LitmusSeen& seen, const runners::Observation& run) {
  const suite::litmus::Histogram read = suite::litmus::read_histogram(run.out);
  if (!read.complete) {
    if (seen.broken.empty()) seen.broken = "the histogram has no end line";
    return;
  }
  uint64_t counted = read.overflow;
  for (const auto& line : read.lines) {
    seen.counts[line.outcome] += line.count;
    counted += line.count;
  }
  if (counted != read.iterations && seen.broken.empty()) {
    seen.broken =
        fmt::format("the histogram counts {} outcomes of {} iterations", counted, read.iterations);
  }
  seen.iterations += read.iterations;
  seen.overflow += read.overflow;
  seen.voids += read.voids;
}

bool add_trapped(LitmusCase& test, LitmusSeen& seen, const runners::Observation& run) {
  // A program's own exit codes are 0 and 64 to 125: an engine that reports a trap only by its exit
  // code uses another one.
  const bool trapped =
      run.end == runners::End::kTrap ||
      (run.end == runners::End::kExit && run.code != 0 && (run.code < 64 || run.code > 125));
  if (!trapped || !test.may_trap()) return false;
  const std::string outcome = suite::litmus::trapped_outcome(run.out, test.threads());
  if (outcome.empty()) {
    ++seen.voids;
  } else {
    ++seen.counts[outcome];
    ++seen.iterations;
  }
  return true;
}

LitmusJudgement judge_litmus(LitmusCase& test, const LitmusSeen& seen,
                             const LitmusCase::Tuned* twin) {
  LitmusJudgement out;
  out.clause = test.pattern();
  out.histogram = json::array();
  for (const auto& [outcome, count] : seen.counts) out.histogram.push_back({outcome, count});
  if (!seen.broken.empty()) {
    out.reason = seen.broken;
    return out;
  }
  if (seen.overflow) {
    out.reason = fmt::format("{} outcomes did not fit into the histogram", seen.overflow);
    return out;
  }
  std::string outside, first_outside, diverging, weak;
  uint64_t outside_count = 0;
  bool grave = false;
  for (const auto& [outcome, count] : seen.counts) {
    const LitmusCase::Place place = test.place(outcome);
    if (!place.readable) {
      out.reason = fmt::format("the histogram names \"{}\", which is no outcome", outcome);
      return out;
    }
    if (!place.literal) {
      if (outside.empty()) first_outside = outcome;
      outside += (outside.empty() ? "" : "; ") + outcome;
      outside_count += count;
    } else if (!place.intended) {
      const bool worse = !grave && test.grave(outcome);
      if (diverging.empty() || worse) diverging = outcome;
      grave |= worse;
    } else if (!place.sc) {
      weak = outcome;
    }
  }
  json evidence = {{"iterations", seen.iterations},
                   {"sc_seen", test.sc_seen(seen)},
                   {"sc_outcomes", test.sc_outcomes()}};
  if (test.in_trials()) evidence["void"] = seen.voids;
  bool enough = true;
  std::string missing;
  if (seen.iterations == 0) {
    enough = false;
    missing = "every trial was void";
  } else if (test.decides()) {
    if (twin) {
      const double rate = twin->iterations ? double(twin->hits) / double(twin->iterations) : 0;
      const double expected = rate * double(seen.iterations);
      evidence["kind"] = "twin";
      evidence["twin"] = test.twin()->name();
      evidence["twin_hits"] = twin->hits;
      evidence["twin_iterations"] = twin->iterations;
      evidence["expected_hits"] = expected;
      enough = expected >= kWantedHits;
      missing = fmt::format("its allowed twin {} lets {:.1f} hits be expected, {:.0f} are needed",
                            test.twin()->name(), expected, kWantedHits);
    } else {
      evidence["kind"] = "interleaving";
      enough = double(test.sc_seen(seen)) >= kWantedCover * double(test.sc_outcomes());
      missing = fmt::format("{} of {} sequentially consistent outcomes were seen",
                            test.sc_seen(seen), test.sc_outcomes());
    }
  }
  out.evidence = std::move(evidence);
  if (!outside.empty()) {
    out.verdict = Verdict::kFail;
    const LitmusCase::Why why = test.why_not(first_outside, model::Tier::literal);
    if (!why.axiom.empty()) out.clause = why.axiom;
    out.reason =
        fmt::format("forbidden outcome {} ({} of {} iterations){}{}", outside, outside_count,
                    seen.iterations, why.sentence.empty() ? "" : ": ", why.sentence);
  } else if (!diverging.empty()) {
    out.verdict = Verdict::kDiverges;
    out.severity = grave ? "high" : "low";
    const LitmusCase::Why why = test.why_not(diverging, model::Tier::intended);
    if (!why.axiom.empty()) out.clause = why.axiom;
    out.reason = fmt::format("{} is allowed by the letter only (outside `intended`){}{}", diverging,
                             why.sentence.empty() ? "" : ": ", why.sentence);
  } else if (!enough) {
    out.verdict = Verdict::kInsufficient;
    out.reason = missing;
  } else if (!weak.empty()) {
    out.verdict = Verdict::kInteresting;
    out.reason = fmt::format("{}: allowed, not sequentially consistent", weak);
  } else {
    out.verdict = Verdict::kPass;
  }
  return out;
}

}  // namespace weft::results
