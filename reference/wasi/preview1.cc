#include "reference/wasi/preview1.h"

#include "reference/wasi/functions.h"

namespace weft::wasi {
namespace {

constexpr FunctionEntry kFunctions[] = {
#define WEFT_WASI(name, parameters) {#name, parameters, functions::name},
#define WEFT_WASI_MISSING(name, parameters) {#name, parameters, nullptr},
#include "reference/wasi/preview1.def"
#undef WEFT_WASI
#undef WEFT_WASI_MISSING
};

}  // namespace

bool FunctionEntry::has_result() const { return std::string_view(name) != "proc_exit"; }

std::span<const FunctionEntry> preview1_functions() { return kFunctions; }

int find_preview1(std::string_view name) {
  for (size_t i = 0; i < std::size(kFunctions); i++) {
    if (kFunctions[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

Result call_preview1(size_t index, Call& call) {
  const FunctionEntry& entry = kFunctions[index];
  return entry.function ? entry.function(call) : Result(Errno::nosys);
}

std::vector<std::string_view> missing_functions() {
  std::vector<std::string_view> missing;
  for (const FunctionEntry& entry : kFunctions) {
    if (!entry.function) missing.push_back(entry.name);
  }
  return missing;
}

}  // namespace weft::wasi
