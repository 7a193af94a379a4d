// Walks over tokens: what module fields, instructions and script commands have in common. Knows
// the lexical format and nothing of modules. Every failure is thrown as a SyntaxError.
#pragma once

#include <fmt/core.h>

#include <span>

#include "reference/base/shortened.h"
#include "reference/module/text/number.h"
#include "reference/module/text/token.h"

namespace weft::module::text {

class Cursor {
 public:
  // From token `begin` to before token `end`.
  Cursor(std::span<const Token> tokens, size_t begin, size_t end)
      : tokens_(tokens), at_(begin), end_(end) {}

  bool done() const { return at_ >= end_; }
  size_t at() const { return at_; }
  size_t end() const { return end_; }
  std::span<const Token> tokens() const { return tokens_; }
  // The token that comes, or one that matches nothing at the end.
  const Token& peek(size_t ahead = 0) const {
    static const Token kNone;
    return at_ + ahead < end_ ? tokens_[at_ + ahead] : kNone;
  }
  const Token& next() {
    if (done()) unexpected();
    return tokens_[at_++];
  }
  bool is(TokenKind kind) const { return !done() && peek().kind == kind; }
  bool is_word(std::string_view word) const { return is(TokenKind::kWord) && peek().text == word; }
  // "(word" comes.
  bool is_list(std::string_view word) const {
    return is(TokenKind::kOpen) && peek(1).kind == TokenKind::kWord && peek(1).text == word;
  }
  bool take_word(std::string_view word) {
    if (!is_word(word)) return false;
    ++at_;
    return true;
  }

  // The inside of the list that comes; this cursor goes behind it.
  Cursor list() {
    if (!is(TokenKind::kOpen)) unexpected();
    Cursor inside(tokens_, at_ + 1, peek().match);
    at_ = size_t{peek().match} + 1;
    return inside;
  }
  // The list that comes, its parentheses included; this cursor goes behind it.
  Cursor folded() {
    if (!is(TokenKind::kOpen)) unexpected();
    const Cursor whole(tokens_, at_, size_t{peek().match} + 1);
    at_ = whole.end_;
    return whole;
  }
  // The inside of "(word ...", without the word.
  Cursor list(std::string_view word) {
    if (!is_list(word)) unexpected();
    Cursor inside = list();
    ++inside.at_;
    return inside;
  }

  // "" when no identifier comes.
  std::string_view id() { return is(TokenKind::kId) ? next().text : std::string_view(); }
  std::string name() { return decode_name(string_token()); }
  Bytes bytes() { return decode_string(string_token()); }
  // All strings up to the end, as one.
  Bytes strings() {
    Bytes out;
    while (!done()) {
      const Bytes one = bytes();
      out.insert(out.end(), one.begin(), one.end());
    }
    return out;
  }
  // A natural number comes.
  bool is_nat() const {
    return is(TokenKind::kWord) && peek().text[0] >= '0' && peek().text[0] <= '9';
  }
  uint64_t nat(unsigned bits) { return number(parse_nat(word(), bits)); }
  uint64_t integer(unsigned bits) { return number(parse_int(word(), bits)); }
  uint32_t f32() { return number(parse_f32(word())); }
  uint64_t f64() { return number(parse_f64(word())); }
  std::string_view word() {
    if (!is(TokenKind::kWord)) unexpected();
    return next().text;
  }

  // What a literal came to, or the error at the token before.
  template <typename T>
  T number(Parsed<T> parsed) const {
    if (parsed.status == Literal::kOk) return parsed.value;
    throw SyntaxError{tokens_[at_ - 1].offset,
                      fmt::format("{}: {}",
                                  parsed.status == Literal::kMalformed ? "unknown operator"
                                                                       : "constant out of range",
                                  shortened(tokens_[at_ - 1].text))};
  }

  void finish() const {
    if (!done()) unexpected();
  }
  [[noreturn]] void unexpected() const {
    if (done()) throw SyntaxError{offset(), "unexpected end of a list"};
    if (peek().text.starts_with("$\"")) refuse("annotations", "quoted identifier");
    throw SyntaxError{offset(), fmt::format("unexpected token {}", peek().text.substr(0, 40))};
  }
  [[noreturn]] void fail(std::string message) const {
    throw SyntaxError{offset(), shortened(message)};
  }
  [[noreturn]] void refuse(std::string_view feature, std::string_view what) const {
    throw SyntaxError{offset(), fmt::format("{} is not supported ({})", feature, shortened(what)),
                      true};
  }
  size_t offset() const {
    if (tokens_.empty()) return 0;
    return at_ < tokens_.size() ? tokens_[at_].offset : tokens_.back().offset;
  }

 private:
  const Token& string_token() {
    if (!is(TokenKind::kString)) unexpected();
    return next();
  }
  std::span<const Token> tokens_;
  size_t at_, end_;
};

}  // namespace weft::module::text
