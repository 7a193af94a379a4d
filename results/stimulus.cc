#include "results/stimulus.h"

#include <fmt/core.h>

#include <algorithm>

#include "results/litmus.h"

namespace weft::results {
namespace {

using runners::Placement;
using suite::litmus::BatchParameters;

BatchParameters batch(uint32_t slots, uint32_t stride, uint32_t last_delay, uint32_t delay_mask,
                      bool prefetch, uint32_t spin_microseconds) {
  BatchParameters p;
  p.slots = slots;
  p.stride = stride;
  p.last_delay = last_delay;
  p.delay_mask = delay_mask;
  p.prefetch = prefetch;
  p.spin_microseconds = spin_microseconds;
  p.max_batches = 1u << 20;
  return p;
}

Expected<Shown> run_once(runners::Runtime& runtime, LitmusCase& test, bool allowed, size_t preset,
                         const StimulusOptions& options) {
  auto wasm = test.module(static_cast<unsigned>(preset), options.milliseconds);
  if (!wasm) return tl::unexpected(wasm.error());
  runners::Case one;
  one.id = test.name();
  one.wasm = std::move(*wasm);
  one.placement = presets()[preset].placement;
  one.timeout = 30 + options.milliseconds / 1000.0;
  const runners::Observation run = runtime.run(one);
  LitmusSeen seen;
  add_run(seen, run);
  if (!seen.broken.empty()) {
    return fail("{} on {} with preset {}: {} {}", test.name(), runtime.info().name,
                presets()[preset].name, seen.broken, run.reason);
  }
  return Shown{test.hits(seen, allowed), seen.iterations, options.milliseconds / 1000.0};
}

Expected<Shown> best_of(runners::Runtime& runtime, LitmusCase& test, size_t preset,
                        const StimulusOptions& options) {
  std::vector<Shown> all;
  for (unsigned round = 0; round < std::max(1u, options.rounds); ++round) {
    auto shown = run_once(runtime, test, true, preset, options);
    if (!shown) return shown;
    all.push_back(*shown);
  }
  std::sort(all.begin(), all.end(),
            [](const Shown& a, const Shown& b) { return a.per_million() < b.per_million(); });
  all.back().middle = all[all.size() / 2].per_million();
  return all.back();
}

}  // namespace

// How long the last one is to be held back differs by engine: compiled code meets at 128 to 192
// turns, an interpreter at none to 16 (of which each takes longer). Of use early in the list: the
// runs of a test without a twin take them in this order.
std::span<const Preset> presets() {
  static const Preset kPresets[] = {
      {"spread", batch(1024, 128, 0, 0, true, 500), Placement::kSpread},
      {"spread-late-16", batch(1024, 128, 16, 0, true, 500), Placement::kSpread},
      {"spread-late-128", batch(1024, 128, 128, 0, true, 500), Placement::kSpread},
      {"spread-random", batch(1024, 256, 0, 15, true, 500), Placement::kSpread},
      {"one-core", batch(256, 128, 0, 0, true, 5), Placement::kOneCore},
      {"spread-late-64", batch(1024, 128, 64, 0, true, 500), Placement::kSpread},
      {"spread-late-192", batch(1024, 128, 192, 0, true, 500), Placement::kSpread},
      {"spread-apart", batch(1024, 320, 0, 0, false, 500), Placement::kSpread},
      {"free", batch(1024, 128, 0, 0, true, 500), Placement::kFree},
  };
  return kPresets;
}

Expected<StimulusRow> measure_stimulus(runners::Runtime& runtime, LitmusCase& weak,
                                       LitmusCase& strong, const StimulusOptions& options) {
  StimulusRow row;
  row.runtime = runtime.info().name;
  for (size_t preset = 0; preset < presets().size(); ++preset) {
    auto shown = best_of(runtime, weak, preset, options);
    if (!shown) return tl::unexpected(shown.error());
    row.weak.push_back(*shown);
    if (shown->per_million() > row.weak[row.best].per_million()) row.best = preset;
  }
  for (unsigned round = 0; round < std::max(1u, options.rounds); ++round) {
    auto shown = run_once(runtime, strong, false, row.best, options);
    if (!shown) return tl::unexpected(shown.error());
    row.strong.hits += shown->hits;
    row.strong.iterations += shown->iterations;
    row.strong.seconds += shown->seconds;
  }
  return row;
}

}  // namespace weft::results
