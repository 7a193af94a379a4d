#include "reference/module/text/token.h"

#include <fmt/core.h>

#include <algorithm>

#include "reference/module/reader.h"
#include "reference/module/text/number.h"

namespace weft::module::text {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// idchar, and the characters that only reserved tokens have.
bool is_word(char c) {
  if (static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7F) return false;
  return c != '(' && c != ')' && c != '"' && c != ';';
}
bool only_reserved(char c) { return c == ',' || c == '[' || c == ']' || c == '{' || c == '}'; }

class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) {}

  std::vector<Token> run() {
    const auto bytes = std::span(reinterpret_cast<const uint8_t*>(source_.data()), source_.size());
    if (!valid_utf8(bytes)) throw SyntaxError{0, "malformed UTF-8 encoding"};
    if (source_.size() > kMostBytes) {
      throw SyntaxError{
          0, fmt::format("text of {} bytes, weft takes at most {}", source_.size(), kMostBytes),
          true};
    }
    while (at_ < source_.size()) next();
    if (!open_.empty()) {
      throw SyntaxError{tokens_[open_.back()].offset, "unexpected end: unclosed parenthesis"};
    }
    return std::move(tokens_);
  }

 private:
  static constexpr size_t kMostBytes = size_t{256} << 20;

  bool starts(std::string_view s) const { return source_.substr(at_, s.size()) == s; }

  void next() {
    const char c = source_[at_];
    if (is_space(c)) {
      ++at_;
    } else if (starts(";;")) {
      while (at_ < source_.size() && source_[at_] != '\n' && source_[at_] != '\r') ++at_;
    } else if (starts("(;")) {
      comment();
    } else if (c == '(') {
      if (starts("(@") && annotation_ == kNone) {
        annotation_id();
        annotation_ = tokens_.size();
      }
      open_.push_back(static_cast<uint32_t>(tokens_.size()));
      push(TokenKind::kOpen, 1);
    } else if (c == ')') {
      close();
    } else {
      word();
    }
  }

  void comment() {
    const size_t start = at_;
    size_t depth = 0;
    do {
      if (at_ >= source_.size()) throw SyntaxError{start, "unclosed comment"};
      if (starts("(;")) {
        ++depth;
        at_ += 2;
      } else if (starts(";)")) {
        --depth;
        at_ += 2;
      } else {
        ++at_;
      }
    } while (depth > 0);
  }

  void close() {
    if (open_.empty()) throw SyntaxError{at_, "unexpected token )"};
    const uint32_t opened = open_.back();
    open_.pop_back();
    tokens_[opened].match = static_cast<uint32_t>(tokens_.size());
    push(TokenKind::kClose, 1);
    if (opened == annotation_) {
      tokens_.resize(opened);
      annotation_ = kNone;
    }
  }

  // "(@id" or "(@"id"" comes.
  void annotation_id() {
    const size_t start = at_;
    at_ += 2;
    if (at_ < source_.size() && source_[at_] == '"') {
      const size_t quote = at_;
      string();
      const Token id{TokenKind::kString, 0, quote, source_.substr(quote, at_ - quote)};
      if (decode_name(id).empty()) throw SyntaxError{start, "empty annotation id"};
    } else if (at_ >= source_.size() || !is_word(source_[at_]) || only_reserved(source_[at_])) {
      throw SyntaxError{start, "empty annotation id"};
    }
    at_ = start;
  }

  // Characters and strings without a separator between them make one token.
  void word() {
    const size_t start = at_;
    size_t strings = 0, others = 0;
    bool reserved = false;
    while (at_ < source_.size()) {
      if (source_[at_] == '"') {
        string();
        ++strings;
      } else if (is_word(source_[at_])) {
        reserved |= only_reserved(source_[at_]);
        ++others;
        ++at_;
      } else if (source_[at_] == ';' && !starts(";;")) {
        // Inside an annotation anything goes.
        if (annotation_ == kNone) throw SyntaxError{at_, "unexpected character ;"};
        ++at_, ++others;
      } else {
        break;
      }
    }
    const size_t size = at_ - start;
    at_ = start;
    if (size == 0) throw SyntaxError{start, "illegal character"};
    if (strings == 1 && others == 0) return push(TokenKind::kString, size);
    if (reserved || strings > 0) return push(TokenKind::kReserved, size);
    const bool id = source_[start] == '$';
    if (id && size == 1) throw SyntaxError{start, "empty identifier"};
    push(id ? TokenKind::kId : TokenKind::kWord, size);
  }

  void string() {
    const size_t start = at_++;
    for (; at_ < source_.size(); ++at_) {
      const auto c = static_cast<unsigned char>(source_[at_]);
      if (c == '"') {
        ++at_;
        return;
      }
      if (c < 0x20 || c == 0x7F) throw SyntaxError{at_, "illegal character in a string"};
      if (c == '\\') ++at_;
    }
    throw SyntaxError{start, "unclosed string"};
  }

  void push(TokenKind kind, size_t size) {
    tokens_.push_back({kind, 0, at_, source_.substr(at_, size)});
    at_ += size;
  }

  static constexpr size_t kNone = ~size_t{0};
  std::string_view source_;
  size_t at_ = 0;
  std::vector<Token> tokens_;
  std::vector<uint32_t> open_;
  size_t annotation_ = kNone;  // the outermost one that is open
};

void append_utf8(Bytes& out, uint32_t point) {
  if (point < 0x80) {
    out.push_back(static_cast<uint8_t>(point));
    return;
  }
  const int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  static constexpr uint8_t kLead[] = {0, 0xC0, 0xE0, 0xF0};
  out.push_back(static_cast<uint8_t>(kLead[more] | point >> (6 * more)));
  for (int i = more - 1; i >= 0; --i) {
    out.push_back(static_cast<uint8_t>(0x80 | (point >> (6 * i) & 0x3F)));
  }
}

}  // namespace

std::vector<Token> tokenize(std::string_view source) { return Lexer(source).run(); }

Bytes decode_string(const Token& token) {
  const std::string_view s = token.text.substr(1, token.text.size() - 2);
  const auto bad = [&](size_t at) -> SyntaxError {
    return {token.offset + 1 + at, "illegal escape in a string"};
  };
  Bytes out;
  out.reserve(s.size());
  for (size_t i = 0; i < s.size(); ++i) {
    if (s[i] != '\\') {
      out.push_back(static_cast<uint8_t>(s[i]));
      continue;
    }
    if (++i >= s.size()) throw bad(i);
    static constexpr std::string_view kNames = "tnr\"'\\", kValues = "\t\n\r\"'\\";
    const size_t found = kNames.find(s[i]);
    if (found != std::string_view::npos) {
      out.push_back(static_cast<uint8_t>(kValues[found]));
    } else if (s[i] == 'u') {
      const size_t end = s.find('}', i);
      if (i + 1 >= s.size() || s[i + 1] != '{' || end == std::string_view::npos) throw bad(i);
      uint32_t point = 0;
      bool digit_before = false;
      for (size_t k = i + 2; k < end; ++k) {
        if (s[k] == '_' && digit_before && k + 1 < end) {
          digit_before = false;
          continue;
        }
        if (hex_digit(s[k]) < 0) throw bad(k);
        digit_before = true;
        point = point << 4 | static_cast<uint32_t>(hex_digit(s[k]));
        if (point > 0x10FFFF) throw bad(k);
      }
      if (!digit_before || (point >= 0xD800 && point < 0xE000)) throw bad(i);
      append_utf8(out, point);
      i = end;
    } else {
      if (i + 1 >= s.size() || hex_digit(s[i]) < 0 || hex_digit(s[i + 1]) < 0) throw bad(i);
      out.push_back(static_cast<uint8_t>(hex_digit(s[i]) << 4 | hex_digit(s[i + 1])));
      ++i;
    }
  }
  return out;
}

std::string decode_name(const Token& token) {
  const Bytes bytes = decode_string(token);
  if (!valid_utf8(bytes)) throw SyntaxError{token.offset, "malformed UTF-8 encoding"};
  return std::string(bytes.begin(), bytes.end());
}

Place place_of(std::string_view source, size_t offset) {
  const std::string_view before = source.substr(0, std::min(offset, source.size()));
  const size_t newline = before.rfind('\n');
  return {1 + static_cast<size_t>(std::count(before.begin(), before.end(), '\n')),
          before.size() - (newline == std::string_view::npos ? 0 : newline + 1) + 1};
}

}  // namespace weft::module::text
