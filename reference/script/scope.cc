#include "reference/script/scope.h"

#include <fmt/core.h>

#include "reference/script/spectest.h"

namespace weft::script {

Scope::Scope() { define_spectest(registry); }

const std::shared_ptr<machine::Instance>& Scope::instance(std::string_view id) const {
  const Entry* entry = &current;
  if (!id.empty()) {
    const auto found = names.find(id);
    if (found == names.end()) throw Failure{fmt::format("unknown module {}", id)};
    entry = &found->second;
  }
  if (!entry->instance && entry->missing.empty()) throw Failure{"no module has been instantiated"};
  if (!entry->instance) throw Skip{entry->missing};
  return entry->instance;
}

void Scope::enter(std::string_view id, Entry entry) {
  if (!id.empty()) names.insert_or_assign(std::string(id), entry);
  current = std::move(entry);
}

}  // namespace weft::script
