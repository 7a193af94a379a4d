// A test that gives its module byte by byte: `(module binary "..." ...)`. Such a module must reach
// a runtime exactly as it is written (padded numbers, reserved bytes), so it is read here and never
// by an assembler, which would decode it and write it anew. Knows no headers and no runtimes.
#pragma once

#include <string>
#include <string_view>

#include "reference/base/expected.h"
#include "reference/base/files.h"

namespace weft::suite {

// Is the first form of `source` a `(module binary ...)`? Comments before it are passed over.
bool is_binary_text(std::string_view source);

// The bytes of its string literals, in order (text format, "Strings": \HH, \n, \r, \t, \", \', \\).
// `path` is for messages, which carry the line.
Expected<Bytes> read_binary_text(std::string_view source, const std::string& path);

}  // namespace weft::suite
