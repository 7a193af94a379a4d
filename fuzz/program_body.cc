#include "fuzz/program_body.h"

#include <algorithm>
#include <optional>

#include "fuzz/program_instructions.h"

namespace weft::fuzz {
namespace {

using module::FuncType;
using module::Immediate;
using module::OpcodeInfo;
using module::ValType;
using enum module::ValType;
using Types = std::vector<ValType>;

constexpr unsigned kDepth = 5;     // of nested expressions and blocks
constexpr unsigned kBudget = 300;  // expressions and statements of one function
class Body {
 public:
  Body(const ProgramScope& scope, uint32_t index, ProgramInput& input)
      : scope_(scope), index_(index), in_(input), type_(scope.functions[index]) {}

  Bytes generate() {
    locals_ = type_.params;
    out_.unsigned_leb(kNumeric.size());
    for (ValType type : kNumeric) {
      out_.unsigned_leb(2);
      out_.type(type);
      locals_.push_back(type);
      if (type == kI32 || type == kI64) locals_.push_back(type);
      // The second local of a float type holds what is tested for NaN.
      if (type == kF32) locals_.push_back(kFuncRef);
    }
    scratch_f32_ = static_cast<uint32_t>(type_.params.size()) + 5;
    scratch_f64_ = scratch_f32_ + 2;
    burn(16);
    statements(kDepth);
    for (ValType type : type_.results) expression(type, kDepth);
    out_.byte(0x0B);
    return std::move(out_.bytes);
  }

 private:
  bool leaf_only(unsigned depth) { return depth == 0 || in_.done() || ++spent_ > kBudget; }

  void op(unsigned code, std::optional<uint64_t> immediate = {}) {
    out_.byte(code);
    if (immediate) out_.unsigned_leb(*immediate);
  }
  void i32_const(uint32_t value) { out_.constant(kI32, value); }

  void burn(uint32_t amount) {
    op(0x23, kFuelGlobal);
    i32_const(amount);
    op(0x6B);
    op(0x24, kFuelGlobal);
    op(0x23, kFuelGlobal);
    i32_const(0);
    op(0x48);  // i32.lt_s
    op(0x04), op(0x40), op(0x00), op(0x0B);
  }

  // One of those in `types` that are `type`; empty: none.
  std::optional<uint32_t> pick(const Types& types, ValType type, uint32_t first = 0) {
    std::vector<uint32_t> found;
    for (uint32_t i = first; i < types.size(); ++i) {
      if (types[i] == type) found.push_back(i);
    }
    if (found.empty()) return {};
    return found[in_.below(static_cast<uint32_t>(found.size()))];
  }

  void leaf(ValType type) {
    const uint32_t kind = in_.below(4);
    if (kind >= 2) {
      if (const auto local = pick(locals_, type)) return op(0x20, *local);
    } else if (kind == 1) {
      if (const auto global = pick(scope_.globals, type, 1)) return op(0x23, *global);
    }
    out_.constant(type, in_.bits(type));
  }

  // Mostly within the first page; sometimes anything.
  void address(unsigned depth) {
    const uint32_t kind = in_.below(8);
    expression(kI32, depth);
    if (kind == 7) return;
    static constexpr uint32_t kMasks[] = {0xF8, 0xFF, 0xFFF8, 0xFC, 0xFFFF, 0x1FFFF, 0x3F};
    i32_const(kMasks[kind]);
    op(0x71);  // i32.and
  }

  void memory_argument(const OpcodeInfo& info) {
    const bool atomic = info.immediate == Immediate::kAtomicArg;
    out_.unsigned_leb(atomic ? info.argument : in_.below(info.argument + 1));
    const uint32_t kind = in_.below(16);
    if (kind < 8) return out_.unsigned_leb(0);
    // A multiple of 8, a small one, one at the end of a page, any.
    if (kind < 11) return out_.unsigned_leb(in_.byte() * 8);
    if (kind < 14) return out_.unsigned_leb(in_.byte());
    out_.unsigned_leb(kind == 14 ? 0xFFF0 + in_.below(32) : in_.raw(4));
  }

  void instruction(const OpcodeInfo& info, unsigned depth) {
    for (char letter : info.signature.substr(0, info.signature.find('>'))) {
      letter == 'p' ? address(depth) : expression(type_of(letter), depth);
    }
    if (info.prefix != 0) {
      op(info.prefix, info.code);
    } else {
      op(info.code);
    }
    if (info.immediate != Immediate::kNone) memory_argument(info);
    if (makes_nan(info)) canonical_nan(type_of(info.signature.back()));
  }

  void canonical_nan(ValType type) {
    const uint32_t scratch = type == kF32 ? scratch_f32_ : scratch_f64_;
    op(0x22, scratch);
    out_.constant(type, type == kF32 ? 0x7FC00000 : 0x7FF8000000000000u);
    op(0x20, scratch);
    op(0x20, scratch);
    op(type == kF32 ? 0x5B : 0x61);  // eq
    op(0x1B);                        // select
  }

  // `result` is what the block leaves; a branch to a loop carries nothing.
  void open(unsigned code, std::optional<ValType> result) {
    op(code);
    result ? out_.type(*result) : out_.byte(0x40);
    labels_.push_back(code == 0x03 ? std::nullopt : result);
  }
  void close() {
    op(0x0B);
    labels_.pop_back();
  }
  void inside(std::optional<ValType> result, unsigned depth) {
    statements(depth);
    if (result) expression(*result, depth);
  }

  void structured(unsigned code, std::optional<ValType> result, unsigned depth) {
    if (code == 0x04) expression(kI32, depth);
    open(code, result);
    if (code == 0x03) burn(1);
    inside(result, depth);
    if (code == 0x04) {
      op(0x05);
      inside(result, depth);
    } else {
      // The result, if any, is below the condition; br_if leaves it there.
      expression(kI32, depth);
      op(0x0D, 0);
    }
    close();
  }

  void arguments(const FuncType& type, unsigned depth) {
    for (ValType param : type.params) expression(param, depth);
  }

  // A call of a function whose results are `wanted`, or of any (empty): it leaves its results.
  const FuncType* call(std::optional<ValType> wanted, unsigned depth) {
    const bool indirect = in_.below(2) != 0;
    std::vector<uint32_t> found;
    const size_t end = indirect ? scope_.functions.size() : index_;
    for (uint32_t i = 0; i < end; ++i) {
      const Types& results = scope_.functions[i].results;
      if (!wanted || (results.size() == 1 && results[0] == *wanted)) found.push_back(i);
    }
    if (found.empty()) return nullptr;
    const uint32_t callee = found[in_.below(static_cast<uint32_t>(found.size()))];
    const FuncType& type = scope_.functions[callee];
    arguments(type, depth);
    if (!indirect) {
      op(0x10, callee);
      return &type;
    }
    if (in_.below(4) != 0) {
      i32_const(callee);
    } else {
      expression(kI32, depth);
      i32_const(7);
      op(0x71);
    }
    op(0x11, callee);
    op(0);
    return &type;
  }

  void expression(ValType type, unsigned depth) {
    if (leaf_only(depth)) return leaf(type);
    --depth;
    switch (in_.below(16)) {
      case 0:
        return leaf(type);
      case 1:
        return structured(0x02, type, depth);
      case 2:
        return structured(0x03, type, depth);
      case 3:
        return structured(0x04, type, depth);
      case 4:
        expression(type, depth);
        expression(type, depth);
        expression(kI32, depth);
        return op(0x1B);
      case 5:
      case 6:
        if (call(type, depth)) return;
        return leaf(type);
      case 7:
        if (const auto local = pick(locals_, type)) {
          expression(type, depth);
          return op(0x22, *local);
        }
        return leaf(type);
      case 8:
        if (type == kI32) {
          const bool grow = in_.below(2) != 0;
          if (grow) expression(kI32, depth);
          return op(grow ? 0x40 : 0x3F, 0);
        }
        [[fallthrough]];
      default: {
        const auto& choices =
            instructions()
                .giving[std::find(kNumeric.begin(), kNumeric.end(), type) - kNumeric.begin()];
        return instruction(choices[in_.below(static_cast<uint32_t>(choices.size()))], depth);
      }
    }
  }

  void branch(unsigned depth) {
    if (labels_.empty()) return;
    const auto target = in_.below(static_cast<uint32_t>(labels_.size()));
    const uint32_t label = static_cast<uint32_t>(labels_.size()) - 1 - target;
    const auto type = labels_[target];
    if (type) expression(*type, depth);
    expression(kI32, depth);
    op(0x0D, label);
    if (type) op(0x1A);
  }

  // br and br_table end the block around them, which stands here for that.
  void jump(unsigned depth) {
    open(0x02, std::nullopt);
    const auto type = labels_[in_.below(static_cast<uint32_t>(labels_.size()))];
    std::vector<uint32_t> same;
    for (size_t i = 0; i < labels_.size(); ++i) {
      if (labels_[i] == type) same.push_back(static_cast<uint32_t>(labels_.size() - 1 - i));
    }
    if (type) expression(*type, depth);
    const auto any = [&] { return same[in_.below(static_cast<uint32_t>(same.size()))]; };
    const uint32_t entries = in_.below(5);
    if (entries == 4) {
      op(0x0C, any());
    } else {
      expression(kI32, depth);
      op(0x0E, entries);
      for (uint32_t i = 0; i <= entries; ++i) out_.unsigned_leb(any());
    }
    close();
  }

  void size(unsigned depth, uint32_t mask) {
    expression(kI32, depth);
    if (in_.below(8) == 7) return;
    i32_const(mask);
    op(0x71);
  }

  void bulk(unsigned depth) {
    const uint32_t kind = in_.below(8);
    if (kind == 7) return op(0xFC), op(0x09), op(0);  // data.drop
    address(depth);
    if (kind < 3) {  // memory.init
      size(depth, scope_.data_size);
      size(depth, scope_.data_size / 2);
      op(0xFC), op(0x08), op(0), op(0);
    } else if (kind < 5) {  // memory.copy
      address(depth);
      size(depth, 0xFFF);
      op(0xFC), op(0x0A), op(0), op(0);
    } else {  // memory.fill
      expression(kI32, depth);
      size(depth, 0xFFF);
      op(0xFC), op(0x0B), op(0);
    }
  }

  void statements(unsigned depth) {
    for (uint32_t n = in_.below(4); n > 0; --n) statement(depth);
  }

  void statement(unsigned depth) {
    if (leaf_only(depth)) return;
    --depth;
    const ValType type = kNumeric[in_.below(4)];
    switch (in_.below(16)) {
      case 0:
        expression(type, depth);
        return op(0x1A);
      case 1:
      case 2:
        if (const auto local = pick(locals_, type)) {
          expression(type, depth);
          op(0x21, *local);
        }
        return;
      case 3:
        if (const auto global = pick(scope_.globals, type, 1)) {
          expression(type, depth);
          op(0x24, *global);
        }
        return;
      case 4:
        return bulk(depth);
      case 5:
        return structured(0x02, std::nullopt, depth);
      case 6:
        return structured(0x03, std::nullopt, depth);
      case 7:
        return structured(0x04, std::nullopt, depth);
      case 8:
        return branch(depth);
      case 9:
        return jump(depth);
      case 10:
        if (const FuncType* called = call({}, depth)) {
          for (size_t i = 0; i < called->results.size(); ++i) op(0x1A);
        }
        return;
      case 11:  // return, where a condition holds
        expression(kI32, depth);
        open(0x04, std::nullopt);
        for (ValType result : type_.results) expression(result, depth);
        op(0x0F);
        return close();
      default: {
        const auto& stores = instructions().stores;
        return instruction(stores[in_.below(static_cast<uint32_t>(stores.size()))], depth);
      }
    }
  }

  const ProgramScope& scope_;
  uint32_t index_;
  ProgramInput& in_;
  const FuncType& type_;
  Types locals_;  // the scratch ones under a type that nobody asks for
  uint32_t scratch_f32_ = 0, scratch_f64_ = 0;
  std::vector<std::optional<ValType>> labels_;
  unsigned spent_ = 0;
  BinaryWriter out_;
};

}  // namespace

Bytes generate_body(const ProgramScope& scope, uint32_t index, ProgramInput& input) {
  return Body(scope, index, input).generate();
}

}  // namespace weft::fuzz
