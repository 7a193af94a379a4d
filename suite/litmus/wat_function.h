// One thread of the WAT form: the body of an exported function, run over symbols, becomes
// statements of a litmus test. Knows no header, no other function.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reference/module/decode.h"
#include "suite/litmus/ast.h"

namespace weft::suite::litmus {

// What an entry of the operand stack, or a local, holds: an expression, or base + expression.
struct Symbol {
  bool based = false;
  Expr value;
  bool fresh = false;  // the result of the statement just made: a local.set may name it
};

class FunctionReader {
  using Instruction = module::Instruction;

 public:
  FunctionReader(LitmusTest& test, const module::Module& m, const module::Function& function,
                 std::string name)
      : test_(test),
        m_(m),
        function_(function),
        type_(m.types[function.type_index]),
        in_(m.binary, function.begin, function.end),
        name_(std::move(name)) {}

  Expected<Thread> run();

 private:
  void complain(const Instruction& one, const std::string& what);

  Symbol pop();

  // Up to the `end` or `else` of this block; true if it was `else`.
  bool block(Block& out);

  void combine(const Instruction& one, Expr::Kind kind);

  // A based value with the static offset: location + constant (+ register).
  std::optional<Address> address(const Instruction& one, const Symbol& s, uint64_t offset);

  void operation(const Instruction& one, Block& out);

  void local_set(const Instruction& one, Block& out, bool tee);
  void push_register(uint32_t reg);

  // `if` on a comparison of a register with a constant.
  void branch(const Instruction& one, Block& out);
  void compare(const Instruction& one, bool negated);

  void instruction(const Instruction& one, Block& out);

  LitmusTest& test_;
  const module::Module& m_;
  const module::Function& function_;
  const module::FuncType& type_;
  module::Reader in_;
  std::string name_, error_;
  Thread thread_;
  std::vector<std::optional<uint32_t>> locals_;
  std::vector<Symbol> stack_;
  std::optional<Statement> condition_;
};

}  // namespace weft::suite::litmus
