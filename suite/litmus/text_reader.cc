// The text form of litmus tests: lines, then instructions separated by newlines or `;`.
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "reference/model/program.h"
#include "suite/litmus/ast.h"
#include "suite/litmus/lexer.h"

namespace weft::suite::litmus {
namespace {

using module::Immediate;
using module::OpcodeInfo;

constexpr uint32_t kMostRepeat = model::Bounds::kLoopTurns;

class LitmusReader {
 public:
  LitmusReader(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  Expected<std::vector<LitmusTest>> run() {
    unsigned number = 0;
    while (!text_.empty() && !error_) {
      const size_t newline = text_.find('\n');
      const std::string_view line = text_.substr(0, newline);
      text_.remove_prefix(newline == std::string_view::npos ? text_.size() : newline + 1);
      ++number;
      last_ = {number, 1};
      if (line.starts_with(";;!")) {
        header_ += std::string(line.substr(3)) + "\n";
        continue;
      }
      const std::vector<Token> tokens = words(line, number);
      if (!tokens.empty()) one_line(tokens);
    }
    if (!error_) finish_test();
    if (error_) return tl::unexpected(*error_);
    if (tests_.empty()) return fail("{}: has no test (expected a line `litmus NAME`)", file_);
    return std::move(tests_);
  }

 private:
  void complain(const Place& place, const std::string& what) {
    if (!error_) error_ = Error{fmt::format("{}:{}:{}: {}", file_, place.line, place.column, what)};
  }

  void one_line(const std::vector<Token>& t) {
    const std::string& word = t[0].text;
    if (word == "litmus") {
      finish_test();
      if (t.size() != 2) return complain(t[0].place, "expected `litmus NAME`");
      if (!names_.insert(t[1].text).second) {
        return complain(t[1].place, fmt::format("test {} occurs twice", t[1].text));
      }
      test_ = LitmusTest{};
      test_->name = t[1].text;
      test_->file = file_;
      test_->header = std::move(header_);
      header_.clear();
      in_thread_ = false;
      accesses_.clear();
      return;
    }
    if (!test_) {
      return complain(t[0].place, fmt::format("`{}` before a line `litmus NAME`", word));
    }
    if (word == "thread") return thread(t);
    if (word == "observe") return observe(t);
    if (word == "allow" || word == "forbid") return expectation(t);
    const bool top = word == "memory" || word == "locate" || word == "init" || word == "data";
    if (top && blocks_.empty()) {
      if (!test_->threads.empty()) {
        return complain(t[0].place, fmt::format("`{}` must stand before the threads", word));
      }
      if (word == "memory") return memory(t);
      if (word == "locate") return locate(t);
      if (word == "data") return data(t);
      return init(t);
    }
    if (!in_thread_) {
      return complain(t[0].place,
                      fmt::format("`{}` is unknown here: expected memory, locate, init, data, "
                                  "thread, observe, allow, forbid",
                                  word));
    }
    statements(t);
  }

  // ---- the lines before the threads ----
  void memory(const std::vector<Token>& t) {
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
    for (size_t i = 1; i < t.size(); ++i) {
      const size_t equals = t[i].text.find('=');
      const std::string name = t[i].text.substr(0, equals);
      const auto address = equals == std::string::npos
                               ? std::nullopt
                               : parse_unsigned(std::string_view(t[i].text).substr(equals + 1));
      if (!is_name(name) || !address || *address > 0xFFFFFFFF) {
        return complain(t[i].place, "expected NAME=ADDRESS");
      }
      if (find_location(name)) {
        return complain(t[i].place, fmt::format("location {} is placed twice", name));
      }
      test_->locations.push_back({name, static_cast<uint32_t>(*address)});
      placed_.insert(name);
    }
  }

  void data(const std::vector<Token>& t) {
    if (t.size() != 2 || t[1].text.size() < 2 || t[1].text[0] != '"') {
      return complain(t[0].place, "expected `data \"BYTES\"`");
    }
    const std::string_view text(t[1].text.data() + 1, t[1].text.size() - 2);
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '\\') {
        test_->data += text[i];
        continue;
      }
      const auto byte = i + 2 < text.size()
                            ? parse_unsigned("0x" + std::string(text.substr(i + 1, 2)))
                            : std::nullopt;
      if (!byte) return complain(t[1].place, "expected two hexadecimal digits behind a backslash");
      test_->data += static_cast<char>(*byte);
      i += 2;
    }
  }

  // `init i32 x=0 y=0`, `init zero`. Types: i32, i64, f32, f64, with 8, 16 or 32 behind i32, i64.
  void init(const std::vector<Token>& t) {
    if (t.size() == 2 && t[1].text == "zero") {
      test_->init_zero = true;
      return;
    }
    if (t.size() < 3)
      return complain(t[0].place, "expected `init TYPE NAME=VALUE...` or `init zero`");
    const OpcodeInfo* opcode = typed_access(t[1].text, "store");
    if (!opcode) {
      return complain(t[1].place, fmt::format("type {} is unknown: expected i32, i64, f32, f64, "
                                              "i32_8, i32_16 and the like",
                                              t[1].text));
    }
    for (size_t i = 2; i < t.size(); ++i) {
      const size_t equals = t[i].text.find('=');
      const auto value = equals == std::string::npos
                             ? std::nullopt
                             : parse_constant(std::string_view(t[i].text).substr(equals + 1),
                                              opcode->signature[1]);
      if (!value) return complain(t[i].place, "expected NAME=VALUE");
      const auto address = location(t[i].text.substr(0, equals), t[i].place);
      if (!address) return;
      test_->inits.push_back({opcode, address->location, address->offset, *value});
    }
  }

  void observe(const std::vector<Token>& t) {
    if (!close_thread(t[0].place)) return;
    if (t.size() < 3) return complain(t[0].place, "expected `observe TYPE NAME...`");
    const OpcodeInfo* opcode = typed_access(t[1].text, "load");
    if (!opcode) return complain(t[1].place, fmt::format("type {} is unknown", t[1].text));
    for (size_t i = 2; i < t.size(); ++i) {
      const auto address = known_location(t[i].text, t[i].place);
      if (!address) return;
      test_->observes.push_back({opcode, address->location, address->offset});
    }
  }

  void expectation(const std::vector<Token>& t) {
    if (!close_thread(t[0].place)) return;
    if (t.size() < 2)
      return complain(t[0].place, "expected an outcome, e.g. `forbid 0:r0=0 1:r1=0`");
    Expectation out;
    out.allowed = t[0].text == "allow";
    out.place = t[0].place;
    for (size_t i = 1; i < t.size(); ++i) {
      if (!check_part(t[i])) return;
      out.outcome += (i > 1 ? " " : "") + t[i].text;
    }
    test_->expectations.push_back(std::move(out));
  }

  // `0:r0=1`, `[x]=2`, `1:waiting`, `1:trap`: must name what the test has.
  bool check_part(const Token& token) {
    const std::string& part = token.text;
    if (part.starts_with("[")) {
      const size_t close = part.find("]=");
      if (close == std::string::npos || !parse_unsigned(std::string_view(part).substr(close + 2))) {
        complain(token.place,
                 fmt::format("`{}` is no part of an outcome: expected [NAME]=VALUE", part));
        return false;
      }
      const auto address = known_location(part.substr(1, close - 1), token.place);
      if (!address) return false;
      for (const Observe& o : test_->observes) {
        if (o.location == address->location && o.offset == address->offset) return true;
      }
      complain(token.place, fmt::format("{} is not observed", part.substr(0, close + 1)));
      return false;
    }
    const size_t colon = part.find(':');
    const auto thread = colon == std::string::npos
                            ? std::nullopt
                            : parse_unsigned(std::string_view(part).substr(0, colon));
    if (!thread || *thread >= test_->threads.size()) {
      complain(token.place,
               fmt::format("`{}` names no thread: expected THREAD:REGISTER=VALUE", part));
      return false;
    }
    const std::string rest = part.substr(colon + 1);
    if (rest == "waiting" || rest == "trap") return true;
    const size_t equals = rest.find('=');
    if (equals == std::string::npos || !parse_unsigned(std::string_view(rest).substr(equals + 1))) {
      complain(token.place, fmt::format("`{}`: expected THREAD:REGISTER=VALUE", part));
      return false;
    }
    for (const Register& r : test_->threads[*thread].registers) {
      if (r.name == rest.substr(0, equals) && !r.hidden()) return true;
    }
    complain(token.place, fmt::format("`{}`: thread {} has no register {}", part, *thread,
                                      rest.substr(0, equals)));
    return false;
  }

  // ---- threads ----
  void thread(const std::vector<Token>& t) {
    if (!close_thread(t[0].place)) return;
    const auto number = t.size() >= 2 ? parse_unsigned(t[1].text) : std::nullopt;
    if (!number || *number != test_->threads.size()) {
      return complain(t[0].place,
                      fmt::format("expected `thread {}`: threads are numbered from 0 in order",
                                  test_->threads.size()));
    }
    test_->threads.emplace_back();
    in_thread_ = true;
    registers_.clear();
    blocks_.assign(1, {Open::kThread, Statement{}, {}});
    if (t.size() > 2) statements({t.begin() + 2, t.end()});
  }

  struct Open {
    enum Kind { kThread, kThen, kElse, kRepeat } kind;
    Statement statement;  // the if or repeat that this block belongs to
    Block block;
  };

  bool close_thread(const Place& place) {
    if (in_thread_) {
      if (blocks_.size() != 1) {
        complain(place, "a `}` is missing in the thread before");
        return false;
      }
      test_->threads.back().body = std::move(blocks_[0].block);
      blocks_.clear();
      in_thread_ = false;
    }
    return true;
  }

  void statements(const std::vector<Token>& t) {
    size_t at = 0;
    while (at < t.size() && !error_) {
      if (t[at].text == ";") {
        ++at;
      } else if (t[at].text == "}") {
        close_block(t, at);
      } else if (t[at].text == "if") {
        open_if(t, at);
      } else if (t[at].text == "repeat") {
        open_repeat(t, at);
      } else {
        size_t end = at;
        while (end < t.size() && t[end].text != ";" && t[end].text != "}") ++end;
        operation({t.begin() + static_cast<long>(at), t.begin() + static_cast<long>(end)});
        at = end;
      }
    }
  }

  void open_if(const std::vector<Token>& t, size_t& at) {
    // if REGISTER == VALUE {
    if (at + 4 >= t.size() || (t[at + 2].text != "==" && t[at + 2].text != "!=") ||
        t[at + 4].text != "{") {
      return complain(t[at].place, "expected `if REGISTER == VALUE {` (or !=)");
    }
    Statement s;
    s.kind = Statement::Kind::kIf;
    s.place = t[at].place;
    const auto reg = find_register(t[at + 1].text);
    if (!reg) {
      return complain(t[at + 1].place, fmt::format("register {} has no value yet", t[at + 1].text));
    }
    const auto value = parse_constant(t[at + 3].text, 'I');
    if (!value) return complain(t[at + 3].place, "expected a number");
    s.reg = *reg;
    s.value = test_->threads.back().registers[*reg].type == 'i' ? *value & 0xFFFFFFFF : *value;
    s.negated = t[at + 2].text == "!=";
    blocks_.push_back({Open::kThen, std::move(s), {}});
    at += 5;
  }

  void open_repeat(const std::vector<Token>& t, size_t& at) {
    const auto times = at + 1 < t.size() ? parse_unsigned(t[at + 1].text) : std::nullopt;
    if (!times || at + 2 >= t.size() || t[at + 2].text != "{") {
      return complain(t[at].place, "expected `repeat N {`");
    }
    if (*times == 0 || *times > kMostRepeat) {
      return complain(t[at + 1].place, fmt::format("expected 1 to {} repetitions", kMostRepeat));
    }
    Statement s;
    s.kind = Statement::Kind::kRepeat;
    s.place = t[at].place;
    s.times = static_cast<uint32_t>(*times);
    blocks_.push_back({Open::kRepeat, std::move(s), {}});
    at += 3;
  }

  void close_block(const std::vector<Token>& t, size_t& at) {
    Open& open = blocks_.back();
    if (open.kind == Open::kThread) return complain(t[at].place, "`}` without `{`");
    if (open.kind == Open::kThen && at + 2 < t.size() && t[at + 1].text == "else" &&
        t[at + 2].text == "{") {
      open.statement.then_block = std::move(open.block);
      open.block.clear();
      open.kind = Open::kElse;
      at += 3;
      return;
    }
    Statement s = std::move(open.statement);
    (open.kind == Open::kElse ? s.else_block : s.then_block) = std::move(open.block);
    blocks_.pop_back();
    blocks_.back().block.push_back(std::move(s));
    ++at;
  }

  // [REGISTER =] NAME [ADDRESS] [OPERAND...]
  void operation(std::vector<Token> t) {
    Statement s;
    s.place = t[0].place;
    std::string result_name;
    Place result_place;
    if (t.size() >= 2 && t[1].text == "=") {
      result_name = t[0].text;
      result_place = t[0].place;
      if (!is_name(result_name)) {
        return complain(t[0].place, fmt::format("`{}` is no name of a register", result_name));
      }
      t.erase(t.begin(), t.begin() + 2);
      if (t.empty()) return complain(result_place, "expected an instruction behind `=`");
    }
    s.opcode = opcode_by_name(t[0].text);
    if (!s.opcode || !supported(*s.opcode)) {
      return complain(t[0].place, fmt::format("instruction {} is unknown here", t[0].text));
    }
    const std::string_view signature = s.opcode->signature;
    const bool bulk = s.opcode->name == "memory.fill" || s.opcode->name == "memory.copy" ||
                      s.opcode->name == "memory.init";
    const bool grow = s.opcode->name == "memory.grow";
    std::string types(signature.substr(0, signature.find('>')));
    if (bulk) types = "pii";
    if (grow) types = "i";
    size_t at = 1;
    for (size_t k = 0; k < types.size(); ++k) {
      if (at >= t.size()) {
        return complain(t[0].place, fmt::format("{} takes {} operands", t[0].text, types.size()));
      }
      if (types[k] == 'p') {
        s.address = address(t[at]);
        if (!s.address) return;
      } else if (s.opcode->name == "memory.copy" && k == 1) {
        s.source = address(t[at]);
        if (!s.source) return;
      } else {
        auto operand = expression(t[at].text, types[k], t[at].place);
        if (!operand) return;
        s.operands.push_back(std::move(*operand));
      }
      ++at;
    }
    if (at != t.size()) {
      return complain(t[at].place, fmt::format("`{}` is one operand too many for {}", t[at].text,
                                               s.opcode->name));
    }
    const bool gives = !signature.ends_with(">") && signature != "*";
    if (gives && result_name.empty()) {
      return complain(s.place, fmt::format("{} gives a value: expected `REGISTER = {} ...`",
                                           s.opcode->name, s.opcode->name));
    }
    if (!gives && !result_name.empty()) {
      return complain(result_place, fmt::format("{} gives no value", s.opcode->name));
    }
    if (gives) {
      char type = signature.back();
      if (type == 'p' || type == 'f') type = 'i';
      if (type == 'F') type = 'I';
      const auto reg = assign(result_name, type, result_place);
      if (!reg) return;
      s.result = reg;
    }
    if (s.address) {
      const uint32_t bytes = std::max<uint32_t>(access_bytes(*s.opcode), 1);
      uint32_t& widest = accesses_[{s.address->location, s.address->offset}];
      widest = std::max(widest, bytes);
    }
    blocks_.back().block.push_back(std::move(s));
  }

  static bool supported(const OpcodeInfo& o) {
    switch (o.immediate) {
      case Immediate::kMemArg:
        return o.signature.find('v') == std::string_view::npos;
      case Immediate::kAtomicArg:
      case Immediate::kFence:
      case Immediate::kMemory:
        return true;
      default:
        return o.name == "memory.copy" || o.name == "memory.init";
    }
  }

  // Operands joined by + or ^, from left to right.
  std::optional<Expr> expression(std::string_view text, char type, const Place& place) {
    size_t split = std::string_view::npos;
    for (size_t i = 1; i < text.size(); ++i) {
      if ((text[i] == '+' || text[i] == '^') && text[i - 1] != 'e' && text[i - 1] != 'E') split = i;
    }
    if (split != std::string_view::npos) {
      auto left = expression(text.substr(0, split), type, place);
      auto right = expression(text.substr(split + 1), type, place);
      if (!left || !right) return std::nullopt;
      Expr out;
      out.kind = text[split] == '+' ? Expr::Kind::kSum : Expr::Kind::kXor;
      out.left = std::make_shared<const Expr>(std::move(*left));
      out.right = std::make_shared<const Expr>(std::move(*right));
      return out;
    }
    Expr out;
    if (const auto value = parse_constant(text, type)) {
      out.value = type == 'i' || type == 'f' ? *value & 0xFFFFFFFF : *value;
      return out;
    }
    const auto reg = find_register(std::string(text));
    if (!reg) {
      complain(place, fmt::format("`{}` is neither a number nor a register with a value", text));
      return std::nullopt;
    }
    out.kind = Expr::Kind::kRegister;
    out.reg = *reg;
    return out;
  }

  // NAME, NAME+2, NAME+REGISTER
  std::optional<Address> address(const Token& token) { return location(token.text, token.place); }

  std::optional<Address> location(const std::string& text, const Place& place) {
    const size_t plus = text.find('+');
    const std::string name = text.substr(0, plus);
    if (!is_name(name)) {
      complain(place, fmt::format("`{}` is no location", text));
      return std::nullopt;
    }
    Address out;
    const auto found = find_location(name);
    if (found) {
      out.location = *found;
    } else {
      if (find_register(name)) {
        complain(place, fmt::format("`{}` is a register: expected a location", name));
        return std::nullopt;
      }
      out.location = static_cast<uint32_t>(test_->locations.size());
      test_->locations.push_back({name, 0});
    }
    return with_offset(out, text, plus, place);
  }

  std::optional<Address> known_location(const std::string& text, const Place& place) {
    const size_t plus = text.find('+');
    const auto found = find_location(text.substr(0, plus));
    if (!found) {
      complain(place, fmt::format("`{}` is no location of this test", text));
      return std::nullopt;
    }
    Address out;
    out.location = *found;
    return with_offset(out, text, plus, place);
  }

  std::optional<Address> with_offset(Address out, const std::string& text, size_t plus,
                                     const Place& place) {
    if (plus == std::string::npos) return out;
    const std::string rest = text.substr(plus + 1);
    if (const auto offset = parse_unsigned(rest)) {
      out.offset = static_cast<uint32_t>(*offset);
    } else if (const auto reg = find_register(rest)) {
      out.reg = *reg;
    } else {
      complain(place, fmt::format("`{}`: expected LOCATION+NUMBER or LOCATION+REGISTER", text));
      return std::nullopt;
    }
    return out;
  }

  std::optional<uint32_t> find_location(const std::string& name) const {
    for (uint32_t i = 0; i < test_->locations.size(); ++i) {
      if (test_->locations[i].name == name) return i;
    }
    return std::nullopt;
  }
  std::optional<uint32_t> find_register(const std::string& name) const {
    const auto found = registers_.find(name);
    return found == registers_.end() ? std::nullopt : std::optional(found->second);
  }
  std::optional<uint32_t> assign(const std::string& name, char type, const Place& place) {
    auto& all = test_->threads.back().registers;
    if (const auto found = find_register(name); found && name != "_") {
      if (all[*found].type != type) {
        complain(place, fmt::format("register {} has another type above", name));
        return std::nullopt;
      }
      return found;
    }
    if (find_location(name)) {
      complain(place, fmt::format("`{}` is a location: expected a register", name));
      return std::nullopt;
    }
    registers_[name] = static_cast<uint32_t>(all.size());
    all.push_back({name, type});
    return registers_[name];
  }

  const OpcodeInfo* typed_access(const std::string& type, const std::string& what) const {
    // i32, i32_8, i328: the last two mean the same.
    std::string base = type.substr(0, 3), narrow = type.size() > 3 ? type.substr(3) : "";
    if (narrow.starts_with("_")) narrow = narrow.substr(1);
    std::string name = base + "." + what + narrow;
    if (what == "load" && !narrow.empty()) name += "_u";
    const OpcodeInfo* found = opcode_by_name(name);
    return found && found->immediate == Immediate::kMemArg ? found : nullptr;
  }

  void finish_test() {
    if (!test_ || error_) return;
    if (!close_thread(last_)) return;
    LitmusTest& test = *test_;
    if (test.threads.empty())
      return complain(last_, fmt::format("test {} has no thread", test.name));
    // Default places: 64 apart in order of appearance, clear of the placed ones.
    uint32_t next = 0;
    for (Location& location : test.locations) {
      if (placed_.count(location.name)) {
        next = std::max(next, (location.address / 64 + 1) * 64);
      }
    }
    for (Location& location : test.locations) {
      if (placed_.count(location.name)) continue;
      location.address = next;
      next += 64;
    }
    // Without `init` a location is stored as 0 with its widest access.
    if (!test.init_zero) {
      std::set<uint32_t> given;
      for (const Init& init : test.inits) given.insert(init.location);
      for (uint32_t i = 0; i < test.locations.size(); ++i) {
        if (given.count(i)) continue;
        for (const auto& [where, bytes] : accesses_) {
          if (where.first != i) continue;
          // What lies beyond the initial memory has no initial value.
          if (uint64_t{test.locations[i].address} + where.second + bytes >
              uint64_t{test.min_pages} * 65536) {
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
    tests_.push_back(std::move(test));
    test_.reset();
    placed_.clear();
  }

  std::string_view text_;
  std::string file_, header_;
  Place last_;
  std::optional<Error> error_;
  std::vector<LitmusTest> tests_;
  std::set<std::string> names_;
  std::optional<LitmusTest> test_;
  bool in_thread_ = false;
  std::set<std::string> placed_;
  std::map<std::string, uint32_t> registers_;
  std::vector<Open> blocks_;
  std::map<std::pair<uint32_t, uint32_t>, uint32_t>
      accesses_;  // (location, offset) -> widest bytes
};

}  // namespace

Expected<std::vector<LitmusTest>> read_litmus(std::string_view text, const std::string& file) {
  return LitmusReader(text, file).run();
}

uint32_t access_bytes(const OpcodeInfo& o) {
  switch (o.immediate) {
    case Immediate::kMemArg:
    case Immediate::kAtomicArg:
    case Immediate::kMemArgLane:
      return 1u << o.argument;
    default:
      return 0;
  }
}

const OpcodeInfo* opcode_by_name(std::string_view name) {
  static const std::map<std::string_view, const OpcodeInfo*> names = [] {
    std::map<std::string_view, const OpcodeInfo*> all;
    for (uint8_t prefix : {0x00, 0xFC, 0xFE}) {
      for (uint32_t code = 0; code < 256; ++code) {
        if (const OpcodeInfo* found = module::find_opcode(prefix, code)) all[found->name] = found;
      }
    }
    return all;
  }();
  const auto found = names.find(name);
  return found == names.end() ? nullptr : found->second;
}

}  // namespace weft::suite::litmus
