#include "reference/module/lower.h"

#include <algorithm>

#include "reference/module/code.h"
#include "reference/module/lower_function.h"

namespace weft::module {

uint32_t Code::function_of(uint32_t word) const {
  const auto behind = std::upper_bound(entries.begin(), entries.end(), word);
  return static_cast<uint32_t>(behind - entries.begin()) - (behind == entries.begin() ? 0 : 1);
}

uint32_t Code::offset_of(uint32_t word) const {
  const auto behind =
      std::upper_bound(origins.begin(), origins.end(), word,
                       [](uint32_t left, const Origin& right) { return left < right.word; });
  return behind == origins.begin() ? 0 : std::prev(behind)->offset;
}

tl::expected<std::shared_ptr<const Code>, ModuleError> lower(const Module& module) {
  auto code = std::make_shared<Code>();
  std::vector<CallSite> calls;
  code->entries.reserve(module.functions.size());
  if (module.tables.size() > kMostSlots || module.memories.size() > kMostSlots) {
    return tl::unexpected(ModuleError{"validate", 0, "too many tables or memories (limit 65535)"});
  }
  for (uint32_t i = 0; i < module.functions.size(); ++i) {
    FunctionLowering lowering(module, i, *code, calls);
    if (auto refusal = lowering.run()) {
      return tl::unexpected(ModuleError{"validate", module.functions[i].begin, *refusal});
    }
  }
  for (const CallSite& call : calls) {
    Word& word = code->words[call.word];
    const uint32_t from = op_of(word) == Op::call ? call.word : call.word - 1;
    const auto distance = static_cast<uint32_t>(code->entries[call.callee] - from);
    if (from == call.word) {
      word = (word & 0xFFFFFFFF) | Word{distance} << 32;
    } else {
      word = distance;
    }
  }
  code->words.shrink_to_fit();
  return std::shared_ptr<const Code>(std::move(code));
}

}  // namespace weft::module
