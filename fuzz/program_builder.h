// The state of the body that is being generated, and what writes it, by subject; internal to the
// generator of bodies. Every method leaves the operand stack as its comment says. Knows no engine.
#pragma once

#include <optional>
#include <vector>

#include "fuzz/program_body.h"
#include "fuzz/program_instructions.h"
#include "fuzz/program_writer.h"

namespace weft::fuzz {

class Builder {
 public:
  using ValType = module::ValType;
  using FuncType = module::FuncType;
  using Types = std::vector<ValType>;

  Builder(const ProgramScope& scope, uint32_t index, Dialect dialect, ProgramInput& input)
      : scope_(scope), dialect_(dialect), in_(input), index_(index), type_(scope.type_of(index)) {}

  GeneratedBody generate();

 private:
  static constexpr unsigned kDepth = 5;     // of nested expressions and blocks
  static constexpr unsigned kBudget = 300;  // expressions and statements of one function
  static constexpr int32_t kLoopFuel = 64;  // loops end before the fuel is gone

  struct Label {
    Types types;  // what a branch to it carries
    bool loop;
  };
  // Of a block: what it takes and leaves, and its block type in the binary.
  struct Shape {
    Types params, results;
    int64_t encoded;
  };

  // program_body.cc: values. `expression` pushes one value of the type.
  void expression(ValType type, unsigned depth);
  void expressions(const Types& types, unsigned depth) {
    for (ValType type : types) expression(type, depth);
  }
  void leaf(ValType type);
  void instruction(const Instruction& chosen, unsigned depth);
  void settle_nan(Instruction::Nan nan);
  void select(ValType type, unsigned depth);
  void statement(unsigned depth);
  void statements(unsigned depth);

  // program_control.cc
  void burn(int32_t amount, bool forgiving);
  void fuel_left();  // pushes whether loops may go on
  void structured(unsigned code, std::optional<ValType> wanted, unsigned depth);
  void branch(unsigned depth);
  void jump(unsigned depth);
  void leave(unsigned depth);
  // False: nothing was written, for want of a function. Its results stay on the stack.
  bool call(std::optional<ValType> wanted, unsigned depth, Types& results);
  void tail_call(unsigned depth);
  uint32_t call_operands(uint32_t callee, bool indirect, unsigned depth, uint32_t& table);
  Shape shape(std::optional<ValType> wanted);
  void take(const Types& types);  // pops what a block is given
  // Of the values on the top, keeps one of the type wanted, if any.
  void keep(const Types& types, std::optional<ValType> wanted);

  // program_access.cc: memories.
  uint32_t any_memory() { return in_.below(static_cast<uint32_t>(scope_.memories.size())); }
  ValType address_type(uint32_t memory) const {
    return scope_.memories[memory].is64 ? ValType::kI64 : ValType::kI32;
  }
  void masked(ValType type, uint64_t mask, unsigned depth);  // pushes an integer, mostly masked
  void access(const Instruction& chosen, unsigned depth);
  void wait_or_notify(const Instruction& chosen, uint32_t memory, unsigned depth);
  void bulk(unsigned depth);
  void grow_or_size(uint32_t memory, unsigned depth);
  std::optional<uint32_t> memory_addressed_by(ValType type);

  // program_tables.cc
  std::optional<uint32_t> table_of(ValType type);
  void table_statement(unsigned depth);
  void table_get(uint32_t table, unsigned depth);
  void table_i32(unsigned depth);  // pushes what a table instruction or ref.is_null gives

  bool leaf_only(unsigned depth) { return depth == 0 || in_.done() || ++spent_ > kBudget; }
  void op(unsigned code) {
    written_.plain.set(code);
    out_.byte(code);
  }
  void op(unsigned code, uint64_t immediate) {
    op(code);
    out_.unsigned_leb(immediate);
  }
  void prefixed(unsigned prefix, unsigned code, std::initializer_list<uint32_t> immediates = {}) {
    if (prefix == 0xFE) written_.atomic.set(code);
    out_.byte(prefix);
    out_.unsigned_leb(code);
    for (uint32_t immediate : immediates) out_.unsigned_leb(immediate);
  }
  void i32_const(uint32_t value) { out_.constant(ValType::kI32, value); }
  uint32_t scratch(ValType type) const {
    return first_scratch_ + static_cast<uint32_t>(place_of(type));
  }
  // One of those in `types` that are `type`; empty: none.
  std::optional<uint32_t> pick(const Types& types, ValType type, uint32_t first = 0);
  uint32_t one_of(const std::vector<uint32_t>& found) {
    return found[in_.below(static_cast<uint32_t>(found.size()))];
  }
  ValType any_type() { return some_type(in_); }

  const ProgramScope& scope_;
  const Dialect dialect_;
  ProgramInput& in_;
  const uint32_t index_;
  const FuncType& type_;
  Types locals_;  // those that may be chosen; behind them one scratch local of each type
  uint32_t first_scratch_ = 0;
  std::vector<Label> labels_;
  unsigned spent_ = 0;
  bool stands_in_ = false;
  WrittenOpcodes written_;
  BinaryWriter out_;
};

}  // namespace weft::fuzz
