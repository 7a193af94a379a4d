#include "suite/litmus/thread_writer.h"

#include <fmt/core.h>

namespace weft::suite::litmus {

using module::Immediate;

bool any_statement(const Block& block, const std::function<bool(const Statement&)>& test) {
  for (const Statement& s : block) {
    if (test(s) || any_statement(s.then_block, test) || any_statement(s.else_block, test)) {
      return true;
    }
  }
  return false;
}

bool waits_for_ever(const Statement& s) {
  return s.kind == Statement::Kind::kOperation &&
         s.opcode->name.starts_with("memory.atomic.wait") &&
         (s.operands[1].kind != Expr::Kind::kConst ||
          static_cast<int64_t>(s.operands[1].value) < 0);
}

namespace {

class ThreadWriter {
 public:
  ThreadWriter(const LitmusTest& test, const Thread& thread, const Watched* watched)
      : test_(test), thread_(thread), watched_(watched) {}

  std::string run(const std::string& head) {
    std::string out = fmt::format("  (func {} (param $base i32)", head);
    std::string results, values;
    for (size_t i = 0; i < thread_.registers.size(); ++i) {
      if (thread_.registers[i].hidden()) continue;
      results += thread_.registers[i].type == 'I' ? " i64" : " i32";
      values += fmt::format("    (local.get {})\n", local(static_cast<uint32_t>(i)));
    }
    if (!results.empty()) out += fmt::format(" (result{})", results);
    out += "\n";
    for (size_t i = 0; i < thread_.registers.size(); ++i) {
      out += fmt::format("    (local {} {})\n", local(static_cast<uint32_t>(i)),
                         thread_.registers[i].type == 'I' ? "i64" : "i32");
    }
    block(out, thread_.body, 2);
    return out + values + "  )\n";
  }

  // As a piece of a loop. Where an assignment may be skipped, a register would keep the value of
  // the turn before: it starts each turn as 0, like a local of a function.
  BatchThread inlined() {
    BatchThread out;
    const bool branches = any_statement(
        thread_.body, [](const Statement& s) { return s.kind == Statement::Kind::kIf; });
    for (size_t i = 0; i < thread_.registers.size(); ++i) {
      const char* type = thread_.registers[i].type == 'I' ? "i64" : "i32";
      const std::string name = local(static_cast<uint32_t>(i));
      out.locals += fmt::format(" (local {} {})", name, type);
      if (branches) out.body += fmt::format("      (local.set {} ({}.const 0))\n", name, type);
    }
    if (watched_) out.locals += " (local $.woken i32) (local $.assigned i64)";
    block(out.body, thread_.body, 3);
    return out;
  }

 private:
  std::string local(uint32_t reg) const {
    // Two registers may share the name `_`.
    const std::string& name = thread_.registers[reg].name;
    return name == "_" ? fmt::format("$_{}", reg) : "$" + name;
  }

  // `type`: what the instruction wants, as in opcodes.def.
  std::string expression(const Expr& e, char type) const {
    if (type == 'f') return fmt::format("(f32.reinterpret_i32 {})", expression(e, 'i'));
    if (type == 'F') return fmt::format("(f64.reinterpret_i64 {})", expression(e, 'I'));
    const char* prefix = type == 'I' ? "i64" : "i32";
    switch (e.kind) {
      case Expr::Kind::kConst:
        return type == 'I' ? fmt::format("(i64.const {})", static_cast<int64_t>(e.value))
                           : fmt::format("(i32.const {})", static_cast<int32_t>(e.value));
      case Expr::Kind::kRegister: {
        const std::string get = fmt::format("(local.get {})", local(e.reg));
        const char has = thread_.registers[e.reg].type;
        if (has == type) return get;
        return fmt::format("({} {})", type == 'I' ? "i64.extend_i32_u" : "i32.wrap_i64", get);
      }
      default:
        return fmt::format("({}.{} {} {})", prefix, e.kind == Expr::Kind::kSum ? "add" : "xor",
                           expression(*e.left, type), expression(*e.right, type));
    }
  }

  // The operand; the constant part of a memory access goes into its offset immediate.
  std::string base(const Address& a) const {
    if (!a.reg) return "(local.get $base)";
    Expr reg;
    reg.kind = Expr::Kind::kRegister;
    reg.reg = *a.reg;
    return fmt::format("(i32.add (local.get $base) {})", expression(reg, 'i'));
  }
  uint32_t constant(const Address& a) const {
    return test_.locations[a.location].address + a.offset;
  }
  std::string whole(const Address& a) const {
    return fmt::format("(i32.add {} (i32.const {}))", base(a), static_cast<int32_t>(constant(a)));
  }

  std::string operation(const Statement& s) const {
    const std::string name(s.opcode->name);
    if (watched_ && name.starts_with("memory.atomic.wait")) {
      return fmt::format("(call $wait{} {} {} {})", name.substr(18), whole(*s.address),
                         expression(s.operands[0], name.ends_with("64") ? 'I' : 'i'),
                         expression(s.operands[1], 'I'));
    }
    std::string out = "(" + name;
    if (s.opcode->immediate == Immediate::kMemArg || s.opcode->immediate == Immediate::kAtomicArg) {
      const uint32_t offset = constant(*s.address);
      if (offset) out += fmt::format(" offset={}", offset);
      out += " " + base(*s.address);
      const std::string_view signature = s.opcode->signature;
      for (size_t i = 0; i < s.operands.size(); ++i) {
        out += " " + expression(s.operands[i], signature[i + 1]);
      }
    } else if (name == "memory.copy") {
      out +=
          " " + whole(*s.address) + " " + whole(*s.source) + " " + expression(s.operands[0], 'i');
    } else {
      if (name == "memory.init") out += " 0";
      if (s.address) out += " " + whole(*s.address);
      for (const Expr& e : s.operands) out += " " + expression(e, 'i');
    }
    out += ")";
    // A float register is kept as its bits.
    if (name.starts_with("f32.load")) return "(i32.reinterpret_f32 " + out + ")";
    if (name.starts_with("f64.load")) return "(i64.reinterpret_f64 " + out + ")";
    return out;
  }

  void block(std::string& out, const Block& from, int depth) const {
    const std::string indent(2 * static_cast<size_t>(depth), ' ');
    for (const Statement& s : from) {
      switch (s.kind) {
        case Statement::Kind::kOperation:
          if (!s.result) {
            out += indent + operation(s) + "\n";
          } else if (watched_ && waits_for_ever(s)) {
            out += watched_->before_wait +
                   fmt::format("{}(local.set $.woken {})\n", indent, operation(s)) +
                   watched_->after_wait +
                   fmt::format("{}(local.set {} (local.get $.woken))\n", indent, local(*s.result));
          } else {
            out += fmt::format("{}(local.set {} {})\n", indent, local(*s.result), operation(s));
          }
          if (s.result && watched_) {
            out += fmt::format(
                "{}(local.set $.assigned (i64.or (local.get $.assigned) (i64.const {})))\n", indent,
                static_cast<int64_t>(uint64_t{1} << (*s.result & 63)));
          }
          break;
        case Statement::Kind::kIf: {
          const bool is64 = thread_.registers[s.reg].type == 'I';
          out += fmt::format("{}(if ({}.{} (local.get {}) ({}.const {}))\n{}  (then\n", indent,
                             is64 ? "i64" : "i32", s.negated ? "ne" : "eq", local(s.reg),
                             is64 ? "i64" : "i32", static_cast<int64_t>(s.value), indent);
          block(out, s.then_block, depth + 2);
          out += indent + "  )";
          if (!s.else_block.empty()) {
            out += "\n" + indent + "  (else\n";
            block(out, s.else_block, depth + 2);
            out += indent + "  )";
          }
          out += ")\n";
          break;
        }
        case Statement::Kind::kRepeat:
          for (uint32_t i = 0; i < s.times; ++i) block(out, s.then_block, depth);
          break;
      }
    }
  }

  const LitmusTest& test_;
  const Thread& thread_;
  const Watched* watched_;
};

}  // namespace

std::string thread_function(const LitmusTest& test, unsigned thread, const std::string& head) {
  return ThreadWriter(test, test.threads[thread], nullptr).run(head);
}

BatchThread inlined_thread(const LitmusTest& test, unsigned thread, const Watched* watched) {
  return ThreadWriter(test, test.threads[thread], watched).inlined();
}

}  // namespace weft::suite::litmus
