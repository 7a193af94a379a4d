// The text form of a litmus test; the reader gives an equal test back.
#include <fmt/core.h>

#include <algorithm>

#include "suite/litmus/ast.h"

namespace weft::suite::litmus {
namespace {

std::string type_name(const module::OpcodeInfo& access) {
  // `i32.store16` -> i32_16, `i32.load8_u` -> i32_8, `f64.store` -> f64
  const std::string name(access.name);
  const uint32_t bytes = access_bytes(access);
  const std::string base = name.substr(0, 3);
  const uint32_t whole = base == "i64" || base == "f64" ? 8 : 4;
  return bytes == whole ? base : fmt::format("{}_{}", base, 8 * bytes);
}

class Printer {
 public:
  explicit Printer(const LitmusTest& test) : test_(test) {}

  std::string run() {
    std::string out;
    for (std::string_view rest = test_.header; !rest.empty();) {
      const size_t end = rest.find('\n');
      out += fmt::format(";;!{}\n", rest.substr(0, end));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    out += fmt::format("litmus {}\n", test_.name);
    if (test_.explicit_memory) {
      out += fmt::format("memory {} {} shared\n", test_.min_pages, test_.max_pages);
    }
    if (!test_.locations.empty()) {
      out += "locate";
      for (const Location& l : test_.locations) out += fmt::format(" {}={}", l.name, l.address);
      out += "\n";
    }
    if (test_.init_zero) out += "init zero\n";
    for (const Init& init : test_.inits) {
      const char type = init.opcode->signature[1];
      out +=
          fmt::format("init {} {}={}\n", type_name(*init.opcode), place(init.location, init.offset),
                      type == 'f' || type == 'F' ? float_text(init.value, type)
                                                 : fmt::format("{}", init.value));
    }
    if (!test_.data.empty()) {
      out += "data \"";
      for (unsigned char c : test_.data) out += fmt::format("\\{:02x}", c);
      out += "\"\n";
    }
    for (size_t i = 0; i < test_.threads.size(); ++i) {
      out += fmt::format("thread {}\n", i);
      block(out, test_.threads[i], test_.threads[i].body, 1);
    }
    for (const Observe& o : test_.observes) {
      out += fmt::format("observe {} {}{}\n", type_name(*o.opcode),
                         o.name.empty() ? "" : o.name + "=", place(o.location, o.offset));
    }
    for (const Expectation& e : test_.expectations) {
      out += fmt::format("{} {}\n", e.allowed ? "allow" : "forbid", e.outcome);
    }
    return out;
  }

 private:
  std::string place(uint32_t location, uint32_t offset) const {
    const std::string& name = test_.locations[location].name;
    return offset ? fmt::format("{}+{}", name, offset) : name;
  }
  std::string address(const Thread& thread, const Address& a) const {
    std::string out = place(a.location, a.offset);
    if (a.reg) out += "+" + thread.registers[*a.reg].name;
    return out;
  }
  std::string expression(const Thread& thread, const Expr& e, char type) const {
    switch (e.kind) {
      case Expr::Kind::kConst:
        // A float operand is written as its value where that is exact, else with its payload.
        if (type == 'f' || type == 'F') return float_text(e.value, type);
        return fmt::format("{}", e.value);
      case Expr::Kind::kRegister:
        return thread.registers[e.reg].name;
      default:
        return fmt::format("{}{}{}", expression(thread, *e.left, type),
                           e.kind == Expr::Kind::kSum ? "+" : "^",
                           expression(thread, *e.right, type));
    }
  }
  static std::string float_text(uint64_t bits, char type) {
    const bool single = type == 'f';
    const unsigned fraction = single ? 23 : 52;
    const uint64_t mask = (uint64_t{1} << fraction) - 1;
    const uint64_t exponent = (bits >> fraction) & (single ? 0xFF : 0x7FF);
    const bool negative = bits >> (single ? 31 : 63) & 1;
    const char* sign = negative ? "-" : "";
    if (exponent == (single ? 0xFFu : 0x7FFu)) {
      if ((bits & mask) == 0) return fmt::format("{}inf", sign);
      return fmt::format("{}nan:0x{:x}", sign, bits & mask);
    }
    double value;
    if (single) {
      float narrow;
      const uint32_t low = static_cast<uint32_t>(bits);
      std::copy_n(reinterpret_cast<const char*>(&low), 4, reinterpret_cast<char*>(&narrow));
      value = narrow;
    } else {
      std::copy_n(reinterpret_cast<const char*>(&bits), 8, reinterpret_cast<char*>(&value));
    }
    return fmt::format("{:.17g}", value);
  }

  void block(std::string& out, const Thread& thread, const Block& block_, int depth) const {
    const std::string indent(2 * static_cast<size_t>(depth), ' ');
    for (const Statement& s : block_) {
      if (s.kind == Statement::Kind::kIf) {
        out += fmt::format("{}if {} {} {} {{\n", indent, thread.registers[s.reg].name,
                           s.negated ? "!=" : "==", s.value);
        block(out, thread, s.then_block, depth + 1);
        if (!s.else_block.empty()) {
          out += indent + "} else {\n";
          block(out, thread, s.else_block, depth + 1);
        }
        out += indent + "}\n";
      } else if (s.kind == Statement::Kind::kRepeat) {
        out += fmt::format("{}repeat {} {{\n", indent, s.times);
        block(out, thread, s.then_block, depth + 1);
        out += indent + "}\n";
      } else {
        out += indent + statement_text(thread, s) + "\n";
      }
    }
  }

 public:
  std::string statement_text(const Thread& thread, const Statement& s) const {
    std::string out;
    if (s.result) out += thread.registers[*s.result].name + " = ";
    out += s.opcode->name;
    if (s.address) out += " " + address(thread, *s.address);
    if (s.source) out += " " + address(thread, *s.source);
    const std::string_view signature = s.opcode->signature;
    size_t first = 0;
    while (first < signature.size() && signature[first] == 'p') ++first;
    for (size_t i = 0; i < s.operands.size(); ++i) {
      const bool memarg = s.opcode->immediate == module::Immediate::kMemArg ||
                          s.opcode->immediate == module::Immediate::kAtomicArg;
      const char type = memarg ? signature[first + i] : 'i';
      const Expr& e = s.operands[i];
      // A timeout is signed: -1 is how it was written.
      if (s.opcode->name.starts_with("memory.atomic.wait") && i == 1 &&
          e.kind == Expr::Kind::kConst) {
        out += fmt::format(" {}", static_cast<int64_t>(e.value));
      } else {
        out += " " + expression(thread, e, type);
      }
    }
    return out;
  }

 private:
  const LitmusTest& test_;
};

}  // namespace

std::string print_litmus(const LitmusTest& test) { return Printer(test).run(); }

std::string observe_label(const LitmusTest& test, const Observe& o) {
  if (!o.name.empty()) return o.name;
  const std::string& location = test.locations[o.location].name;
  return o.offset ? fmt::format("{}+{}", location, o.offset) : location;
}

std::string place_text(const LitmusTest& test) {
  if (test.place.line == 0) return fmt::format("{}: test {}", test.file, test.name);
  return fmt::format("{}:{}:{}: test {}", test.file, test.place.line, test.place.column, test.name);
}

std::string statement_text(const LitmusTest& test, const Thread& thread, const Statement& s) {
  return Printer(test).statement_text(thread, s);
}

}  // namespace weft::suite::litmus
