// The choices of one deterministic run, in order, and the token that says them: what a run is
// repeated by. Each choice is an index below its number of alternatives; forced ones (a single
// alternative) are not recorded. Knows no scheduler.
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
  std::vector<Choice> list;

  // Letters, digits, '-' and '_'. An index takes as many bits as its alternatives need, so a reader
  // has to know their number at each choice: TokenReader asks for it.
  std::string token() const;
};

class TokenReader {
 public:
  // The error says what is wrong with the text.
  static Expected<TokenReader> make(std::string_view token);
  uint64_t seed() const { return seed_; }
  bool any_time_expires() const { return any_time_expires_; }
  bool at_end() const { return read_ == count_; }
  // The next index below `alternatives`; 0 behind the end. diverged() becomes true when the token
  // holds no such index: it belongs to another program.
  uint32_t next(uint32_t alternatives);
  bool diverged() const { return diverged_; }
  void rewind() { read_ = bit_ = 0; }

 private:
  TokenReader() = default;
  uint64_t seed_ = 0;
  bool any_time_expires_ = false;
  bool diverged_ = false;
  uint64_t count_ = 0, read_ = 0;
  size_t bit_ = 0;
  std::vector<uint8_t> bits_;
};

}  // namespace weft::schedule
