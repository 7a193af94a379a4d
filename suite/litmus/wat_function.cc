#include "suite/litmus/wat_function.h"

#include <fmt/core.h>

#include <algorithm>

#include "suite/litmus/instructions.h"

namespace weft::suite::litmus {

using module::Immediate;
using module::Instruction;

namespace {

Expr constant(uint64_t value) {
  Expr e;
  e.value = value;
  return e;
}

}  // namespace

Expected<Thread> FunctionReader::run() {
  if (type_.params != std::vector{module::ValType::kI32}) {
    return fail("{}: {}: expected one i32 parameter, the base address", test_.file, name_);
  }
  locals_.resize(1 + function_.locals.size());
  block(thread_.body);
  if (!error_.empty()) return fail("{}: {}", test_.file, error_);
  // Results: each a register, in order.
  if (stack_.size() != type_.results.size()) {
    return fail("{}: {}: expected one value a result at the end", test_.file, name_);
  }
  std::vector<uint32_t> results;
  for (const Symbol& s : stack_) {
    if (s.based || s.value.kind != Expr::Kind::kRegister) {
      return fail("{}: {}: a result must be the value of an instruction", test_.file, name_);
    }
    if (std::find(results.begin(), results.end(), s.value.reg) != results.end()) {
      return fail("{}: {}: one register is returned twice", test_.file, name_);
    }
    results.push_back(s.value.reg);
  }
  if (!std::is_sorted(results.begin(), results.end())) {
    return fail("{}: {}: results must stand in the order of first assignment", test_.file, name_);
  }
  unsigned visible = 0, hidden = 0;
  for (uint32_t i = 0; i < thread_.registers.size(); ++i) {
    const bool shown = std::find(results.begin(), results.end(), i) != results.end();
    thread_.registers[i].name =
        shown ? fmt::format("r{}", visible++) : fmt::format("_t{}", hidden++);
  }
  return std::move(thread_);
}

void FunctionReader::complain(const Instruction& one, const std::string& what) {
  if (error_.empty()) {
    error_ = fmt::format("{} at offset {}: {}: {}", name_, one.offset,
                         one.info ? one.info->name : "?", what);
  }
}

Symbol FunctionReader::pop() {
  if (stack_.empty()) return {};
  Symbol s = std::move(stack_.back());
  stack_.pop_back();
  return s;
}

bool FunctionReader::block(Block& out) {
  while (error_.empty() && !in_.failed() && !in_.done()) {
    const Instruction one = module::read_instruction(in_, m_);
    if (in_.failed()) break;
    if (one.info->prefix == 0 && one.info->code == 0x0B) return false;
    if (one.info->prefix == 0 && one.info->code == 0x05) return true;
    instruction(one, out);
  }
  if (in_.failed() && error_.empty()) error_ = in_.error().message;
  return false;
}

void FunctionReader::combine(const Instruction& one, Expr::Kind kind) {
  Symbol right = pop(), left = pop();
  if (left.based && right.based) return complain(one, "two base addresses");
  Symbol out;
  out.based = left.based || right.based;
  if (out.based && kind != Expr::Kind::kSum) return complain(one, "base address in arithmetic");
  const auto is_zero = [](const Symbol& s) {
    return s.value.kind == Expr::Kind::kConst && s.value.value == 0;
  };
  if (out.based && is_zero(left)) {
    out.value = right.value;
  } else if (out.based && is_zero(right)) {
    out.value = left.value;
  } else if (left.value.kind == Expr::Kind::kConst && right.value.kind == Expr::Kind::kConst) {
    out.value = constant(kind == Expr::Kind::kSum ? left.value.value + right.value.value
                                                  : left.value.value ^ right.value.value);
  } else {
    out.value.kind = kind;
    out.value.left = std::make_shared<const Expr>(std::move(left.value));
    out.value.right = std::make_shared<const Expr>(std::move(right.value));
  }
  stack_.push_back(std::move(out));
}

std::optional<Address> FunctionReader::address(const Instruction& one, const Symbol& s,
                                               uint64_t offset) {
  if (!s.based) {
    complain(one, "the address must be the base address plus a constant");
    return std::nullopt;
  }
  Address out;
  uint64_t at = offset;
  const Expr* e = &s.value;
  if (e->kind == Expr::Kind::kSum) {
    const Expr *a = e->left.get(), *b = e->right.get();
    if (a->kind == Expr::Kind::kConst) std::swap(a, b);
    if (a->kind == Expr::Kind::kRegister && b->kind == Expr::Kind::kConst) {
      out.reg = a->reg;
      e = b;
    }
  }
  if (e->kind == Expr::Kind::kConst) {
    at += e->value;
  } else if (e->kind == Expr::Kind::kRegister && !out.reg) {
    out.reg = e->reg;
  } else {
    complain(one, "the address must be the base address, a constant and at most one register");
    return std::nullopt;
  }
  // The location that begins nearest below.
  const Location* best = nullptr;
  for (const Location& l : test_.locations) {
    if (l.address <= at && (!best || l.address > best->address)) best = &l;
  }
  if (!best) {
    complain(one, fmt::format("no location at or below address {}", at));
    return std::nullopt;
  }
  out.location = static_cast<uint32_t>(best - test_.locations.data());
  out.offset = static_cast<uint32_t>(at - best->address);
  return out;
}

void FunctionReader::operation(const Instruction& one, Block& out) {
  Statement s;
  s.opcode = one.info;
  const std::string_view name = one.info->name;
  const std::string types = operand_types(*one.info);
  // A bulk operation has no memarg: its address is the operand alone.
  const uint64_t offset = access_bytes(*one.info) ? one.memarg.offset : 0;
  std::vector<Symbol> operands;
  for (size_t i = 0; i < types.size(); ++i) operands.push_back(pop());
  std::reverse(operands.begin(), operands.end());
  for (size_t i = 0; i < types.size(); ++i) {
    if (types[i] == 'p') {
      s.address = address(one, operands[i], offset);
      if (!s.address) return;
    } else if (name == "memory.copy" && i == 1) {
      s.source = address(one, operands[i], 0);
      if (!s.source) return;
    } else if (operands[i].based) {
      return complain(one, "the base address is an operand");
    } else {
      Expr e = operands[i].value;
      if (e.kind == Expr::Kind::kConst && (types[i] == 'i' || types[i] == 'f')) {
        e.value &= 0xFFFFFFFF;
      }
      s.operands.push_back(std::move(e));
    }
  }
  if (const char type = result_type(*one.info)) {
    s.result = static_cast<uint32_t>(thread_.registers.size());
    thread_.registers.push_back({"", type});
    Symbol result;
    result.value.kind = Expr::Kind::kRegister;
    result.value.reg = *s.result;
    result.fresh = true;
    stack_.push_back(std::move(result));
  }
  out.push_back(std::move(s));
}

void FunctionReader::local_set(const Instruction& one, Block& out, bool tee) {
  Symbol top = pop();
  if (one.index == 0) return complain(one, "the base address is assigned");
  auto& local = locals_[one.index];
  const bool names_result = top.fresh && !top.based && !out.empty() && out.back().result &&
                            top.value.kind == Expr::Kind::kRegister &&
                            *out.back().result == top.value.reg;
  if (!names_result) {
    return complain(one, "only the value of an instruction may be assigned to a local");
  }
  if (local) {
    // Assigned again: the same register, and the one made for the result goes.
    if (thread_.registers.size() - 1 != top.value.reg) return complain(one, "assigned too late");
    thread_.registers.pop_back();
    out.back().result = *local;
  } else {
    local = top.value.reg;
  }
  if (tee) push_register(*local);
}

void FunctionReader::push_register(uint32_t reg) {
  Symbol s;
  s.value.kind = Expr::Kind::kRegister;
  s.value.reg = reg;
  stack_.push_back(std::move(s));
}

void FunctionReader::branch(const Instruction& one, Block& out) {
  if (one.block_type != -64) return complain(one, "an `if` must have no parameters or results");
  if (!condition_) return complain(one, "the condition must compare a register with a constant");
  Statement s = *condition_;
  condition_.reset();
  s.kind = Statement::Kind::kIf;
  const size_t height = stack_.size();
  if (block(s.then_block)) block(s.else_block);
  if (stack_.size() != height) return complain(one, "an `if` must leave no value");
  out.push_back(std::move(s));
}

void FunctionReader::compare(const Instruction& one, bool negated) {
  Symbol right = pop(), left = pop();
  if (left.value.kind == Expr::Kind::kConst) std::swap(left, right);
  if (left.based || right.based || left.value.kind != Expr::Kind::kRegister ||
      right.value.kind != Expr::Kind::kConst) {
    return complain(one, "expected a register and a constant");
  }
  Statement s;
  s.reg = left.value.reg;
  s.value = right.value.value;
  if (thread_.registers[s.reg].type == 'i') s.value &= 0xFFFFFFFF;
  s.negated = negated;
  condition_ = s;
}

void FunctionReader::instruction(const Instruction& one, Block& out) {
  const module::OpcodeInfo& info = *one.info;
  if (info.prefix == 0xFE || info.immediate == Immediate::kMemArg ||
      info.immediate == Immediate::kMemory || info.immediate == Immediate::kMemoryMemory ||
      info.immediate == Immediate::kDataMemory) {
    return operation(one, out);
  }
  module::Reader immediate(m_.binary, one.immediates, function_.end);
  if (info.prefix == 0) {
    switch (info.code) {
      case 0x01:
        return;
      case 0x04:
        return branch(one, out);
      case 0x1A:
        pop();
        return;
      case 0x20:
        if (one.index == 0) {
          Symbol base;
          base.based = true;
          stack_.push_back(std::move(base));
        } else if (locals_[one.index]) {
          push_register(*locals_[one.index]);
        } else {
          complain(one, "the local has no value yet");
        }
        return;
      case 0x21:
        return local_set(one, out, false);
      case 0x22:
        return local_set(one, out, true);
      case 0x41: {
        Symbol s;
        s.value = constant(static_cast<uint32_t>(immediate.s32()));
        stack_.push_back(std::move(s));
        return;
      }
      case 0x42: {
        Symbol s;
        s.value = constant(static_cast<uint64_t>(immediate.s64()));
        stack_.push_back(std::move(s));
        return;
      }
      case 0x43:
      case 0x44: {
        Symbol s;
        const uint64_t low = immediate.fixed32();
        s.value = constant(info.code == 0x43 ? low : low | uint64_t{immediate.fixed32()} << 32);
        stack_.push_back(std::move(s));
        return;
      }
      case 0x45:
      case 0x50: {  // eqz
        Symbol zero;
        stack_.push_back(zero);
        return compare(one, false);
      }
      case 0x46:
      case 0x51:
        return compare(one, false);
      case 0x47:
      case 0x52:
        return compare(one, true);
      case 0x6A:
      case 0x7C:
        return combine(one, Expr::Kind::kSum);
      case 0x73:
      case 0x85:
        return combine(one, Expr::Kind::kXor);
      // Changes of type keep the bits that count.
      case 0xA7:
      case 0xAD:
      case 0xBC:
      case 0xBD:
      case 0xBE:
      case 0xBF:
        return;
    }
  }
  complain(one, "has no litmus form");
}

}  // namespace weft::suite::litmus
