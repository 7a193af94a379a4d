#include "results/attempts.h"

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "results/stimulus.h"

namespace weft::results {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using runners::End;
using runners::Observation;
using runners::RuntimeInfo;

json observed_json(const Observation& seen) {
  json out = json::object();
  switch (seen.end) {
    case End::kExit:
      out["exit"] = seen.code;
      break;
    case End::kTrap:
      out["trap"] = seen.trap.empty() ? json(true) : json(seen.trap);
      break;
    case End::kReject:
      out["reject"] = seen.stage.empty() ? json(true) : json(seen.stage);
      break;
    case End::kSignal:
      out["signal"] = seen.code;
      break;
    case End::kTimeout:
      out["timeout"] = true;
      if (seen.all_asleep) out["all_asleep"] = true;
      break;
    case End::kOom:
      out["oom"] = true;
      break;
    case End::kStopped:
      out["stopped"] = true;
      break;
    case End::kHostError:
      out["error"] = seen.reason;
      break;
  }
  put_text(out, "stdout", seen.out);
  put_text(out, "stderr", seen.err);
  if (seen.out_truncated) out["stdout_truncated"] = true;
  if (seen.err_truncated) out["stderr_truncated"] = true;
  return out;
}

json provides_json(const runners::Provides& provides) {
  auto name = [](runners::Provider who) {
    return who == runners::Provider::kEngine ? "engine" : "weft";
  };
  return {{"spawn", name(provides.spawn)},
          {"wasi", name(provides.wasi)},
          {"wait", name(provides.wait)}};
}

double load_average() {
  double load = 0;
  return ::getloadavg(&load, 1) == 1 ? load : 0;
}

Record base_record(const Prepared& prepared, const RuntimeInfo& runtime) {
  Record r;
  r.test = prepared.test->header.id;
  r.test_sha256 = prepared.sha256;
  r.runtime = runtime.name;
  r.requirements = prepared.test->header.requirements;
  r.expected = suite::to_json(prepared.expect);
  r.provides = provides_json(runtime.provides);
  return r;
}

Record make_record(const Prepared& prepared, const RuntimeInfo& runtime,
                   const AttemptOptions& options, const Observation& seen, int attempt) {
  const Judgement judged = judge(*prepared.test, prepared.expect, runtime, seen);
  Record r = base_record(prepared, runtime);
  r.attempt = attempt;
  r.verdict = judged.verdict;
  r.rule = judged.rule;
  r.reason = judged.reason;
  r.severity = judged.severity;
  r.blamed = judged.blamed;
  r.host = judged.host;
  r.observed = observed_json(seen);
  r.argv = seen.argv;
  r.env = seen.env;
  r.dirs = seen.dirs;
  r.seed = options.seed;
  r.seconds = seen.seconds;
  r.host_load = load_average();
  return r;
}

bool is_failure(Verdict verdict) {
  return verdict == Verdict::kFail || verdict == Verdict::kCrash || verdict == Verdict::kTimeout ||
         verdict == Verdict::kOom;
}

bool is_expected(const ExpectationRule* rule, Verdict verdict) {
  if (!rule) return false;
  for (const Verdict one : rule->expect) {
    if (one == verdict) return true;
  }
  return false;
}

// Applies the rule and finishes the last line.
void finish(Record& last, const ExpectationRule* rule) {
  last.final = true;
  if (!rule) return;
  rule->used = true;
  last.verdict = Expectations::apply(*rule, last.verdict, last.reason);
  if (last.verdict == Verdict::kXfail || last.verdict == Verdict::kXpass) last.issue = rule->issue;
}

// How often a failure shows again: `once` runs it, and says whether it failed; nothing: enough.
template <typename Once>
void run_again(const AttemptOptions& options, const Machine& machine, Record& failed, Once once) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < options.rate_runs && !machine.stop(); ++i) {
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
    if (spent.count() > options.rate_seconds) break;
    const std::optional<bool> again = once();
    if (!again) break;
    ++failed.rate_runs;
    failed.rate_failed += *again;
  }
  if (failed.rate_runs) {
    failed.reason +=
        fmt::format(" (again in {} of {} more runs)", failed.rate_failed, failed.rate_runs);
  }
}

void state_rate(const Prepared& prepared, const RuntimeInfo& runtime, const AttemptOptions& options,
                const Machine& machine, Record& failed) {
  const runners::Case one = make_case(prepared, options, 1);
  run_again(options, machine, failed, [&]() -> std::optional<bool> {
    const Observation seen = machine.run(one, false);
    if (seen.end == End::kHostError || seen.end == End::kStopped) return std::nullopt;
    return is_failure(judge(*prepared.test, prepared.expect, runtime, seen).verdict);
  });
}

}  // namespace

bool Prepared::alone() const {
  return test->header.exclusive || test->header.sort == suite::Sort::kTiming ||
         test->header.kind == suite::Kind::kLitmus;
}

namespace {

// A limit `factor` times as high, but for a quarter of the machine's memory, without which the
// kernel and not we would end the process.
uint64_t raised(uint64_t limit, double factor) {
  const double machine =
      0.75 * static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::getpagesize());
  const double wanted = static_cast<double>(limit) * factor;
  return std::max(limit, static_cast<uint64_t>(std::min(wanted, machine)));
}

}  // namespace

runners::Case make_case(const Prepared& prepared, const AttemptOptions& options, double factor) {
  const suite::Header& header = prepared.test->header;
  runners::Case one;
  one.id = header.id;
  one.wasm = prepared.wasm;
  one.script = header.kind == suite::Kind::kScript;
  one.args = header.args;
  one.env = header.env;
  one.dirs = suite::host_directories(*prepared.test);
  one.stdin_mode = header.stdin_mode;
  one.stdin_text = header.stdin_text;
  one.timeout = options.timeout.value_or(header.timeout) * options.timeout_factor * factor;
  if (prepared.litmus) one.placement = presets()[0].placement;
  one.memory_limit = raised(one.memory_limit, factor);
  one.process_limit = static_cast<unsigned>(one.process_limit * factor);
  return one;
}

Record not_run(const Prepared& prepared, const RuntimeInfo& runtime, Verdict verdict,
               const std::string& reason, const AttemptOptions& options) {
  Record r = base_record(prepared, runtime);
  r.seed = options.seed;
  r.verdict = verdict;
  r.reason = reason;
  return r;
}

namespace {

// A run of a batched litmus test with one preset.
Observation run_preset(LitmusCase& litmus, unsigned preset, uint32_t milliseconds,
                       runners::Case one, const Machine& machine) {
  auto wasm = litmus.module(preset, milliseconds);
  if (!wasm) {
    Observation failed;
    failed.reason = wasm.error().message;
    return failed;
  }
  one.wasm = std::move(*wasm);
  one.placement = presets()[preset % presets().size()].placement;
  return machine.run(one, false);
}

bool ended_well(const Observation& seen) { return seen.end == End::kExit && seen.code == 0; }

double rate(const LitmusCase::Tuned& shown) {
  return shown.iterations ? double(shown.hits) / double(shown.iterations) : 0;
}

// Which preset makes the twin's outcome show on this runtime, and how often. Presets are tried
// until one shows it so often that a run of the test itself is sure to be enough.
LitmusCase::Tuned& tune(LitmusCase& twin, const std::string& runtime, const LitmusEffort& effort,
                        const runners::Case& one, const Machine& machine) {
  constexpr uint64_t kPlenty = 100;
  auto [it, fresh] = twin.tuned.try_emplace(runtime);
  LitmusCase::Tuned& best = it->second;
  if (!fresh) return best;
  for (unsigned preset = 0; preset < LitmusCase::presets() && !machine.stop(); ++preset) {
    LitmusSeen seen;
    const Observation run = run_preset(twin, preset, effort.milliseconds, one, machine);
    if (!ended_well(run)) continue;
    add_run(seen, run);
    const LitmusCase::Tuned shown{preset, twin.hits(seen, true), seen.iterations};
    if (rate(shown) > rate(best) || !best.iterations) best = shown;
    if (best.hits >= kPlenty) break;
  }
  return best;
}

// Runs the batches that a verdict needs and judges them together.
Record litmus_record(const Prepared& prepared, const RuntimeInfo& runtime,
                     const AttemptOptions& options, const Machine& machine, Observation first,
                     const ExpectationRule* rule) {
  LitmusCase& litmus = *prepared.litmus;
  const LitmusEffort effort;
  const runners::Case one = make_case(prepared, options, 1);
  // What ends otherwise than with exit code 0 is judged like any program.
  Prepared plain = prepared;
  plain.expect = suite::Expectation{};
  plain.expect.exit = 0;
  const auto as_program = [&](const Observation& seen) {
    Record r = make_record(plain, runtime, options, seen, 1);
    r.expected = suite::to_json(prepared.expect);
    return r;
  };
  // False: it ended in a way that no outcome of the test explains.
  const auto add = [&](LitmusSeen& into, const Observation& run) {
    if (ended_well(run)) {
      add_run(into, run);
      return true;
    }
    return add_trapped(litmus, into, run);
  };
  LitmusSeen seen;
  if (!add(seen, first)) return as_program(first);
  const LitmusCase::Tuned* twin = nullptr;
  if (litmus.decides() && litmus.twin_shows() && !litmus.in_trials()) {
    twin = &tune(*litmus.twin(), runtime.name, effort, one, machine);
  }
  const auto begun = std::chrono::steady_clock::now();
  const auto spent = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  };
  Observation last = std::move(first);
  const unsigned runs = litmus.one_trial_a_start() ? effort.starts : effort.runs;
  for (unsigned run = 0; run < runs && !machine.stop(); ++run) {
    if (litmus.one_trial_a_start() && spent() > effort.seconds) break;
    // Stop as soon as nothing is missing: forbidden tests go on until the evidence suffices,
    // others until the outcome shows that they are about, if this machine can show it. Where a
    // start is one trial, every start is worth something.
    const Verdict verdict = judge_litmus(litmus, seen, twin).verdict;
    const bool all_seen = litmus.sc_seen(seen) == litmus.sc_outcomes();
    if (verdict == Verdict::kFail) break;
    if (litmus.in_trials() ? all_seen
        : litmus.decides() ? verdict != Verdict::kInsufficient
                           : !litmus.shows_here() || litmus.hits(seen, true) > 0) {
      break;
    }
    Observation more =
        run_preset(litmus, twin ? twin->preset : run + 1, effort.longer, one, machine);
    if (!add(seen, more)) return as_program(more);
    last = std::move(more);
  }
  Record r = as_program(last);
  const LitmusJudgement judged = judge_litmus(litmus, seen, twin);
  r.verdict = judged.verdict;
  r.reason = judged.reason;
  r.severity = judged.severity;
  r.histogram = judged.histogram;
  r.evidence = judged.evidence;
  if (!judged.clause.empty() && !r.rule.empty()) r.rule += "/" + judged.clause;
  if (r.verdict == Verdict::kFail && !is_expected(rule, r.verdict)) {
    run_again(options, machine, r, [&]() -> std::optional<bool> {
      const Observation again =
          run_preset(litmus, twin ? twin->preset : 0, effort.longer, one, machine);
      LitmusSeen more;
      if (!add(more, again)) return std::nullopt;
      return judge_litmus(litmus, more, nullptr).verdict == Verdict::kFail;
    });
  }
  return r;
}

}  // namespace

Verdicts first_attempts(const Prepared& prepared, const RuntimeInfo& runtime,
                        const Expectations& expectations, const AttemptOptions& options,
                        const Machine& machine, Observation seen) {
  Verdicts out;
  if (prepared.litmus) {
    const ExpectationRule* rule = expectations.find(prepared.test->header.id, runtime);
    Record line = litmus_record(prepared, runtime, options, machine, std::move(seen), rule);
    finish(line, rule);
    out.lines.push_back(std::move(line));
    return out;
  }
  const ExpectationRule* rule = expectations.find(prepared.test->header.id, runtime);
  const suite::Sort sort = prepared.test->header.sort;
  Record worst;
  for (int attempt = 1;; ++attempt) {
    Record line = make_record(prepared, runtime, options, seen, attempt);
    const bool again = attempt < options.repeat && !machine.stop();
    if (attempt == 1 || line.verdict < worst.verdict) worst = line;
    if (!again) {
      worst.attempt = attempt;
      break;
    }
    line.final = false;
    out.lines.push_back(std::move(line));
    seen = machine.run(make_case(prepared, options, 1), false);
  }
  out.lines.push_back(std::move(worst));
  Record& last = out.lines.back();
  if (options.repeat > 1) last.reason += fmt::format(" (worst of {} runs)", last.attempt);

  const bool seen_any = last.observed.is_object();
  const bool asleep = seen_any && last.observed.value("all_asleep", false);
  // Where our host is judged, the judge has made a timeout a HARNESS_ERROR: it deserves its second
  // run like any other.
  const bool ours =
      last.verdict == Verdict::kHarnessError && last.host && seen_any &&
      ((last.observed.contains("timeout") && !asleep) || last.observed.contains("oom"));
  if (!ours && (is_expected(rule, last.verdict) || !is_failure(last.verdict))) {
    finish(last, rule);
    return out;
  }
  if (ours || last.verdict == Verdict::kOom || (last.verdict == Verdict::kTimeout && !asleep)) {
    last.final = false;
    out.again_alone = true;
    return out;
  }
  if (sort == suite::Sort::kTiming && last.verdict == Verdict::kFail) {
    last.final = false;
    Record second =
        make_record(prepared, runtime, options, machine.run(make_case(prepared, options, 1), true),
                    last.attempt + 1);
    if (!is_failure(second.verdict)) {
      second.reason = "passed on its one retry; first: " + last.reason;
      second.verdict = Verdict::kFlaky;
    }
    finish(second, rule);
    out.lines.push_back(std::move(second));
    return out;
  }
  finish(last, rule);
  if (last.verdict == Verdict::kFail && sort == suite::Sort::kSound) {
    state_rate(prepared, runtime, options, machine, last);
  }
  return out;
}

std::vector<Record> second_attempt(const Prepared& prepared, const RuntimeInfo& runtime,
                                   const Expectations& expectations, const AttemptOptions& options,
                                   const Machine& machine, const Record& first) {
  const ExpectationRule* rule = expectations.find(prepared.test->header.id, runtime);
  Record second =
      make_record(prepared, runtime, options, machine.run(make_case(prepared, options, 4), true),
                  first.attempt + 1);
  if (second.verdict == Verdict::kTimeout || second.verdict == Verdict::kOom) {
    second.reason += ", also alone with four times the limit";
  } else if (!is_failure(second.verdict) && second.verdict != Verdict::kHarnessError) {
    second.reason = fmt::format("{} at first; alone with four times the limit it ended: {}",
                                name_of(first.verdict), name_of(second.verdict));
    second.verdict = Verdict::kInsufficient;
  }
  finish(second, rule);
  return {std::move(second)};
}

}  // namespace weft::results
