#include "results/provider.h"

#include <algorithm>

#include "suite/test/glob.h"

namespace weft::results {
namespace {

using runners::Provider;
using runners::Provides;

struct Row {
  const char* pattern;
  Provider Provides::* part;
};

constexpr Row kRows[] = {
#define PROVIDER(pattern, part) {pattern, &Provides::part},
#include "results/provider.def"
#undef PROVIDER
};

}  // namespace

bool is_ours(const std::string& requirement, const Provides& provides) {
  for (const Row& row : kRows) {
    if (suite::glob_match(row.pattern, requirement)) return provides.*row.part == Provider::kWeft;
  }
  return false;
}

bool all_ours(const std::vector<std::string>& requirements, const Provides& provides) {
  return !requirements.empty() &&
         std::all_of(requirements.begin(), requirements.end(),
                     [&](const std::string& one) { return is_ours(one, provides); });
}

}  // namespace weft::results
