#include "suite/litmus/text_thread.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>

#include "reference/model/program.h"
#include "suite/litmus/instructions.h"

namespace weft::suite::litmus {

using model::Bounds;
using module::OpcodeInfo;

void ThreadReader::begin(LitmusTest& test) {
  test_ = &test;
  blocks_.clear();
  accesses_.clear();
}

void ThreadReader::begin_thread() {
  names_.begin_thread();
  blocks_.clear();
  blocks_.push_back({Open::kThread, Statement{}, {}, 0});
}

bool ThreadReader::close(const Place& place) {
  if (blocks_.empty()) return true;
  if (blocks_.size() != 1) {
    names_.complain(place, "a `}` is missing in the thread before");
    return false;
  }
  test_->threads.back().body = std::move(blocks_[0].block);
  blocks_.clear();
  return true;
}

void ThreadReader::statements(const std::vector<Token>& t) {
  size_t at = 0;
  while (at < t.size() && !names_.error()) {
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

bool ThreadReader::too_deep(const Place& place) {
  if (blocks_.size() <= Bounds::kNesting) return false;
  names_.complain(place, fmt::format("`if` and `repeat` nested deeper than {}", Bounds::kNesting));
  return true;
}

// Counts operations of the open block; false when the thread would have too many.
bool ThreadReader::add_operations(size_t count, const Place& place) {
  blocks_.back().operations += count;
  if (blocks_.back().operations <= Bounds::kOperations) return true;
  names_.complain(place, fmt::format("more than {} operations in a thread, loops unrolled",
                                     Bounds::kOperations));
  return false;
}

void ThreadReader::open_if(const std::vector<Token>& t, size_t& at) {
  // if REGISTER == VALUE {
  if (at + 4 >= t.size() || (t[at + 2].text != "==" && t[at + 2].text != "!=") ||
      t[at + 4].text != "{") {
    return names_.complain(t[at].place, "expected `if REGISTER == VALUE {` (or !=)");
  }
  if (too_deep(t[at].place)) return;
  Statement s;
  s.kind = Statement::Kind::kIf;
  s.place = t[at].place;
  const auto reg = names_.find_register(t[at + 1].text);
  if (!reg) {
    return names_.complain(t[at + 1].place,
                           fmt::format("register {} has no value yet", t[at + 1].text));
  }
  const char type = test_->threads.back().registers[*reg].type;
  const auto value = parse_constant(t[at + 3].text, type);
  if (!value) {
    return names_.complain(t[at + 3].place,
                           fmt::format("expected a number of {} bits", type == 'i' ? 32 : 64));
  }
  s.reg = *reg;
  s.value = *value;
  s.negated = t[at + 2].text == "!=";
  blocks_.push_back({Open::kThen, std::move(s), {}, 1});
  at += 5;
}

void ThreadReader::open_repeat(const std::vector<Token>& t, size_t& at) {
  const auto times = at + 1 < t.size() ? parse_unsigned(t[at + 1].text) : std::nullopt;
  if (!times || at + 2 >= t.size() || t[at + 2].text != "{") {
    return names_.complain(t[at].place, "expected `repeat N {`");
  }
  if (*times == 0 || *times > Bounds::kLoopTurns) {
    return names_.complain(t[at + 1].place,
                           fmt::format("expected 1 to {} repetitions", Bounds::kLoopTurns));
  }
  if (too_deep(t[at].place)) return;
  Statement s;
  s.kind = Statement::Kind::kRepeat;
  s.place = t[at].place;
  s.times = static_cast<uint32_t>(*times);
  blocks_.push_back({Open::kRepeat, std::move(s), {}, 0});
  at += 3;
}

void ThreadReader::close_block(const std::vector<Token>& t, size_t& at) {
  Open& open = blocks_.back();
  if (open.kind == Open::kThread) return names_.complain(t[at].place, "`}` without `{`");
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
  const size_t operations = open.operations * std::max<uint32_t>(s.times, 1);
  blocks_.pop_back();
  if (!add_operations(operations, s.place)) return;
  blocks_.back().block.push_back(std::move(s));
  ++at;
}

// [REGISTER =] NAME [ADDRESS] [OPERAND...]
void ThreadReader::operation(std::vector<Token> t) {
  Statement s;
  s.place = t[0].place;
  std::string result_name;
  Place result_place;
  if (t.size() >= 2 && t[1].text == "=") {
    result_name = t[0].text;
    result_place = t[0].place;
    if (!is_name(result_name)) {
      return names_.complain(t[0].place, fmt::format("`{}` is no name of a register", result_name));
    }
    t.erase(t.begin(), t.begin() + 2);
    if (t.empty()) return names_.complain(result_place, "expected an instruction behind `=`");
  }
  s.opcode = opcode_by_name(t[0].text);
  if (!s.opcode || !has_litmus_form(*s.opcode)) {
    return names_.complain(t[0].place, why_no_instruction(t[0].text));
  }
  const std::string types = operand_types(*s.opcode);
  size_t at = 1;
  for (size_t k = 0; k < types.size(); ++k) {
    if (at >= t.size()) {
      return names_.complain(t[0].place,
                             fmt::format("{} takes {} operands", t[0].text, types.size()));
    }
    if (types[k] == 'p') {
      s.address = names_.location(t[at].text, t[at].place);
      if (!s.address) return;
    } else if (s.opcode->name == "memory.copy" && k == 1) {
      s.source = names_.location(t[at].text, t[at].place);
      if (!s.source) return;
    } else {
      auto value = operand(t[at], types[k]);
      if (!value) return;
      s.operands.push_back(std::move(*value));
    }
    ++at;
  }
  if (at != t.size()) {
    return names_.complain(t[at].place, fmt::format("`{}` is one operand too many for {}",
                                                    t[at].text, s.opcode->name));
  }
  const char type = result_type(*s.opcode);
  if (type && result_name.empty()) {
    return names_.complain(s.place, fmt::format("{} gives a value: expected `REGISTER = {} ...`",
                                                s.opcode->name, s.opcode->name));
  }
  if (!type && !result_name.empty()) {
    return names_.complain(result_place, fmt::format("{} gives no value", s.opcode->name));
  }
  if (type) {
    s.result = names_.assign(result_name, type, result_place);
    if (!s.result) return;
  }
  if (s.address) {
    const uint32_t bytes = std::max<uint32_t>(access_bytes(*s.opcode), 1);
    uint32_t& widest = accesses_[{s.address->location, s.address->offset}];
    widest = std::max(widest, bytes);
  }
  if (!add_operations(1, s.place)) return;
  blocks_.back().block.push_back(std::move(s));
}

std::optional<Expr> ThreadReader::operand(const Token& token, char type) {
  if (static_cast<size_t>(std::count_if(token.text.begin(), token.text.end(), [](char c) {
        return c == '+' || c == '^';
      })) > Bounds::kTerms) {
    names_.complain(token.place, fmt::format("more than {} operands joined", Bounds::kTerms));
    return std::nullopt;
  }
  return expression(token.text, type, token.place);
}

// Operands joined by + or ^, from left to right.
std::optional<Expr> ThreadReader::expression(std::string_view text, char type, const Place& place) {
  size_t split = std::string_view::npos;
  for (size_t i = 1; i < text.size(); ++i) {
    if (text[i] != '+' && text[i] != '^') continue;
    const bool exponent = (type == 'f' || type == 'F') && i >= 2 &&
                          (text[i - 1] == 'e' || text[i - 1] == 'E') &&
                          std::isdigit(static_cast<unsigned char>(text[i - 2]));
    if (!exponent) split = i;
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
    out.value = *value;
    return out;
  }
  const auto reg = names_.find_register(std::string(text));
  if (!reg) {
    const bool digits = !text.empty() && (std::isdigit(static_cast<unsigned char>(text[0])) ||
                                          text[0] == '-' || text[0] == '+');
    names_.complain(
        place, digits ? fmt::format("`{}` is no number of {} bits", text,
                                    type == 'i' || type == 'f' ? 32 : 64)
                      : fmt::format("`{}` is neither a number nor a register with a value", text));
    return std::nullopt;
  }
  out.kind = Expr::Kind::kRegister;
  out.reg = *reg;
  return out;
}

}  // namespace weft::suite::litmus
