// The text form of litmus tests, line by line: names, memory, initial values, observations and
// expectations. What stands inside threads is read by text_thread.h.
#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "reference/base/files.h"
#include "reference/model/program.h"
#include "suite/litmus/ast.h"
#include "suite/litmus/header.h"
#include "suite/litmus/instructions.h"
#include "suite/litmus/lexer.h"
#include "suite/litmus/naming.h"
#include "suite/litmus/text_expectation.h"
#include "suite/litmus/text_thread.h"

namespace weft::suite::litmus {
namespace {

using module::OpcodeInfo;

constexpr uint64_t kPageBytes = model::kPageBytes;

class LitmusReader {
 public:
  LitmusReader(std::string_view text, const std::string& file)
      : text_(text), file_(file), names_(file_), threads_(names_) {}

  Expected<std::vector<LitmusTest>> run() {
    unsigned number = 0;
    while (!text_.empty() && !names_.error()) {
      const size_t newline = text_.find('\n');
      const std::string_view line = text_.substr(0, newline);
      text_.remove_prefix(newline == std::string_view::npos ? text_.size() : newline + 1);
      last_ = {++number, 1};
      if (const auto bad = no_text(line)) {
        complain({number, bad->column}, bad->what);
      } else if (line.starts_with(";;!")) {
        header_ += std::string(line.substr(3)) + "\n";
      } else if (const std::vector<Token> tokens = words(line, number); !tokens.empty()) {
        one_line(tokens);
      }
    }
    finish_test();
    if (!header_.empty()) complain(last_, "a `;;!` header behind the last test");
    if (names_.error()) return tl::unexpected(*names_.error());
    if (tests_.empty()) {
      return fail("{}:1:1: has no test (expected a line `litmus NAME`)", file_);
    }
    return std::move(tests_);
  }

 private:
  void complain(const Place& place, const std::string& what) { names_.complain(place, what); }

  void one_line(const std::vector<Token>& t) {
    const std::string& word = t[0].text;
    if (word == "litmus") {
      finish_test();
      return begin_test(t);
    }
    if (!test_) {
      return complain(t[0].place, fmt::format("`{}` before a line `litmus NAME`", word));
    }
    if (word == "thread") return thread(t);
    if (word == "observe") return observe(t);
    if (word == "allow" || word == "forbid") return expectation(t);
    const bool top = word == "memory" || word == "locate" || word == "init" || word == "data";
    if (top && !threads_.inside_block()) {
      if (!test_->threads.empty()) {
        return complain(t[0].place, fmt::format("`{}` must stand before the threads", word));
      }
      if (word == "memory") return memory(t);
      if (word == "locate") return locate(t);
      if (word == "data") return data(t);
      return init(t);
    }
    if (!threads_.inside()) {
      return complain(t[0].place,
                      fmt::format("`{}` is unknown here: expected memory, locate, init, data, "
                                  "thread, observe, allow, forbid",
                                  word));
    }
    threads_.statements(t);
  }

  void begin_test(const std::vector<Token>& t) {
    if (names_.error()) return;
    if (t.size() != 2) return complain(t[0].place, "expected `litmus NAME`");
    if (!test_names_.insert(t[1].text).second) {
      return complain(t[1].place, fmt::format("test {} occurs twice", t[1].text));
    }
    test_ = LitmusTest{};
    test_->name = t[1].text;
    test_->file = file_;
    test_->place = t[1].place;
    test_->header = std::move(header_);
    header_.clear();
    names_.begin(*test_);
    threads_.begin(*test_);
  }

  // ---- the lines before the threads ----
  void memory(const std::vector<Token>& t) {
    if (test_->explicit_memory) {
      return complain(t[0].place, "a second memory: a litmus test has one");
    }
    if (t.size() != 4 || t[3].text != "shared") {
      return complain(t[0].place, "expected `memory INITIAL MAXIMUM shared` (one memory)");
    }
    const auto min = parse_unsigned(t[1].text), max = parse_unsigned(t[2].text);
    if (!min || !max || *min > *max || *max > 65536) {
      return complain(t[1].place, "expected pages, INITIAL <= MAXIMUM <= 65536");
    }
    test_->min_pages = static_cast<uint32_t>(*min);
    test_->max_pages = static_cast<uint32_t>(*max);
    test_->explicit_memory = true;
  }

  void locate(const std::vector<Token>& t) {
    if (!test_->inits.empty()) return complain(t[0].place, "`locate` must stand before `init`");
    for (size_t i = 1; i < t.size(); ++i) {
      const size_t equals = t[i].text.find('=');
      const std::string name = t[i].text.substr(0, equals);
      const auto address = equals == std::string::npos
                               ? std::nullopt
                               : parse_unsigned(std::string_view(t[i].text).substr(equals + 1));
      if (!is_name(name) || !address || *address > 0xFFFFFFFF) {
        return complain(t[i].place, "expected NAME=ADDRESS");
      }
      if (!names_.place(name, *address, t[i].place)) return;
    }
  }

  void data(const std::vector<Token>& t) {
    const std::string& word = t.size() == 2 ? t[1].text : "";
    if (word.size() < 2 || word.front() != '"' || word.back() != '"') {
      return complain(t[0].place, "expected `data \"BYTES\"`");
    }
    const std::string_view text(word.data() + 1, word.size() - 2);
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '\\') {
        test_->data += text[i];
        continue;
      }
      const std::string digits(text.substr(i + 1, 2));
      const auto byte = digits.size() == 2 ? parse_unsigned("0x" + digits) : std::nullopt;
      if (!byte) return complain(t[1].place, "expected two hexadecimal digits behind a backslash");
      test_->data += static_cast<char>(*byte);
      i += 2;
    }
  }

  // `init i32 x=0 y=0`, `init zero`. Types: i32, i64, f32, f64, with 8, 16 or 32 behind i32, i64.
  void init(const std::vector<Token>& t) {
    const bool zero = t.size() == 2 && t[1].text == "zero";
    if (zero ? !test_->inits.empty() : test_->init_zero) {
      return complain(t[0].place, "`init zero` and initial values contradict each other");
    }
    if (zero) {
      test_->init_zero = true;
      return;
    }
    if (t.size() < 3) {
      return complain(t[0].place, "expected `init TYPE NAME=VALUE...` or `init zero`");
    }
    const OpcodeInfo* opcode = typed_access(t[1].text, "store");
    if (!opcode) return unknown_type(t[1]);
    for (size_t i = 2; i < t.size(); ++i) {
      const size_t equals = t[i].text.find('=');
      if (equals == std::string::npos) return complain(t[i].place, "expected NAME=VALUE");
      const auto value =
          parse_constant(std::string_view(t[i].text).substr(equals + 1), opcode->signature[1]);
      const unsigned bits = 8 * access_bytes(*opcode);
      if (!value || !fits(*value, bits, opcode->signature[1])) {
        return complain(t[i].place, fmt::format("expected NAME=VALUE of {} bits", bits));
      }
      const auto address = names_.location(t[i].text.substr(0, equals), t[i].place);
      if (!address) return;
      for (const Init& other : test_->inits) {
        if (other.location == address->location && other.offset == address->offset) {
          return complain(t[i].place,
                          fmt::format("{} is initialised twice", t[i].text.substr(0, equals)));
        }
      }
      test_->inits.push_back({opcode, address->location, address->offset, *value});
    }
  }

  // Of the bits of a constant, does a store of so many keep all, as an unsigned or signed number?
  static bool fits(uint64_t value, unsigned bits, char type) {
    const unsigned whole = type == 'i' || type == 'f' ? 32 : 64;
    if (bits >= whole) return true;
    const uint64_t high = value >> (bits - 1);
    return high >> 1 == 0 || high == (~uint64_t{0} >> (64 - whole)) >> (bits - 1);
  }

  void unknown_type(const Token& token) {
    complain(token.place, fmt::format("type {} is unknown: expected i32, i64, f32, f64, i32_8, "
                                      "i32_16 and the like",
                                      token.text));
  }

  // ---- threads, and the lines behind them ----
  void thread(const std::vector<Token>& t) {
    if (!threads_.close(t[0].place)) return;
    const auto number = t.size() >= 2 ? parse_unsigned(t[1].text) : std::nullopt;
    if (!number || *number != test_->threads.size()) {
      return complain(t[0].place,
                      fmt::format("expected `thread {}`: threads are numbered from 0 in order",
                                  test_->threads.size()));
    }
    if (!test_->observes.empty() || !test_->expectations.empty()) {
      return complain(t[0].place, "`thread` must stand before `observe`, `allow` and `forbid`");
    }
    test_->threads.emplace_back();
    threads_.begin_thread();
    if (t.size() > 2) threads_.statements({t.begin() + 2, t.end()});
  }

  // `observe i32 x y+4`, or with names: `observe i32 first=x again=x`.
  void observe(const std::vector<Token>& t) {
    if (!threads_.close(t[0].place)) return;
    if (!test_->expectations.empty()) {
      return complain(t[0].place, "`observe` must stand before `allow` and `forbid`");
    }
    if (t.size() < 3) return complain(t[0].place, "expected `observe TYPE [NAME=]LOCATION...`");
    const OpcodeInfo* opcode = typed_access(t[1].text, "load");
    if (!opcode) return unknown_type(t[1]);
    for (size_t i = 2; i < t.size(); ++i) {
      const size_t equals = t[i].text.find('=');
      Observe one{opcode, 0, 0, {}};
      if (equals != std::string::npos) {
        one.name = t[i].text.substr(0, equals);
        if (!is_name(one.name)) {
          return complain(t[i].place, fmt::format("`{}` is no name of a value", one.name));
        }
      }
      const auto address = names_.known_location(
          equals == std::string::npos ? t[i].text : t[i].text.substr(equals + 1), t[i].place);
      if (!address) return;
      one.location = address->location;
      one.offset = address->offset;
      const std::string label = observe_label(*test_, one);
      for (const Observe& other : test_->observes) {
        if (observe_label(*test_, other) != label) continue;
        return complain(t[i].place, fmt::format("[{}] is observed already: expected a name for the "
                                                "second value, e.g. `again={}`",
                                                label, t[i].text.substr(equals + 1)));
      }
      test_->observes.push_back(std::move(one));
    }
  }

  void expectation(const std::vector<Token>& t) {
    if (!threads_.close(t[0].place)) return;
    auto read = read_expectation(*test_, t);
    if (!read) return complain(read.error().place, read.error().what);
    test_->expectations.push_back(*std::move(read));
  }

  void finish_test() {
    if (!test_ || names_.error()) return;
    if (!threads_.close(last_)) return;
    LitmusTest& test = *test_;
    if (test.threads.empty()) {
      return complain(last_, fmt::format("test {} has no thread", test.name));
    }
    if (!test.header.empty()) {
      // The id is the suite's matter; any will do to check what is said.
      auto header = header_of(test, "litmus/" + test.name);
      if (!header) return refuse(header.error());
    }
    place_locations(test);
    if (!test.init_zero) initialise(test);
    tests_.push_back(std::move(test));
    test_.reset();
  }

  void refuse(const Error& error) {
    const std::string where = place_text(*test_);
    complain(test_->place, error.message.substr(error.message.starts_with(where)
                                                    ? where.size() - test_->name.size() - 5
                                                    : 0));
  }

  // Locations that are not placed: 64 apart in order of appearance.
  void place_locations(LitmusTest& test) const {
    uint32_t next = 0;
    for (Location& location : test.locations) {
      if (names_.placed(location.name)) continue;
      location.address = next;
      next += 64;
    }
  }

  // Without `init` a location is stored as 0 with its widest access.
  void initialise(LitmusTest& test) const {
    std::set<uint32_t> given;
    for (const Init& init : test.inits) given.insert(init.location);
    for (uint32_t i = 0; i < test.locations.size(); ++i) {
      if (given.count(i)) continue;
      for (const auto& [where, bytes] : threads_.accesses()) {
        if (where.first != i) continue;
        // What lies beyond the initial memory has no initial value.
        if (uint64_t{test.locations[i].address} + where.second + bytes >
            uint64_t{test.min_pages} * kPageBytes) {
          continue;
        }
        const char* store = bytes == 1   ? "i32.store8"
                            : bytes == 2 ? "i32.store16"
                            : bytes == 8 ? "i64.store"
                                         : "i32.store";
        test.inits.push_back({opcode_by_name(store), i, where.second, 0});
      }
    }
  }

  std::string_view text_;
  const std::string file_;
  std::string header_;
  Place last_;
  std::vector<LitmusTest> tests_;
  std::set<std::string> test_names_;
  std::optional<LitmusTest> test_;
  Naming names_;
  ThreadReader threads_;
};

}  // namespace

Expected<std::vector<LitmusTest>> read_litmus(std::string_view text, const std::string& file) {
  return LitmusReader(text, file).run();
}

Expected<std::vector<LitmusTest>> read_litmus_file(const std::string& path) {
  auto text = read_text(path);
  if (!text) return tl::unexpected(text.error());
  return read_litmus(*text, path);
}

}  // namespace weft::suite::litmus
