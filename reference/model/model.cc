// The tiers put together: two readings of the axioms, the machines of interleave.h, and ARMv8.
#include "reference/model/model.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "reference/model/aarch64.h"
#include "reference/model/interleave.h"
#include "reference/model/lower.h"
#include "reference/model/search.h"
#include "reference/model/unroll.h"

namespace weft::model {

struct Oracle::Work {
  ExprPool pool;
  Skeleton skeleton;
  Search search;
  OutcomeSet set;

  // Fills `set` (and the search's tied outcomes); true if stopped at the first.
  Expected<bool> run(const Lowered& program, const Reading& reading, const Outcome* wanted) {
    set.reset(program.slot_count, static_cast<unsigned>(program.threads.size()));
    search.begin(reading, set, wanted != nullptr);
    const UnrollOptions options{reading.fences, reading.split_bulk, wanted};
    const auto stopped =
        unroll(program, options, pool, skeleton, [&] { return search.run(skeleton, pool); });
    if (!search.refusal().empty()) return fail("{}", search.refusal());
    return stopped;
  }
};

Oracle::Oracle() : work_(std::make_unique<Work>()) {}
Oracle::~Oracle() = default;

namespace {

constexpr const char* kNames[kTiers] = {"literal", "intended", "tso", "aarch64", "sc"};

// The mappings to machines know no queues and no grow.
bool defined(const Lowered& program, Tier tier) {
  if (tier == Tier::tso) return !program.queues() && !program.any_grow();
  return tier != Tier::aarch64 || aarch64_defined(program);
}

std::tuple<const std::vector<uint64_t>&, uint64_t, const std::vector<Ending>&> order(
    const Outcome& o) {
  return {o.values, o.present, o.endings};
}

struct Before {
  bool operator()(const Outcome& a, const Outcome& b) const { return order(a) < order(b); }
};

}  // namespace

const char* tier_name(Tier tier) { return kNames[static_cast<unsigned>(tier)]; }

bool AllowedSet::contains(Tier tier, const Outcome& partial) const {
  for (const AllowedOutcome& o : outcomes) {
    if ((o.tiers & tier_bit(tier)) && matches(partial, o.outcome)) return true;
  }
  if (tier != Tier::literal) return false;
  for (const UndeterminedOutcome& u : undetermined) {
    if (u.contains(partial)) return true;
  }
  return false;
}

bool UndeterminedOutcome::contains(const Outcome& partial) const {
  // Open bits take the value that the first slot names; every other named slot must agree.
  Outcome complete = outcome;
  uint64_t value = 0, named = 0;
  for (const Tie& tie : tied) {
    if (!(partial.present >> tie.slot & 1)) continue;
    value |= partial.values[tie.slot] & tie.bits & ~named;
    named |= tie.bits;
  }
  for (const Tie& tie : tied) complete.values[tie.slot] |= value & tie.bits;
  return matches(partial, complete);
}

Expected<AllowedSet> Oracle::allowed(const Program& program, Tiers tiers) {
  const auto lowered = lower(program);
  if (!lowered) return tl::unexpected<Error>(lowered.error());
  AllowedSet result;
  std::map<Outcome, AllowedOutcome, Before> found;
  const auto collect = [&](Tier tier) {
    result.computed |= tier_bit(tier);
    for (unsigned i = 0; i < work_->set.size(); ++i) {
      Outcome outcome = work_->set.outcome(i);
      AllowedOutcome& entry = found[outcome];
      entry.outcome = std::move(outcome);
      entry.tiers |= tier_bit(tier);
      entry.thin_air |= tier == Tier::literal && work_->set.thin_air(i);
    }
  };
  for (const Tier tier : {Tier::literal, Tier::intended}) {
    if (!(tiers & tier_bit(tier))) continue;
    const Reading reading = tier == Tier::literal ? Reading::literal() : Reading::intended();
    const auto done = work_->run(*lowered, reading, nullptr);
    if (!done) return tl::unexpected<Error>(done.error());
    collect(tier);
    for (const TiedOutcome& tied : work_->search.tied()) {
      OutcomeSet one;
      one.reset(lowered->slot_count, static_cast<unsigned>(program.threads.size()));
      one.add(tied.key.data(), true);
      UndeterminedOutcome open{one.outcome(0), {}};
      for (const TiedOutcome::Tie& tie : tied.tied) open.tied.push_back({tie.slot, tie.bits});
      result.undetermined.push_back(std::move(open));
    }
  }
  for (const Tier tier : {Tier::tso, Tier::aarch64, Tier::sc}) {
    if (!(tiers & tier_bit(tier)) || !defined(*lowered, tier)) continue;
    const auto done =
        tier == Tier::aarch64
            ? aarch64(*lowered, work_->set)
            : interleave(*lowered, tier == Tier::tso ? Machine::tso : Machine::sc, work_->set);
    if (!done) return tl::unexpected<Error>(done.error());
    collect(tier);
  }
  for (auto& [key, entry] : found) result.outcomes.push_back(std::move(entry));
  return result;
}

Expected<bool> Oracle::is_allowed(const Program& program, const Outcome& outcome,
                                  const Reading& reading) {
  const auto lowered = lower(program);
  if (!lowered) return tl::unexpected<Error>(lowered.error());
  return work_->run(*lowered, reading, &outcome);
}

Expected<bool> Oracle::is_allowed(const Program& program, const Outcome& outcome, Tier tier) {
  if (tier == Tier::literal) return is_allowed(program, outcome, Reading::literal());
  if (tier == Tier::intended) return is_allowed(program, outcome, Reading::intended());
  const auto lowered = lower(program);
  if (!lowered) return tl::unexpected<Error>(lowered.error());
  if (!defined(*lowered, tier)) return fail("{} is not defined for this test", tier_name(tier));
  const auto set = allowed(program, tier_bit(tier));
  if (!set) return tl::unexpected<Error>(set.error());
  return set->contains(tier, outcome);
}

std::string to_text(const OutcomeLayout& layout, const UndeterminedOutcome& undetermined) {
  Outcome open = undetermined.outcome;
  std::string text;
  for (size_t i = 0; i < layout.slots.size(); ++i) {
    if (!(open.present >> i & 1)) continue;
    std::string value = std::to_string(open.values[i]);
    for (const UndeterminedOutcome::Tie& tie : undetermined.tied) {
      if (tie.slot != i) continue;
      const uint64_t all = layout.slots[i].bits == 64 ? ~uint64_t{0} : 0xffffffffu;
      value = tie.bits == all ? "v" : fmt::format("v&{:#x}", tie.bits);
      if (open.values[i] != 0) value += fmt::format("|{:#x}", open.values[i]);
    }
    text += fmt::format("{}{}={}", text.empty() ? "" : " ", layout.slots[i].label, value);
  }
  open.present = 0;
  const std::string endings = to_text(layout, open);
  return endings.empty() ? text : text + " " + endings;
}

}  // namespace weft::model
