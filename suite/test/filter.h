// The selection language of `--filter`: globs over test ids, `req:`, `tag:`, `kind:`, `sort:`,
// `needs:`, joined by `and`, `or`, `not` and parentheses. Knows headers, not runtimes.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "reference/base/expected.h"
#include "suite/test/test.h"

namespace weft::suite {

class Filter {
 public:
  // An error names the position and what was expected there. `WAIT-028 ` without `req:` is a glob
  // over ids like any other word.
  static Expected<Filter> parse(const std::string& text);

  bool matches(const Header& header) const;

  // The words after `req:` that hold no glob character: the caller knows which ids exist.
  const std::vector<std::string>& exact_requirements() const { return exact_requirements_; }

 private:
  friend class FilterParser;
  struct Node;
  std::shared_ptr<const Node> root_;
  std::vector<std::string> exact_requirements_;
};

// True for the I-th of N parts, I from 1: by a hash of the id, so that a test stays in its part
// when others are added.
bool in_shard(const std::string& id, unsigned part, unsigned parts);

}  // namespace weft::suite
