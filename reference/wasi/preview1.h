// The table of preview1 functions: names, signatures, how to call one.
// Knows no machine: who links a module turns the entries into host functions of its own.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "reference/wasi/call.h"

namespace weft::wasi {

inline constexpr std::string_view kPreview1Module = "wasi_snapshot_preview1";

struct FunctionEntry {
  const char* name;
  const char* parameters;     // i = i32, I = i64
  Result (*function)(Call&);  // null: not there yet, returns nosys
  bool has_result() const;    // an errno as i32; only proc_exit has none
};

// In the order of the text.
std::span<const FunctionEntry> preview1_functions();
// Index into preview1_functions(), or -1.
int find_preview1(std::string_view name);
// One attempt (call.h). `index` is one of the table's.
Result call_preview1(size_t index, Call& call);
// The names that return nosys, in the order of the text.
std::vector<std::string_view> missing_functions();

}  // namespace weft::wasi
