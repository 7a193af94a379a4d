// The seam to every runtime: what it is, what it can do, run one case. A version and a
// configuration is a runtime of its own. Knows no oracle and no verdict.
#pragma once

#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "runners/observation.h"

namespace weft::runners {

struct RuntimeInfo {
  std::string name;  // FAMILY[-VERSION][:CONFIG]
  std::string family, version_name, config;
  std::string kind;              // cli, host, reference
  std::string version;           // as the engine prints it
  std::vector<std::string> bin;  // argument vector that starts the engine
  std::string binary_sha256;
  std::vector<std::string> flags;
  Provides provides;
  bool is_default = false;
  bool found = false;
  std::string how_to_get;  // one line, when it is not found
  // Filled by probe() (probe.h): what tiny modules have shown. Both empty: not probed.
  std::set<std::string> features, lacks;
};

class Runtime {
 public:
  virtual ~Runtime() = default;
  virtual const RuntimeInfo& info() const = 0;
  // Never throws, never outlives the deadline by more than the time it takes to kill.
  virtual Observation run(const Case& one) = 0;
  // Several cases at once, for engines behind a persistent host; one observation a case, in order.
  virtual std::vector<Observation> run_batch(std::span<const Case> cases) {
    std::vector<Observation> all;
    for (const Case& one : cases) all.push_back(run(one));
    return all;
  }
  // How many cases a batch may hold; 1: no batches.
  virtual size_t largest_batch() const { return 1; }
};

}  // namespace weft::runners
