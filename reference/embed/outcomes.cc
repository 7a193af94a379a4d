#include "reference/embed/outcomes.h"

#include <algorithm>

namespace weft::embed {

bool Outcomes::count(std::span<const uint64_t> key) {
  total_++;
  for (size_t i = 0; i < list_.size(); i++) {
    Outcome& one = list_[(last_ + i) % list_.size()];
    if (!std::equal(key.begin(), key.end(), one.key.begin(), one.key.end())) continue;
    one.count++;
    last_ = (last_ + i) % list_.size();
    return false;
  }
  last_ = list_.size();
  list_.push_back({"", 1, "", {key.begin(), key.end()}});
  return true;
}

void Outcomes::describe(std::string text, std::string token) {
  list_[last_].text = std::move(text);
  list_[last_].token = std::move(token);
}

bool Outcomes::count_text(const std::string& text) {
  total_++;
  const auto [found, is_new] = by_text_.try_emplace(text, list_.size());
  last_ = found->second;
  if (is_new) list_.push_back({text, 0, "", {}});
  list_[last_].count++;
  return is_new;
}

std::vector<Outcome> Outcomes::sorted() const {
  std::vector<Outcome> all = list_;
  std::sort(all.begin(), all.end(),
            [](const Outcome& a, const Outcome& b) { return a.text < b.text; });
  return all;
}

}  // namespace weft::embed
