// A run's folder (weft-runs/YYYYMMDD-HHMMSS-XXXX/) and its results.jsonl: a header line, then one
// line a record, flushed as it is written. Knows no verdicts' meaning.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "reference/base/expected.h"
#include "results/record.h"

namespace weft::results {

struct Run {
  std::string folder;  // that holds results.jsonl
  nlohmann::json header;
  std::vector<Record> records;  // in the order of the file

  std::vector<std::string> runtimes() const;  // names, in the order of the command line
};

// RUN of the command line: a folder, a results.jsonl, or `latest` (below `parent`). A line that
// was cut off at the end of the file is passed over; any other that is no result is an error.
Expected<Run> read_run(const std::string& run, const std::string& parent = "weft-runs");

class Store {
 public:
  // A new folder below `parent`, with `parent`/latest as a link to it.
  static Expected<Store> create(const std::string& parent);
  // Goes on in the folder of an earlier run.
  static Expected<Store> reopen(const std::string& folder);

  Store(Store&& other) noexcept;
  Store& operator=(Store&&) = delete;
  ~Store();

  const std::string& folder() const { return folder_; }
  Expected<void> header(const nlohmann::json& header);
  Expected<void> add(const Record& record);

 private:
  Store() = default;
  Expected<void> open();
  Expected<void> line(const nlohmann::json& value);

  std::string folder_;
  int fd_ = -1;
};

}  // namespace weft::results
