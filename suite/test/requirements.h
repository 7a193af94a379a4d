// The catalogue of requirements (suite/requirements.json): what the specifications ask, a sentence
// a row. Knows no tests.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "reference/base/expected.h"

namespace weft::suite {

struct Requirement {
  std::string id, area;
  std::string status;  // N, C, U, A, P, PU, I, or a dash for a withdrawn row
  std::string sentence, source, ruling, observable;
  std::string testable;  // yes, no, later
  std::string why;       // where testable is not yes, or why no test names the row
};

class Requirements {
 public:
  static Expected<Requirements> read(const std::string& path);

  const Requirement* find(const std::string& id) const;
  const std::vector<Requirement>& all() const { return rows_; }

 private:
  std::vector<Requirement> rows_;
  std::map<std::string, size_t> by_id_;
};

}  // namespace weft::suite
