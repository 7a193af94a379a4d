// The lexical format of WebAssembly text (core spec, text/lexical): source to tokens, with matching
// parentheses found. Knows no grammar: modules and specification scripts are read from it alike.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reference/base/files.h"

namespace weft::module::text {

enum class TokenKind : uint8_t {
  kOpen,
  kClose,
  kString,    // quotes included, see decode_string
  kId,        // $name
  kWord,      // keyword, number, offset=...
  kReserved,  // what no grammar takes
};

struct Token {
  TokenKind kind = TokenKind::kReserved;
  uint32_t match = 0;  // kOpen: index of its kClose
  size_t offset = 0;   // into the source
  std::string_view text;
};

// Thrown inside this folder and by whoever reads scripts; never leaves a public function.
struct SyntaxError {
  size_t offset = 0;
  std::string message;
  // As ModuleError::refused: a proposal or a size that weft does not take.
  bool refused = false;
};

// The views point into `source`. Annotations "(@id ...)" are dropped. Throws SyntaxError.
std::vector<Token> tokenize(std::string_view source);

// The bytes that a string literal stands for.
Bytes decode_string(const Token& token);
// The same as a name: must be UTF-8.
std::string decode_name(const Token& token);

struct Place {
  size_t line = 1, column = 1;
};
Place place_of(std::string_view source, size_t offset);

}  // namespace weft::module::text
