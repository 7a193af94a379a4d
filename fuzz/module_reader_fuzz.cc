// Fuzz target: any bytes go through our reader of binary modules (decode, validate, lower). It must
// not crash, and must neither hang nor take memory out of proportion to its input.
#include <cstddef>
#include <cstdint>

#include "reference/module/module.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  weft::Bytes bytes(data, data + size);
  // The last byte picks the language, so that both are reached.
  const bool threads = size > 8 && (data[size - 1] & 1);
  const auto loaded = weft::module::load_module(
      std::move(bytes), threads ? weft::module::Language::threads() : weft::module::Language{});
  // An error says something and stands inside the module.
  if (!loaded && (loaded.error().message.empty() || loaded.error().offset > size)) __builtin_trap();
  return 0;
}
