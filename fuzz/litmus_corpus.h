// The generated litmus corpus: critical cycles (cycles.h) of which the oracle says that they decide
// something, and their allowed twins. Deterministic: the same options give the same bytes. Knows no
// runtime.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "fuzz/cycles.h"
#include "reference/base/expected.h"

namespace weft::fuzz {

struct CorpusTest {
  std::string name;
  std::string text;          // litmus text with its expectation
  std::string outcome;       // of the cycle
  bool forbidden = false;    // in the tier `literal`: a violation where it shows
  bool letter_only = false;  // in `literal`, outside `intended` (a fence or a notify decides)
  // Of a test that decides: the nearest one whose outcome `intended` allows and plain compilation
  // to x86-TSO may show; else the nearest that `intended` allows; empty: none by weakening.
  std::string twin;
  bool twin_in_tso = false;
};

struct CorpusOptions {
  std::vector<CycleOptions> families;  // empty: the default families below
  size_t most = 0;                     // forbidden tests kept of each family; 0: all
};

// Two threads with every access, every edge and every width; three threads plain, atomic and rmw;
// four threads plain and atomic.
std::vector<CycleOptions> default_families();

struct CorpusCounts {
  uint64_t cycles = 0;       // enumerated, in canonical form
  uint64_t forbidden = 0;    // kept
  uint64_t letter_only = 0;  // kept
  uint64_t twins = 0;        // kept besides
};

// Calls `keep` with each test that decides (forbidden, or allowed by the letter only), followed by
// its twin when that has not been given yet.
// Errors: a cycle that the oracle refuses (a defect of ours).
Expected<CorpusCounts> generate_corpus(const CorpusOptions& options,
                                       const std::function<void(const CorpusTest&)>& keep);

}  // namespace weft::fuzz
