// The choices of one deterministic run, in order, and the token that says them: what a run is
// repeated by. Each choice is an index below its number of alternatives; forced ones (a single
// alternative) are not recorded. Knows no scheduler. Plain values: one OS thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reference/base/expected.h"

namespace weft::schedule {

struct Choice {
  uint32_t index = 0;
  uint32_t alternatives = 1;
  bool operator==(const Choice&) const = default;
};

struct Choices {
  uint64_t seed = 0;              // of the numbers that the program draws (random_get)
  bool any_time_expires = false;  // see Scheduler::any_time_expires
  uint32_t program = 0;           // VirtualOptions::program
  uint64_t cut_off_at = 0;        // steps after which the run was ended by its limit; 0: it was not
  std::vector<Choice> list;

  // Letters, digits, '-' and '_'. An index takes as many bits as its alternatives need, so a reader
  // has to know their number at each choice: TokenReader asks for it.
  std::string token() const;
};

class TokenReader {
 public:
  // The error says what is wrong with the text. What is shorter or longer than it says is refused.
  static Expected<TokenReader> make(std::string_view token);
  uint64_t seed() const { return seed_; }
  bool any_time_expires() const { return any_time_expires_; }
  uint32_t program() const { return program_; }
  uint64_t cut_off_at() const { return cut_off_at_; }
  bool at_end() const { return bit_ == bit_count_; }
  // The next index below `alternatives`. Where the token holds none, behind its end too, it belongs
  // to another program: diverged() becomes true, and the answer is 0 from then on.
  uint32_t next(uint32_t alternatives);
  bool diverged() const { return diverged_; }
  void rewind() { bit_ = 0; }

 private:
  TokenReader() = default;
  uint64_t seed_ = 0;
  bool any_time_expires_ = false;
  bool diverged_ = false;
  uint32_t program_ = 0;
  uint64_t cut_off_at_ = 0;
  uint64_t bit_count_ = 0, bit_ = 0;
  std::vector<uint8_t> bits_;
};

}  // namespace weft::schedule
