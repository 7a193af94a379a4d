// The body of a function, by the algorithm of the core spec's appendix "Validation Algorithm": a
// stack of operand types and a stack of control frames; after an unconditional branch the operand
// stack is polymorphic. Everything with a fixed type comes from opcodes.def.
#include <fmt/core.h>

#include <algorithm>
#include <span>

#include "reference/module/decode.h"
#include "reference/module/validate.h"

namespace weft::module {
namespace {

// Bottom: the type of an operand that unreachable code takes from an empty stack.
constexpr ValType kUnknown = static_cast<ValType>(0);

bool is_reference(ValType t) {
  return t == ValType::kFuncRef || t == ValType::kExternRef || t == kUnknown;
}
bool is_number(ValType t) { return t != ValType::kFuncRef && t != ValType::kExternRef; }

// Spans into the module's types, or into kSingle: frames never copy a type.
using TypeList = std::span<const ValType>;
struct Types {
  TypeList params, results;
};

constexpr ValType kSingle[] = {ValType::kI32,  ValType::kI64,     ValType::kF32,      ValType::kF64,
                               ValType::kV128, ValType::kFuncRef, ValType::kExternRef};

// More operands than the internal code can address anyway (lower.h).
constexpr size_t kMostOperands = 65'535;

struct Frame {
  uint8_t opcode;  // block 02, loop 03, if 04, else 05; the function's own: block
  Types types;
  size_t height;
  bool unreachable = false;
};

class Body {
 public:
  Body(const Module& module, uint32_t index)
      : m_(module),
        function_(module.functions[index]),
        type_(module.types[function_.type_index]),
        in_(module.binary, function_.begin, function_.end) {
    locals_ = type_.params;
    locals_.insert(locals_.end(), function_.locals.begin(), function_.locals.end());
  }

  std::optional<ModuleError> run() {
    frames_.push_back({0x02, {{}, type_.results}, 0});
    while (!error_ && !in_.failed() && !frames_.empty()) {
      const Instruction one = read_instruction(in_, m_);
      if (in_.failed()) break;
      at_ = one.offset;
      instruction(one);
    }
    if (error_) return error_;
    if (in_.failed()) return in_.error();
    return std::nullopt;
  }

 private:
  void fail(std::string message) {
    if (!error_) error_ = ModuleError{"validate", at_, std::move(message)};
  }
  void unknown(const char* what, uint64_t index) {
    fail(fmt::format("unknown {} {}", what, index));
  }

  // ---- operands ----
  void push(ValType type) { push_all({&type, 1}); }
  void push_all(TypeList types) {
    operands_.insert(operands_.end(), types.begin(), types.end());
    if (operands_.size() > kMostOperands && !error_) {
      error_ = ModuleError{
          "validate", at_,
          fmt::format("more operands at once than the {} that weft takes", kMostOperands), true};
    }
  }
  ValType pop() {
    Frame& frame = frames_.back();
    if (operands_.size() == frame.height) {
      if (!frame.unreachable) fail("type mismatch");
      return kUnknown;
    }
    const ValType type = operands_.back();
    operands_.pop_back();
    return type;
  }
  ValType pop(ValType expected) {
    const ValType type = pop();
    if (type != expected && type != kUnknown && expected != kUnknown) fail("type mismatch");
    return type;
  }
  void pop_all(TypeList types) {
    for (auto it = types.rbegin(); it != types.rend(); ++it) pop(*it);
  }

  // ---- control ----
  void unreachable() {
    operands_.resize(frames_.back().height);
    frames_.back().unreachable = true;
  }
  Types pop_frame() {
    const Types types = frames_.back().types;
    pop_all(types.results);
    if (operands_.size() != frames_.back().height) fail("type mismatch");
    frames_.pop_back();
    return types;
  }
  std::optional<TypeList> label(uint32_t depth) {
    if (depth >= frames_.size()) {
      unknown("label", depth);
      return std::nullopt;
    }
    const Frame& frame = frames_[frames_.size() - 1 - depth];
    return frame.opcode == 0x03 ? frame.types.params : frame.types.results;
  }
  std::optional<Types> block_type(int64_t type) {
    if (type == -64) return Types{};
    if (type < 0) {
      const auto* single =
          std::find(std::begin(kSingle), std::end(kSingle), static_cast<ValType>(type + 0x80));
      return Types{{}, TypeList(single, 1)};
    }
    if (static_cast<uint64_t>(type) >= m_.types.size()) {
      unknown("type", static_cast<uint64_t>(type));
      return std::nullopt;
    }
    return Types{m_.types[type].params, m_.types[type].results};
  }
  void enter(const Instruction& one) {
    if (one.info->code == 0x04) pop(ValType::kI32);
    const auto types = block_type(one.block_type);
    if (!types) return;
    pop_all(types->params);
    frames_.push_back({static_cast<uint8_t>(one.info->code), *types, operands_.size()});
    push_all(types->params);
  }
  void end() {
    const uint8_t opcode = frames_.back().opcode;
    const Types types = pop_frame();
    // An `if` without `else` passes its parameters on.
    if (opcode == 0x04 && !std::ranges::equal(types.params, types.results)) {
      fail("type mismatch");
    }
    if (!frames_.empty()) push_all(types.results);
  }
  void branch_table(const Instruction& one) {
    pop(ValType::kI32);
    Reader labels(m_.binary, one.immediates, function_.end);
    const uint32_t n = labels.u32();
    std::vector<uint32_t> targets;
    for (uint32_t i = 0; i <= n; ++i) targets.push_back(labels.u32());
    const auto last = label(targets.back());
    if (!last) return;
    const size_t arity = last->size();
    for (size_t i = 0; i < n && !error_; ++i) {
      if (i > 0 && targets[i] == targets[i - 1]) continue;
      const auto types = label(targets[i]);
      if (!types) return;
      if (types->size() != arity) return fail("type mismatch");
      // Types must fit without being consumed.
      std::vector<ValType> popped;
      for (auto it = types->rbegin(); it != types->rend(); ++it) popped.push_back(pop(*it));
      operands_.insert(operands_.end(), popped.rbegin(), popped.rend());
    }
    pop_all(*last);
    unreachable();
  }

  // ---- calls ----
  const FuncType* callee(const Instruction& one) {
    if (one.info->immediate == Immediate::kFunction) {
      if (one.index >= m_.function_types.size()) {
        unknown("function", one.index);
        return nullptr;
      }
      return &m_.type_of_function(one.index);
    }
    if (one.index2 >= m_.tables.size()) {
      unknown("table", one.index2);
      return nullptr;
    }
    if (m_.tables[one.index2].element != ValType::kFuncRef) {
      fail("type mismatch");
      return nullptr;
    }
    if (one.index >= m_.types.size()) {
      unknown("type", one.index);
      return nullptr;
    }
    return &m_.types[one.index];
  }
  void call(const Instruction& one, bool tail) {
    const FuncType* type = callee(one);
    if (!type) return;
    if (one.info->immediate == Immediate::kCallIndirect) pop(ValType::kI32);
    pop_all(type->params);
    if (!tail) return push_all(type->results);
    if (type->results != type_.results) fail("type mismatch");
    unreachable();
  }

  // ---- variables, tables, references ----
  bool known_table(uint32_t index) {
    if (index < m_.tables.size()) return true;
    unknown("table", index);
    return false;
  }
  bool known_memory(uint32_t index) {
    if (index < m_.memories.size()) return true;
    unknown("memory", index);
    return false;
  }
  ValType address(uint32_t memory) const {
    return m_.memories[memory].limits.is64 ? ValType::kI64 : ValType::kI32;
  }
  void local(const Instruction& one) {
    if (one.index >= locals_.size()) return unknown("local", one.index);
    const ValType type = locals_[one.index];
    if (one.info->code != 0x20) pop(type);
    if (one.info->code != 0x21) push(type);
  }
  void global(const Instruction& one) {
    if (one.index >= m_.globals.size()) return unknown("global", one.index);
    const GlobalType& type = m_.globals[one.index];
    if (one.info->code == 0x23) return push(type.type);
    if (!type.is_mutable) return fail("global is immutable");
    pop(type.type);
  }
  void table(const Instruction& one) {
    if (!known_table(one.index)) return;
    const ValType element = m_.tables[one.index].element;
    if (one.info->prefix == 0) {
      if (one.info->code == 0x26) {
        pop(element);
        pop(ValType::kI32);
      } else {
        pop(ValType::kI32);
        push(element);
      }
      return;
    }
    switch (one.info->code) {
      case 15:  // table.grow
        pop(ValType::kI32);
        pop(element);
        push(ValType::kI32);
        break;
      case 16:  // table.size
        push(ValType::kI32);
        break;
      case 17:  // table.fill
        pop(ValType::kI32);
        pop(element);
        pop(ValType::kI32);
        break;
    }
  }
  void select() {
    pop(ValType::kI32);
    const ValType one = pop(), two = pop();
    if (!is_number(one) || !is_number(two) || (one != two && one != kUnknown && two != kUnknown)) {
      return fail("type mismatch");
    }
    push(one == kUnknown ? two : one);
  }
  void select_typed(const Instruction& one) {
    if (one.index != 1) return fail("invalid result arity");
    Reader types(m_.binary, one.immediates, function_.end);
    types.u32();
    const ValType type = read_value_type(types);
    pop(ValType::kI32);
    pop(type);
    pop(type);
    push(type);
  }

  void instruction(const Instruction& one) {
    const OpcodeInfo& info = *one.info;
    if (info.signature != "*") return typed(one);
    if (info.prefix == 0xFC) {
      if (info.code != 10) return table(one);
      // memory.copy: destination, source, and a size of the smaller address type.
      if (!known_memory(one.index) || !known_memory(one.index2)) return;
      const ValType to = address(one.index), from = address(one.index2);
      pop(to == ValType::kI64 && from == ValType::kI64 ? ValType::kI64 : ValType::kI32);
      pop(from);
      pop(to);
      return;
    }
    switch (info.code) {
      case 0x00:
        return unreachable();
      case 0x01:
        return;
      case 0x02:
      case 0x03:
      case 0x04:
        return enter(one);
      case 0x05: {
        if (frames_.back().opcode != 0x04) return fail("type mismatch");
        const Types types = pop_frame();
        frames_.push_back({0x05, types, operands_.size()});
        return push_all(types.params);
      }
      case 0x0B:
        return end();
      case 0x0C:
        if (const auto types = label(one.index)) {
          pop_all(*types);
          unreachable();
        }
        return;
      case 0x0D:
        pop(ValType::kI32);
        if (const auto types = label(one.index)) {
          pop_all(*types);
          push_all(*types);
        }
        return;
      case 0x0E:
        return branch_table(one);
      case 0x0F:
        pop_all(type_.results);
        return unreachable();
      case 0x10:
      case 0x11:
        return call(one, false);
      case 0x12:
      case 0x13:
        return call(one, true);
      case 0x1A:
        pop();
        return;
      case 0x1B:
        return select();
      case 0x1C:
        return select_typed(one);
      case 0x20:
      case 0x21:
      case 0x22:
        return local(one);
      case 0x23:
      case 0x24:
        return global(one);
      case 0x25:
      case 0x26:
        return table(one);
      case 0xD0: {
        Reader type(m_.binary, one.immediates, function_.end);
        return push(read_reference_type(type));
      }
      case 0xD1:
        if (!is_reference(pop())) fail("type mismatch");
        return push(ValType::kI32);
      case 0xD2:
        if (one.index >= m_.function_types.size()) return unknown("function", one.index);
        if (!m_.declared_functions[one.index]) return fail("undeclared function reference");
        return push(ValType::kFuncRef);
    }
  }

  // Instructions whose type stands in the table; their immediates are checked here.
  void typed(const Instruction& one) {
    const OpcodeInfo& info = *one.info;
    ValType pointer = ValType::kI32;
    switch (info.immediate) {
      case Immediate::kMemArg:
      case Immediate::kMemArgLane:
      case Immediate::kAtomicArg: {
        if (!known_memory(one.memarg.memory)) return;
        pointer = address(one.memarg.memory);
        if (info.immediate == Immediate::kAtomicArg) {
          // Threads proposal: the alignment of an atomic access equals the natural one.
          if (one.memarg.align > info.argument) {
            return fail("alignment must not be larger than natural");
          }
          if (one.memarg.align != info.argument) return fail("atomic alignment must be natural");
        } else if (one.memarg.align > info.argument) {
          return fail("alignment must not be larger than natural");
        }
        if (pointer == ValType::kI32 && one.memarg.offset > 0xFFFFFFFF) {
          return fail("offset out of range");
        }
        if (info.immediate == Immediate::kMemArgLane && one.lane >= (16u >> info.argument)) {
          return fail("invalid lane index");
        }
        break;
      }
      case Immediate::kMemory:
        if (!known_memory(one.index)) return;
        pointer = address(one.index);
        break;
      case Immediate::kDataMemory:
        if (!known_memory(one.index2)) return;
        pointer = address(one.index2);
        [[fallthrough]];
      case Immediate::kData:
        if (one.index >= m_.data_count.value_or(0)) return unknown("data segment", one.index);
        break;
      case Immediate::kElemTable:
        if (!known_table(one.index2)) return;
        if (one.index >= m_.elements.size()) return unknown("elem segment", one.index);
        if (m_.elements[one.index].type != m_.tables[one.index2].element) {
          return fail("type mismatch");
        }
        break;
      case Immediate::kElem:
        if (one.index >= m_.elements.size()) return unknown("elem segment", one.index);
        break;
      case Immediate::kTableTable:
        if (!known_table(one.index) || !known_table(one.index2)) return;
        if (m_.tables[one.index].element != m_.tables[one.index2].element) {
          return fail("type mismatch");
        }
        break;
      case Immediate::kLane:
        if (one.lane >= info.argument) return fail("invalid lane index");
        break;
      case Immediate::kShuffle:
        for (size_t i = 0; i < 16; ++i) {
          if (m_.binary[one.immediates + i] >= 32) return fail("invalid lane index");
        }
        break;
      default:
        break;
    }
    const auto type_of = [&](char c) { return c == 'p' ? pointer : signature_type(c); };
    const size_t arrow = info.signature.find('>');
    for (size_t i = arrow; i-- > 0;) pop(type_of(info.signature[i]));
    for (size_t i = arrow + 1; i < info.signature.size(); ++i) push(type_of(info.signature[i]));
  }

  const Module& m_;
  const Function& function_;
  const FuncType& type_;
  Reader in_;
  size_t at_ = 0;
  std::vector<ValType> locals_;
  std::vector<ValType> operands_;
  std::vector<Frame> frames_;
  std::optional<ModuleError> error_;
};

}  // namespace

std::optional<ModuleError> validate_body(const Module& module, uint32_t defined_index) {
  return Body(module, defined_index).run();
}

}  // namespace weft::module
