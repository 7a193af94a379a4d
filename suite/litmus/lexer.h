// Words and numbers of litmus text. Knows no instructions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "suite/litmus/ast.h"

namespace weft::suite::litmus {

struct Token {
  std::string text;
  Place place;
};

// Words of one line; `#` begins a comment; `{ } ;` stand for themselves; a string is one word.
std::vector<Token> words(std::string_view line, unsigned number);

// Decimal or 0x.
std::optional<uint64_t> parse_unsigned(std::string_view text);

// The bits of a constant of type i, I, f or F (opcodes.def). Integers: decimal or 0x, with a sign,
// from -2^31 to 2^32 - 1 or from -2^63 to 2^64 - 1. Floats: also 1.5, inf, nan and nan:0x...
// Nothing: it is none, or does not fit.
std::optional<uint64_t> parse_constant(std::string_view text, char type);

// Column (from 1) and complaint of the first byte of a line that is no text: a control character
// (but tab and the \r at the end), or no UTF-8. Nothing: all is text.
struct NoText {
  unsigned column = 0;
  const char* what = "";
};
std::optional<NoText> no_text(std::string_view line);

// A name of a location or register.
bool is_name(std::string_view text);

}  // namespace weft::suite::litmus
