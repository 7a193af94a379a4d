// Fuzz target: any text goes through our reader of module text; what it assembles goes through the
// reader of binaries, which must not find it malformed but for what text may say and bytes may not.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "reference/module/module.h"
#include "reference/module/text/module_text.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view source(reinterpret_cast<const char*>(data), size);
  auto assembled = weft::module::text::assemble_text(source, "fuzz.wat");
  if (!assembled) {
    if (assembled.error().message.empty()) __builtin_trap();
    return 0;
  }
  static_cast<void>(weft::module::load_module(std::move(*assembled)));
  return 0;
}
