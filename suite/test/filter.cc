#include "suite/test/filter.h"

#include <algorithm>
#include <array>

#include "suite/test/glob.h"

namespace weft::suite {

struct Filter::Node {
  enum class Op { kAnd, kOr, kNot, kWord } op;
  std::shared_ptr<const Node> left, right;
  std::string field, pattern;
};

namespace {

constexpr std::array<std::string_view, 5> kFields = {"req", "tag", "kind", "sort", "needs"};

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::kProgram:
      return "program";
    case Kind::kLitmus:
      return "litmus";
    case Kind::kScript:
      return "script";
    case Kind::kReject:
      return "reject";
  }
  return "";
}

std::string_view sort_name(Sort sort) {
  switch (sort) {
    case Sort::kSound:
      return "sound";
    case Sort::kEvidence:
      return "evidence";
    case Sort::kTiming:
      return "timing";
  }
  return "";
}

bool any_of(const std::vector<std::string>& names, const std::string& pattern) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return glob_match(pattern, name); });
}

bool word_matches(const std::string& field, const std::string& pattern, const Header& header) {
  if (field == "req") return any_of(header.requirements, pattern);
  if (field == "tag") return any_of(header.tags, pattern);
  if (field == "needs") return any_of(header.needs, pattern);
  if (field == "kind") return glob_match(pattern, kind_name(header.kind));
  if (field == "sort") return glob_match(pattern, sort_name(header.sort));
  if (has_glob(pattern)) return glob_match(pattern, header.id);
  // Without a glob: the test itself, or everything below a folder.
  const std::string folder = pattern.ends_with('/') ? pattern : pattern + "/";
  return header.id == pattern || header.id.starts_with(folder);
}

}  // namespace

// Recursive descent: or < and < not < word.
class FilterParser {
 public:
  using Node = Filter::Node;
  using Pointer = std::shared_ptr<const Node>;

  FilterParser(const std::string& text, Filter& filter) : text_(text), filter_(filter) { next(); }

  Expected<Pointer> whole() {
    if (word_.empty()) return error("an expression");
    auto node = either();
    if (node && !word_.empty()) return error("`and`, `or` or the end");
    return node;
  }

 private:
  tl::unexpected<Error> error(const std::string& expected) const {
    return fail("filter \"{}\": at column {}: expected {}{}", text_, at_ + 1, expected,
                word_.empty() ? "" : ", found `" + word_ + "`");
  }

  void next() {
    at_ = end_;
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
    end_ = at_;
    if (end_ < text_.size() && (text_[end_] == '(' || text_[end_] == ')')) {
      ++end_;
    } else {
      while (end_ < text_.size() && text_[end_] != '(' && text_[end_] != ')' &&
             !std::isspace(static_cast<unsigned char>(text_[end_]))) {
        ++end_;
      }
    }
    word_ = text_.substr(at_, end_ - at_);
  }

  static Pointer make(Node node) { return std::make_shared<const Node>(std::move(node)); }

  Expected<Pointer> either() {
    auto left = both();
    while (left && word_ == "or") {
      next();
      auto right = both();
      if (!right) return right;
      left = make({Node::Op::kOr, *left, *right, "", ""});
    }
    return left;
  }

  Expected<Pointer> both() {
    auto left = single();
    while (left && word_ == "and") {
      next();
      auto right = single();
      if (!right) return right;
      left = make({Node::Op::kAnd, *left, *right, "", ""});
    }
    return left;
  }

  Expected<Pointer> single() {
    if (word_ == "not") {
      next();
      if (++depth_ > 100) return error("fewer nested expressions");
      auto inner = single();
      --depth_;
      if (!inner) return inner;
      return make({Node::Op::kNot, *inner, nullptr, "", ""});
    }
    if (word_ == "(") {
      next();
      if (++depth_ > 100) return error("fewer nested expressions");
      auto inner = either();
      --depth_;
      if (!inner) return inner;
      if (word_ != ")") return error("`)`");
      next();
      return inner;
    }
    if (word_.empty() || word_ == ")" || word_ == "and" || word_ == "or") {
      return error("a glob over test ids, or req:, tag:, kind:, sort:, needs:");
    }
    Node node{Node::Op::kWord, nullptr, nullptr, "", word_};
    if (const size_t colon = word_.find(':'); colon != std::string::npos) {
      node.field = word_.substr(0, colon);
      node.pattern = word_.substr(colon + 1);
      if (std::find(kFields.begin(), kFields.end(), node.field) == kFields.end()) {
        return error("req:, tag:, kind:, sort: or needs:");
      }
      if (node.pattern.empty()) return error("a name after `" + node.field + ":`");
      if (auto closed = check_closed(node); !closed) return tl::unexpected(closed.error());
      if (node.field == "req" && !has_glob(node.pattern)) {
        filter_.exact_requirements_.push_back(node.pattern);
      }
    }
    next();
    return make(std::move(node));
  }

  // kind: and sort: name closed sets: a word that none of them matches is a mistake.
  Expected<void> check_closed(const Node& node) const {
    static const std::vector<std::string> kinds(kKindNames.begin(), kKindNames.end());
    static const std::vector<std::string> sorts(kSortNames.begin(), kSortNames.end());
    if (node.field == "kind" && !any_of(kinds, node.pattern)) {
      return error("kind: program, litmus, script or reject");
    }
    if (node.field == "sort" && !any_of(sorts, node.pattern)) {
      return error("sort: sound, evidence or timing");
    }
    return {};
  }

  const std::string& text_;
  Filter& filter_;
  size_t at_ = 0, end_ = 0;
  int depth_ = 0;
  std::string word_;
};

Expected<Filter> Filter::parse(const std::string& text) {
  Filter filter;
  auto root = FilterParser(text, filter).whole();
  if (!root) return tl::unexpected(root.error());
  filter.root_ = *root;
  return filter;
}

bool Filter::matches(const Header& header) const {
  struct Walk {
    const Header& header;
    bool operator()(const Node& node) const {
      switch (node.op) {
        case Node::Op::kAnd:
          return (*this)(*node.left) && (*this)(*node.right);
        case Node::Op::kOr:
          return (*this)(*node.left) || (*this)(*node.right);
        case Node::Op::kNot:
          return !(*this)(*node.left);
        case Node::Op::kWord:
          return word_matches(node.field, node.pattern, header);
      }
      return false;
    }
  };
  return Walk{header}(*root_);
}

bool in_shard(const std::string& id, unsigned part, unsigned parts) {
  uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (const unsigned char c : id) hash = (hash ^ c) * 0x100000001b3;
  return (hash >> 16) % parts == part - 1;
}

}  // namespace weft::suite
