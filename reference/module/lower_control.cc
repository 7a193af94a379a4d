// Lowering of structured control to branches with distances. Every operand that lives across a
// block's border lies in its own slot there (constants below the border excepted, which are the
// same on every path), so that all paths agree at the label.
#include <map>
#include <tuple>

#include "reference/module/lower_function.h"

namespace weft::module {
namespace {

struct BranchForms {
  Op plain, inverse;  // of two slots
  bool with_constant;
  bool is_i64;
};

// The branch that a comparison can be fused with; empty for any other instruction.
std::optional<BranchForms> branch_forms(Op op) {
  switch (op) {
#define INT_COMPARE(opcode, name, type, expression, inverse, mirror)             \
  case Op::name:                                                                 \
    return BranchForms{Op::br_##name, Op::br_##inverse, false, #name[1] == '6'}; \
  case Op::name##_i:                                                             \
    return BranchForms{Op::br_##name##_i, Op::br_##inverse##_i, true, #name[1] == '6'};
#include "reference/module/numeric.def"
    default:
      return std::nullopt;
  }
}

bool distance_is_in_first_word(Op op) {
  return op == Op::br || op == Op::br_nez || op == Op::br_eqz;
}

}  // namespace

std::pair<std::vector<ValType>, std::vector<ValType>> FunctionLowering::block_type() {
  if (reader_.peek() == 0x40) {
    reader_.byte();
    return {};
  }
  const int64_t type = reader_.signed_leb();
  if (type < 0) return {{}, {static_cast<ValType>(type & 0x7F)}};
  const FuncType& function = module_.types[static_cast<size_t>(type)];
  return {function.params, function.results};
}

void FunctionLowering::block(Label::Kind kind) {
  Label label;
  label.kind = kind;
  std::tie(label.params, label.results) = block_type();
  std::optional<Operand> condition;
  if (kind == Label::Kind::kIf) {
    condition = stack_.back();
    // An alias of a local on top is read by the test itself, behind the copies below it.
    pop();
  }
  materialise_locals();
  materialise_top(label.params.size());
  label.height = stack_.size() - label.params.size();
  label.base = label.params.empty() ? top_ : stack_[label.height].own;
  if (kind == Label::Kind::kIf) {
    stack_.push_back(*condition);
    if (condition->kind == Operand::Kind::kLocal) count_alias(*condition, 1);
    label.else_fixup = Fixup{emit_test(true), kNone};
  }
  if (kind == Label::Kind::kLoop) {
    label.loop_word = here();
    forget_last();
  }
  labels_.push_back(std::move(label));
}

void FunctionLowering::else_() {
  Label& label = labels_.back();
  if (reachable_) {
    materialise_top(label.results.size());
    label.fixups.push_back({emit(make_word_imm(Op::br, 0, 0)), kNone});
  }
  land_here(*label.else_fixup);
  label.else_fixup.reset();
  label.kind = Label::Kind::kElse;
  while (stack_.size() > label.height) pop();
  top_ = label.base;
  for (ValType type : label.params) push_slot(type);
  reachable_ = true;
}

void FunctionLowering::end() {
  Label label = std::move(labels_.back());
  labels_.pop_back();
  if (!label.entered) return;
  const bool outermost = labels_.empty();
  const bool joined = !label.fixups.empty() || label.else_fixup.has_value();
  if (!joined) {
    if (outermost && reachable_) emit_return();
    return;
  }
  if (reachable_) materialise_top(label.results.size());
  for (const Fixup& fixup : label.fixups) land_here(fixup);
  if (label.else_fixup) land_here(*label.else_fixup);
  while (stack_.size() > label.height) pop();
  top_ = label.base;
  for (ValType type : label.results) push_slot(type);
  forget_last();
  reachable_ = true;
  if (outermost) emit_return();
}

void FunctionLowering::become_unreachable() {
  const Label& label = labels_.back();
  while (stack_.size() > label.height) pop();
  top_ = label.base;
  reachable_ = false;
}

void FunctionLowering::aim(const Fixup& fixup, uint32_t target) {
  const uint32_t distance = target - fixup.branch;
  if (fixup.entry != kNone) {
    code_.words[fixup.entry] = distance;
  } else if (distance_is_in_first_word(op_of(code_.words[fixup.branch]))) {
    Word& word = code_.words[fixup.branch];
    word = (word & 0xFFFFFFFF) | Word{distance} << 32;
  } else {
    Word& word = code_.words[fixup.branch + 1];
    word = (word & ~Word{0xFFFFFFFF}) | distance;
  }
}

void FunctionLowering::land_here(const Fixup& fixup) {
  aim(fixup, here());
  forget_last();
}

void FunctionLowering::aim_at_label(const Fixup& fixup, uint32_t depth) {
  Label& label = label_at(depth);
  if (label.kind == Label::Kind::kLoop) {
    aim(fixup, label.loop_word);
  } else {
    label.fixups.push_back(fixup);
  }
}

bool FunctionLowering::needs_moves(const Label& label) const {
  const auto& types = label.branch_types();
  uint32_t to = label.base;
  for (size_t i = 0; i < types.size(); ++i) {
    const Operand& operand = stack_[stack_.size() - types.size() + i];
    if (operand.kind != Operand::Kind::kSlot || operand.own != to) return true;
    to += slots_of(types[i]);
  }
  return false;
}

// Ascending, and every destination lies at or below its source: nothing is overwritten too early.
// Changes nothing in the abstract stack: the moves may be on one of two paths only.
void FunctionLowering::move_to_label(const Label& label) {
  const auto& types = label.branch_types();
  uint32_t to = label.base;
  for (size_t i = 0; i < types.size(); ++i) {
    const Operand operand = stack_[stack_.size() - types.size() + i];
    if (operand.kind != Operand::Kind::kSlot || operand.own != to) store_to(to, operand);
    to += slots_of(types[i]);
  }
}

void FunctionLowering::emit_jump(uint32_t depth) {
  move_to_label(label_at(depth));
  aim_at_label({emit(make_word_imm(Op::br, 0, 0)), kNone}, depth);
}

void FunctionLowering::branch(uint32_t depth) {
  if (depth + 1 == labels_.size()) return return_();
  emit_jump(depth);
  become_unreachable();
}

uint32_t FunctionLowering::emit_test(bool taken_when_zero) {
  const Operand condition = pop();
  if (condition.kind == Operand::Kind::kSlot && last_ != kNone && last_result_ == condition.own) {
    const Word compare = code_.words[last_];
    const auto forms = branch_forms(op_of(compare));
    if (forms && !forms->with_constant) {
      drop_last();
      const uint32_t branch = emit(
          make_word(taken_when_zero ? forms->inverse : forms->plain, b_of(compare), c_of(compare)));
      append(0);
      return branch;
    }
    if (forms) {
      const Word constant = code_.words[last_ + 1];
      const auto small = static_cast<int32_t>(constant);
      if (!forms->is_i64 || static_cast<Word>(static_cast<int64_t>(small)) == constant) {
        drop_last();
        const uint32_t branch =
            emit(make_word(taken_when_zero ? forms->inverse : forms->plain, b_of(compare)));
        append(constant << 32);
        return branch;
      }
    }
  }
  const uint32_t slot = slot_of(condition);
  return emit(make_word_imm(taken_when_zero ? Op::br_eqz : Op::br_nez, slot, 0));
}

void FunctionLowering::branch_if(uint32_t depth) {
  const bool returns = depth + 1 == labels_.size();
  Label& label = label_at(depth);
  const Operand condition = stack_.back();
  stack_.pop_back();  // only for the question
  const bool moves = returns || needs_moves(label);
  stack_.push_back(condition);
  if (!moves) return aim_at_label({emit_test(false), kNone}, depth);
  const Fixup skip{emit_test(true), kNone};
  if (returns) {
    emit_return();
  } else {
    emit_jump(depth);
  }
  land_here(skip);
}

void FunctionLowering::branch_table() {
  std::vector<uint32_t> depths;
  for (uint64_t n = reader_.unsigned_leb() + 1; n > 0; --n) {
    depths.push_back(static_cast<uint32_t>(reader_.unsigned_leb()));
  }
  const uint32_t index = slot_of(pop());
  materialise_top(label_at(depths.back()).branch_types().size());
  const uint32_t table =
      emit(make_word_imm(Op::br_table, index, static_cast<int32_t>(depths.size() - 1)));
  for (size_t i = 0; i < depths.size(); ++i) append(0);
  forget_last();
  // A target that needs its values elsewhere, and a return, go through a few words of their own.
  std::map<uint32_t, uint32_t> stubs;
  for (size_t i = 0; i < depths.size(); ++i) {
    const uint32_t depth = depths[i];
    const Fixup entry{table, static_cast<uint32_t>(table + 1 + i)};
    const bool returns = depth + 1 == labels_.size();
    if (!returns && !needs_moves(label_at(depth))) {
      aim_at_label(entry, depth);
      continue;
    }
    const auto known = stubs.find(depth);
    if (known != stubs.end()) {
      aim(entry, known->second);
      continue;
    }
    stubs[depth] = here();
    aim(entry, here());
    if (returns) {
      emit_return();
    } else {
      emit_jump(depth);
    }
  }
  become_unreachable();
}

void FunctionLowering::return_() {
  emit_return();
  become_unreachable();
}

// From the top operands, which stay: the return may be on one of two paths only.
void FunctionLowering::emit_return() {
  const size_t count = type_.results.size();
  if (count == 0) {
    emit(make_word(Op::return0, header_));
    return;
  }
  const Operand first = stack_[stack_.size() - count];
  if (count == 1 && slots_of(first.type) == 1) {
    const uint32_t slot = slot_of(first);
    emit(make_word(Op::return1, header_, slot));
    return;
  }
  uint32_t slots = 0;
  for (size_t i = stack_.size() - count; i < stack_.size(); ++i) {
    const Operand operand = stack_[i];
    if (operand.kind != Operand::Kind::kSlot) store_to(operand.own, operand);
    slots += slots_of(operand.type);
  }
  emit(make_word(Op::return_n, header_, first.own, slots));
}

void FunctionLowering::call(uint32_t function, bool tail) {
  const FuncType& type = module_.type_of_function(function);
  materialise_top(type.params.size());
  const uint32_t base = type.params.empty() ? top_ : stack_[stack_.size() - type.params.size()].own;
  const bool imported = function < module_.imported_functions;
  if (tail && !imported) {
    emit(make_word(Op::return_call, base, header_));
    calls_.push_back({here(), function - module_.imported_functions});
    append(0);
    return become_unreachable();
  }
  if (imported) {
    emit(make_word_imm(Op::call_import, base, static_cast<int32_t>(function)));
  } else {
    calls_.push_back(
        {emit(make_word_imm(Op::call, base, 0)), function - module_.imported_functions});
  }
  forget_last();
  for (size_t i = 0; i < type.params.size(); ++i) pop();
  for (ValType result : type.results) push_slot(result);
  if (tail) return_();
}

void FunctionLowering::call_indirect(uint32_t type_index, uint32_t table, bool tail) {
  const FuncType& type = module_.types[type_index];
  const uint32_t index = slot_of(pop());
  materialise_top(type.params.size());
  const uint32_t base = type.params.empty() ? top_ : stack_[stack_.size() - type.params.size()].own;
  if (tail) {
    emit(make_word(Op::return_call_indirect, base, index, header_));
    append(Word{type_index} | Word{table} << 32);
  } else {
    emit(make_word(Op::call_indirect, base, index, table));
    append(type_index);
  }
  forget_last();
  for (size_t i = 0; i < type.params.size(); ++i) pop();
  for (ValType result : type.results) push_slot(result);
  // A callee of another instance or of the host is called, not jumped to; then this returns.
  if (tail) return_();
}

}  // namespace weft::module
