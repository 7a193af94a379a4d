// Building expressions, with the simplifications that decide what depends on what was read:
// constants are folded, and `v ^ v` and `v - v` are 0.
#include "reference/model/expression.h"

namespace weft::model {

bool ExprPool::equal(ExprId a, ExprId b) const {
  if (a == b) return true;
  const Expr &x = nodes_[a], &y = nodes_[b];
  if (x.op != y.op || x.bits != y.bits || x.to_bits != y.to_bits || x.event != y.event ||
      x.constant != y.constant) {
    return false;
  }
  switch (x.op) {
    case Expr::Op::constant:
    case Expr::Op::data:
    case Expr::Op::length:
      return true;
    case Expr::Op::pages:
    case Expr::Op::wrap:
    case Expr::Op::sign_extend:
      return equal(x.a, y.a);
    default:
      return equal(x.a, y.a) && equal(x.b, y.b);
  }
}

ExprId ExprPool::binary(Expr::Op op, ExprId a, ExprId b) {
  if (is_constant(a) && is_constant(b)) {
    return folded(apply(op, nodes_[a].constant, nodes_[b].constant),
                  nodes_[a].reads | nodes_[b].reads);
  }
  const auto is = [&](ExprId id, uint64_t value) {
    return is_constant(id) && nodes_[id].constant == value && nodes_[id].reads == 0;
  };
  if ((op == Expr::Op::bit_xor || op == Expr::Op::sub) && equal(a, b)) return constant(0);
  if (op == Expr::Op::bit_and && (is(a, 0) || is(b, 0))) return constant(0);
  if (op != Expr::Op::bit_and && is(b, 0)) return a;
  if (op != Expr::Op::bit_and && op != Expr::Op::sub && is(a, 0)) return b;
  nodes_.push_back({.op = op, .a = a, .b = b, .reads = nodes_[a].reads | nodes_[b].reads});
  return last();
}

ExprId ExprPool::rmw(RmwOp op, ExprId old, ExprId operand) {
  switch (op) {
    case RmwOp::add:
      return binary(Expr::Op::add, old, operand);
    case RmwOp::sub:
      return binary(Expr::Op::sub, old, operand);
    case RmwOp::bit_and:
      return binary(Expr::Op::bit_and, old, operand);
    case RmwOp::bit_or:
      return binary(Expr::Op::bit_or, old, operand);
    case RmwOp::bit_xor:
      return binary(Expr::Op::bit_xor, old, operand);
    case RmwOp::exchange:
      return operand;
  }
  return operand;
}

ExprId ExprPool::wrap(ExprId a, unsigned bits) {
  if (bits >= 64) return a;
  if (is_constant(a)) return folded(low_bits(nodes_[a].constant, bits), nodes_[a].reads);
  if (nodes_[a].op == Expr::Op::wrap && nodes_[a].bits <= bits) return a;
  nodes_.push_back(
      {.op = Expr::Op::wrap, .bits = static_cast<uint8_t>(bits), .a = a, .reads = nodes_[a].reads});
  return last();
}

ExprId ExprPool::sign_extend(ExprId a, unsigned bits, unsigned to_bits) {
  if (is_constant(a)) {
    return folded(low_bits(extend_sign(nodes_[a].constant, bits), to_bits), nodes_[a].reads);
  }
  nodes_.push_back({.op = Expr::Op::sign_extend,
                    .bits = static_cast<uint8_t>(bits),
                    .to_bits = static_cast<uint8_t>(to_bits),
                    .a = a,
                    .reads = nodes_[a].reads});
  return last();
}

}  // namespace weft::model
