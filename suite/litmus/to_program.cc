#include "suite/litmus/to_program.h"

#include <fmt/core.h>

namespace weft::suite::litmus {
namespace {

using module::Immediate;
using module::OpcodeInfo;

model::Shape shape_of(const OpcodeInfo& opcode) {
  model::Shape shape;
  const std::string_view name = opcode.name;
  if (name == "memory.atomic.wait64") {
    shape.type = model::Type::i64;
  } else if (name.starts_with("i64")) {
    shape.type = model::Type::i64;
  } else if (name.starts_with("f32")) {
    shape.type = model::Type::f32;
  } else if (name.starts_with("f64")) {
    shape.type = model::Type::f64;
  }
  shape.bytes = static_cast<uint8_t>(access_bytes(opcode));
  shape.mode = opcode.immediate == Immediate::kAtomicArg ? model::Mode::atomic : model::Mode::plain;
  shape.sign_extend = name.ends_with("_s");
  return shape;
}

class Converter {
 public:
  explicit Converter(const LitmusTest& test) : test_(test) {}

  Expected<model::Program> run() {
    model::Program out;
    out.name = test_.name;
    out.memories.push_back({"memory", test_.min_pages, test_.max_pages});
    for (const Location& l : test_.locations) out.locations.push_back({l.name, 0, l.address});
    for (const Init& init : test_.inits) {
      out.init.push_back({shape_of(*init.opcode), 0,
                          uint64_t{test_.locations[init.location].address} + init.offset,
                          init.value});
    }
    for (const Observe& o : test_.observes) {
      const Location& l = test_.locations[o.location];
      out.observe.push_back(
          {observe_label(test_, o), shape_of(*o.opcode), 0, uint64_t{l.address} + o.offset});
    }
    for (const Thread& thread : test_.threads) {
      model::Thread to;
      for (const Register& r : thread.registers) {
        to.registers.push_back(
            {r.name, r.type == 'I' ? model::Type::i64 : model::Type::i32, r.hidden()});
      }
      thread_ = &thread;
      if (auto ok = block(thread.body, to.body); !ok) return tl::unexpected(ok.error());
      out.threads.push_back(std::move(to));
    }
    return out;
  }

 private:
  void add_terms(const Expr& e, model::Term::Op op, std::vector<model::Term>& terms) const {
    switch (e.kind) {
      case Expr::Kind::kConst:
        terms.push_back({op, false, 0, e.value});
        break;
      case Expr::Kind::kRegister:
        terms.push_back({op, true, e.reg, 0});
        break;
      default:
        // The reader splits at the last operator, so the right side is a single operand and
        // evaluation from the left gives the same value.
        add_terms(*e.left, op, terms);
        add_terms(*e.right,
                  e.kind == Expr::Kind::kSum ? model::Term::Op::add : model::Term::Op::exclusive_or,
                  terms);
    }
  }
  model::Operand operand(const Expr& e) const {
    model::Operand out;
    add_terms(e, model::Term::Op::add, out.terms);
    return out;
  }
  model::Address address(const Address& a) const {
    model::Address out;
    out.offset = uint64_t{test_.locations[a.location].address} + a.offset;
    if (a.reg) out.operand = model::Operand::of_register(*a.reg);
    return out;
  }

  Expected<void> block(const Block& from, std::vector<model::Operation>& to) {
    for (const Statement& s : from) {
      if (s.kind == Statement::Kind::kRepeat) {
        for (uint32_t i = 0; i < s.times; ++i) {
          if (auto ok = block(s.then_block, to); !ok) return ok;
        }
        continue;
      }
      model::Operation op;
      if (s.kind == Statement::Kind::kIf) {
        op.kind = model::Operation::Kind::branch;
        op.left = model::Operand::of_register(s.reg);
        op.right = model::Operand::constant(s.value);
        op.equal = !s.negated;
        if (auto ok = block(s.then_block, op.then_body); !ok) return ok;
        if (auto ok = block(s.else_block, op.else_body); !ok) return ok;
      } else if (auto ok = operation(s, op); !ok) {
        return ok;
      }
      to.push_back(std::move(op));
    }
    return {};
  }

  Expected<uint64_t> constant(const Statement& s, size_t i) const {
    if (s.operands[i].kind == Expr::Kind::kConst) return s.operands[i].value;
    return fail("{}:{}:{}: operand {} of {} must be a constant", test_.file, s.place.line,
                s.place.column, i + 1, s.opcode->name);
  }

  Expected<void> operation(const Statement& s, model::Operation& op) {
    using Kind = model::Operation::Kind;
    const std::string_view name = s.opcode->name;
    op.text = statement_text(test_, *thread_, s);
    op.shape = shape_of(*s.opcode);
    op.dst = s.result.value_or(model::kNoRegister);
    if (s.address) op.address = address(*s.address);
    if (s.source) op.source = address(*s.source);
    const auto length = [&](size_t i) -> Expected<void> {
      auto value = constant(s, i);
      if (!value) return tl::unexpected(value.error());
      op.length = *value;
      return {};
    };
    if (name == "atomic.fence") {
      op.kind = Kind::fence;
    } else if (name == "memory.size") {
      op.kind = Kind::size;
    } else if (name == "memory.grow") {
      op.kind = Kind::grow;
      op.value = operand(s.operands[0]);
    } else if (name == "memory.fill") {
      op.kind = Kind::fill;
      op.value = operand(s.operands[0]);
      return length(1);
    } else if (name == "memory.copy") {
      op.kind = Kind::copy;
      return length(0);
    } else if (name == "memory.init") {
      op.kind = Kind::init;
      auto from = constant(s, 0), size = constant(s, 1);
      if (!from) return tl::unexpected(from.error());
      if (!size) return tl::unexpected(size.error());
      if (*from > test_.data.size() || *size > test_.data.size() - *from) {
        return fail("{}:{}:{}: memory.init reads beyond the {} bytes of `data`", test_.file,
                    s.place.line, s.place.column, test_.data.size());
      }
      op.bytes.assign(test_.data.begin() + static_cast<long>(*from),
                      test_.data.begin() + static_cast<long>(*from + *size));
    } else if (name == "memory.atomic.notify") {
      op.kind = Kind::notify;
      op.value = operand(s.operands[0]);
    } else if (name.starts_with("memory.atomic.wait")) {
      op.kind = Kind::wait;
      op.expected = operand(s.operands[0]);
      auto timeout = constant(s, 1);
      if (!timeout) return tl::unexpected(timeout.error());
      op.has_timeout = static_cast<int64_t>(*timeout) >= 0;
    } else if (name.find("cmpxchg") != std::string_view::npos) {
      op.kind = Kind::cmpxchg;
      op.expected = operand(s.operands[0]);
      op.value = operand(s.operands[1]);
    } else if (name.find(".rmw") != std::string_view::npos) {
      op.kind = Kind::rmw;
      op.value = operand(s.operands[0]);
      static constexpr std::pair<std::string_view, model::RmwOp> kOps[] = {
          {".add", model::RmwOp::add},     {".sub", model::RmwOp::sub},
          {".and", model::RmwOp::bit_and}, {".or", model::RmwOp::bit_or},
          {".xor", model::RmwOp::bit_xor}, {".xchg", model::RmwOp::exchange}};
      for (const auto& [part, rmw] : kOps) {
        if (name.rfind(part) != std::string_view::npos) op.op = rmw;
      }
    } else if (name.find("store") != std::string_view::npos) {
      op.kind = Kind::store;
      op.value = operand(s.operands[0]);
    } else if (name.find("load") != std::string_view::npos) {
      op.kind = Kind::load;
    } else {
      return fail("{}:{}:{}: the model has no operation for {}", test_.file, s.place.line,
                  s.place.column, name);
    }
    return {};
  }

  const LitmusTest& test_;
  const Thread* thread_ = nullptr;
};

}  // namespace

Expected<model::Program> to_program(const LitmusTest& test) { return Converter(test).run(); }

}  // namespace weft::suite::litmus
