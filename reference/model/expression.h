// Values of registers and stores as expressions over what the events of an execution read. A pool
// of nodes that grows and is cut back with the search; no search, no events' meaning.
#pragma once

#include <cstdint>
#include <vector>

#include "reference/model/program.h"
#include "reference/model/relation.h"

namespace weft::model {

using ExprId = uint32_t;

struct Expr {
  enum class Op : uint8_t {
    constant,
    data,
    length,
    add,
    sub,
    bit_and,
    bit_or,
    bit_xor,
    wrap,
    sign_extend,
    pages
  };
  Op op = Op::constant;
  uint8_t bits = 64;     // wrap, sign_extend: width of the operand that counts
  uint8_t to_bits = 64;  // sign_extend: width of the result
  ExprId a = 0, b = 0;
  unsigned event = 0;  // data: the bytes that this event read; length: the length that it read
  uint64_t constant = 0;
  Mask reads = 0;  // events on whose read value it depends (after simplification)
};

constexpr uint64_t low_bits(uint64_t value, unsigned bits) {
  return bits >= 64 ? value : value & ((uint64_t{1} << bits) - 1);
}

constexpr uint64_t extend_sign(uint64_t value, unsigned bits) {
  const uint64_t low = low_bits(value, bits);
  return bits < 64 && (low >> (bits - 1) & 1) ? low | ~((uint64_t{1} << bits) - 1) : low;
}

class ExprPool {
 public:
  void clear() { nodes_.clear(); }
  size_t size() const { return nodes_.size(); }
  void cut(size_t size) { nodes_.resize(size); }
  const Expr& at(ExprId id) const { return nodes_[id]; }
  bool is_constant(ExprId id) const { return nodes_[id].op == Expr::Op::constant; }

  ExprId constant(uint64_t value) {
    nodes_.push_back({.constant = value});
    return last();
  }
  // A value that the path already knows, but that depends on what `event` read or found.
  ExprId known(uint64_t value, unsigned event) {
    nodes_.push_back({.constant = value, .reads = bit(event)});
    return last();
  }
  // The raw bytes that `event` read, as an unsigned number.
  ExprId data(unsigned event) {
    nodes_.push_back({.op = Expr::Op::data, .event = event, .reads = bit(event)});
    return last();
  }
  // The length that `event` read: in bytes, or as pages.
  ExprId length_pages(unsigned event) {
    nodes_.push_back({.op = Expr::Op::length, .event = event, .reads = bit(event)});
    const ExprId length = last();
    nodes_.push_back({.op = Expr::Op::pages, .a = length, .reads = bit(event)});
    return last();
  }
  ExprId binary(Expr::Op op, ExprId a, ExprId b);
  // What an RMW writes; the caller takes the low bits.
  ExprId rmw(RmwOp op, ExprId old, ExprId operand);
  ExprId wrap(ExprId a, unsigned bits);
  ExprId sign_extend(ExprId a, unsigned bits, unsigned to_bits);

  // `data(event)` and `length(event)` give what was read.
  template <typename Data, typename Length>
  uint64_t evaluate(ExprId id, const Data& data, const Length& length) const {
    const Expr& e = nodes_[id];
    const auto value = [&](ExprId i) { return evaluate(i, data, length); };
    switch (e.op) {
      case Expr::Op::constant:
        return e.constant;
      case Expr::Op::data:
        return data(e.event);
      case Expr::Op::length:
        return length(e.event);
      case Expr::Op::pages:
        return value(e.a) / kPageBytes;
      case Expr::Op::wrap:
        return low_bits(value(e.a), e.bits);
      case Expr::Op::sign_extend:
        return low_bits(extend_sign(value(e.a), e.bits), e.to_bits);
      default:
        return apply(e.op, value(e.a), value(e.b));
    }
  }

  static uint64_t apply(Expr::Op op, uint64_t a, uint64_t b) {
    switch (op) {
      case Expr::Op::add:
        return a + b;
      case Expr::Op::sub:
        return a - b;
      case Expr::Op::bit_and:
        return a & b;
      case Expr::Op::bit_or:
        return a | b;
      default:
        return a ^ b;
    }
  }

 private:
  ExprId last() const { return static_cast<ExprId>(nodes_.size() - 1); }
  bool equal(ExprId a, ExprId b) const;
  ExprId folded(uint64_t value, Mask reads) {
    nodes_.push_back({.constant = value, .reads = reads});
    return last();
  }

  std::vector<Expr> nodes_;
};

}  // namespace weft::model
