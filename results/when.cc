// The language of `when` in expectations: comparisons of version, config and name.
#include <algorithm>
#include <string_view>

#include "results/expectations.h"

namespace weft::results {
namespace {

using runners::RuntimeInfo;

// Compares dotted numbers number by number, a missing one being 0; other text as text.
int compare_words(const std::string& a, const std::string& b) {
  const auto numeric = [](const std::string& text) {
    return !text.empty() && text.find_first_not_of("0123456789.") == std::string::npos;
  };
  if (!numeric(a) || !numeric(b)) return a.compare(b);
  size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    uint64_t x = 0, y = 0;
    for (; i < a.size() && a[i] != '.'; ++i) x = x * 10 + (a[i] - '0');
    for (; j < b.size() && b[j] != '.'; ++j) y = y * 10 + (b[j] - '0');
    if (x != y) return x < y ? -1 : 1;
    ++i;
    ++j;
  }
  return 0;
}

class WhenParser {
 public:
  WhenParser(const std::string& text, const RuntimeInfo& runtime) : text_(text), runtime_(runtime) {
    next();
  }

  Expected<bool> whole() {
    auto value = either();
    if (value && !word_.empty()) return error("`and`, `or` or the end");
    return value;
  }

 private:
  tl::unexpected<Error> error(const std::string& expected) const {
    return fail("when \"{}\": at column {}: expected {}{}", text_, at_ + 1, expected,
                word_.empty() ? "" : ", found `" + word_ + "`");
  }

  static bool is_sign(char c) { return std::string_view("=!<>").find(c) != std::string_view::npos; }

  void next() {
    at_ = end_;
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    end_ = at_;
    if (end_ < text_.size()) {
      const char first = text_[end_++];
      if (is_sign(first)) {
        if (end_ < text_.size() && text_[end_] == '=') ++end_;
      } else if (first != '(' && first != ')') {
        while (end_ < text_.size() && !is_sign(text_[end_]) && text_[end_] != ' ' &&
               text_[end_] != '(' && text_[end_] != ')') {
          ++end_;
        }
      }
    }
    word_ = text_.substr(at_, end_ - at_);
  }

  Expected<bool> either() {
    auto value = both();
    while (value && word_ == "or") {
      next();
      auto right = both();
      if (!right) return right;
      value = *value || *right;
    }
    return value;
  }

  Expected<bool> both() {
    auto value = single();
    while (value && word_ == "and") {
      next();
      auto right = single();
      if (!right) return right;
      value = *value && *right;
    }
    return value;
  }

  Expected<bool> single() {
    if (++depth_ > 1000) return error("a shorter expression");
    if (word_ == "not") {
      next();
      auto value = single();
      if (value) value = !*value;
      return value;
    }
    if (word_ == "(") {
      next();
      auto value = either();
      if (!value) return value;
      if (word_ != ")") return error("`)`");
      next();
      return value;
    }
    std::string left;
    if (word_ == "version") {
      left = runtime_.version.empty() ? runtime_.version_name : runtime_.version;
    } else if (word_ == "config") {
      left = runtime_.config;
    } else if (word_ == "name") {
      left = runtime_.name;
    } else {
      return error("version, config or name");
    }
    next();
    const std::string sign = word_;
    if (sign != "==" && sign != "!=" && sign != "<" && sign != "<=" && sign != ">" &&
        sign != ">=") {
      return error("==, !=, <, <=, > or >=");
    }
    next();
    if (word_.empty() || word_ == "(" || word_ == ")" || is_sign(word_[0])) {
      return error("a version or a name");
    }
    const int order = compare_words(left, word_);
    next();
    if (sign == "==") return order == 0;
    if (sign == "!=") return order != 0;
    if (sign == "<") return order < 0;
    if (sign == "<=") return order <= 0;
    if (sign == ">") return order > 0;
    return order >= 0;
  }

  const std::string& text_;
  const RuntimeInfo& runtime_;
  size_t at_ = 0, end_ = 0;
  int depth_ = 0;
  std::string word_;
};

}  // namespace

Expected<bool> holds(const std::string& when, const RuntimeInfo& runtime) {
  if (when.find_first_not_of(' ') == std::string::npos) return true;
  return WhenParser(when, runtime).whole();
}

}  // namespace weft::results
