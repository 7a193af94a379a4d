// The distinct outcomes of an exploration with their counts, and for each the token of its first
// run. Knows no program. One OS thread at a time.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace weft::embed {

struct Outcome {
  std::string text;
  uint64_t count = 0;
  std::string token;
  std::vector<uint64_t> key;
};

class Outcomes {
 public:
  // Counts one run. True: the outcome is new; the caller then calls describe().
  bool count(std::span<const uint64_t> key);
  void describe(std::string text, std::string token);
  // By text, for outcomes that have no other key. True: new; the caller then gives its token.
  bool count_text(const std::string& text);
  void describe(std::string token) { list_[last_].token = std::move(token); }

  uint64_t total() const { return total_; }
  // In the order of their text.
  std::vector<Outcome> sorted() const;
  size_t size() const { return list_.size(); }

 private:
  std::vector<Outcome> list_;                        // few: looked through from the last one found
  std::unordered_map<std::string, size_t> by_text_;  // of count_text: may be many
  size_t last_ = 0;
  uint64_t total_ = 0;
};

}  // namespace weft::embed
