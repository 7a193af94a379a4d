#include "results/run_diff.h"

#include <fmt/format.h>

namespace weft::results {

Changes diff(const Tally& before, const Tally& after) {
  Changes out;
  auto failed = [](Verdict verdict) { return group_of(verdict) == Group::kFailed; };
  for (const auto& [key, now] : after.final) {
    const auto found = before.final.find(key);
    const std::string name = fmt::format("{} on {}", now.test, now.runtime);
    if (found == before.final.end()) {
      out.added.push_back(fmt::format("{}: {}", name, name_of(now.verdict)));
      continue;
    }
    const Verdict then = found->second.verdict;
    if (then == now.verdict) continue;
    const std::string line =
        fmt::format("{}: {} -> {}{}{}", name, name_of(then), name_of(now.verdict),
                    now.reason.empty() ? "" : ": ", now.reason);
    if (failed(now.verdict) && !failed(then)) {
      out.regressed.push_back(line);
    } else if (failed(then) && !failed(now.verdict)) {
      out.improved.push_back(line);
    } else {
      out.changed.push_back(line);
    }
  }
  for (const auto& [key, then] : before.final) {
    if (after.final.count(key)) continue;
    out.gone.push_back(fmt::format("{} on {}: {}", then.test, then.runtime, name_of(then.verdict)));
  }
  return out;
}

std::string to_text(const Changes& changes) {
  std::string out;
  auto add = [&](const char* title, const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    out += fmt::format("{}:\n", title);
    for (const std::string& line : lines) out += "  " + line + "\n";
  };
  add("regressed", changes.regressed);
  add("improved", changes.improved);
  add("changed", changes.changed);
  add("new", changes.added);
  add("gone", changes.gone);
  return out + fmt::format("{} regressed, {} improved, {} changed, {} new, {} gone\n",
                           changes.regressed.size(), changes.improved.size(),
                           changes.changed.size(), changes.added.size(), changes.gone.size());
}

}  // namespace weft::results
