// Lowering of what moves values: locals, constants, globals, select; and the emission of words.
#include <algorithm>

#include "reference/module/lower_function.h"

namespace weft::module {

uint32_t FunctionLowering::emit(Word word) {
  if (code_.origins.empty() || code_.origins.back().offset != instruction_offset_) {
    code_.origins.push_back({here(), instruction_offset_});
  }
  last_ = here();
  last_result_ = kNone;
  append(word);
  return last_;
}

void FunctionLowering::emit_result(Op op, ValType type, uint32_t b, uint32_t c) {
  const uint32_t slot = top_;
  push_slot(type);
  emit(make_word(op, slot, b, c));
  last_result_ = slot;
}

void FunctionLowering::drop_last() {
  while (!code_.origins.empty() && code_.origins.back().word >= last_) code_.origins.pop_back();
  code_.words.resize(last_);
  forget_last();
}

void FunctionLowering::push_slot(ValType type) {
  stack_.push_back({Operand::Kind::kSlot, type, top_, 0, 0, 0});
  top_ += slots_of(type);
  most_ = std::max(most_, top_);
}

void FunctionLowering::push_local(uint32_t index) {
  push_slot(local_types_[index]);
  stack_.back().kind = Operand::Kind::kLocal;
  stack_.back().local = local_slots_[index];
  count_alias(stack_.back(), 1);
}

void FunctionLowering::push_const(ValType type, Word low, Word high) {
  push_slot(type);
  stack_.back().kind = Operand::Kind::kConst;
  stack_.back().low = low;
  stack_.back().high = high;
}

FunctionLowering::Operand FunctionLowering::pop() {
  const Operand operand = stack_.back();
  stack_.pop_back();
  top_ = operand.own;
  if (operand.kind == Operand::Kind::kLocal) count_alias(operand, -1);
  return operand;
}

void FunctionLowering::store_to(uint32_t slot, const Operand& operand) {
  const uint32_t slots = slots_of(operand.type);
  switch (operand.kind) {
    case Operand::Kind::kSlot:
    case Operand::Kind::kLocal: {
      const uint32_t from = operand.kind == Operand::Kind::kSlot ? operand.own : operand.local;
      if (slots == 1) {
        emit(make_word(Op::copy, slot, from));
      } else {
        emit(make_word(Op::copy_n, slot, from, slots));
      }
      break;
    }
    case Operand::Kind::kConst:
      if (slots == 2) {
        emit(make_word(Op::const128, slot));
        append(operand.low);
        append(operand.high);
      } else if (operand.low <= 0xFFFFFFFF) {
        emit(make_word_imm(Op::const32, slot, static_cast<int32_t>(operand.low)));
      } else {
        emit(make_word(Op::const64, slot));
        append(operand.low);
      }
      break;
  }
}

void FunctionLowering::count_alias(const Operand& operand, int32_t difference) {
  aliases_ += static_cast<uint32_t>(difference);
  aliases_of_[operand.local] += static_cast<uint32_t>(difference);
}

uint32_t FunctionLowering::slot_of(const Operand& operand) {
  if (operand.kind == Operand::Kind::kLocal) return operand.local;
  if (operand.kind == Operand::Kind::kConst) store_to(operand.own, operand);
  return operand.own;
}

void FunctionLowering::materialise(Operand& operand) {
  if (operand.kind == Operand::Kind::kSlot) return;
  store_to(operand.own, operand);
  if (operand.kind == Operand::Kind::kLocal) count_alias(operand, -1);
  operand.kind = Operand::Kind::kSlot;
}

void FunctionLowering::materialise_top(size_t count) {
  for (size_t i = stack_.size() - count; i < stack_.size(); ++i) materialise(stack_[i]);
}

void FunctionLowering::materialise_locals() {
  for (size_t i = stack_.size(); aliases_ > 0; --i) {
    if (stack_[i - 1].kind == Operand::Kind::kLocal) materialise(stack_[i - 1]);
  }
}

void FunctionLowering::set_local(uint32_t index, bool tee) {
  const uint32_t slot = local_slots_[index];
  const uint32_t last = last_;
  const Operand value = pop();
  const bool just_made =
      value.kind == Operand::Kind::kSlot && last != kNone && last_result_ == value.own;
  const bool aliased = aliases_of_[slot] > 0;
  for (size_t i = stack_.size(); aliases_of_[slot] > 0; --i) {
    Operand& operand = stack_[i - 1];
    if (operand.kind == Operand::Kind::kLocal && operand.local == slot) materialise(operand);
  }
  if (just_made && !aliased) {
    // The instruction that made the value stores it into the local at once.
    Word& word = code_.words[last];
    word = (word & ~(Word{0xFFFF} << 16)) | Word{slot} << 16;
    forget_last();
  } else if (value.kind != Operand::Kind::kLocal || value.local != slot) {
    store_to(slot, value);
  }
  if (tee) push_local(index);
}

void FunctionLowering::select() {
  const uint32_t condition = slot_of(pop());
  const Operand y = pop(), x = pop();
  const uint32_t second = slot_of(y), first = slot_of(x);
  emit_result(slots_of(x.type) == 2 ? Op::select2 : Op::select, x.type, first, second);
  append(condition);
}

void FunctionLowering::global_get(uint32_t index) {
  const ValType type = module_.globals[index].type;
  emit_result(slots_of(type) == 2 ? Op::global_get2 : Op::global_get, type);
  code_.words[last_] |= Word{index} << 32;
}

void FunctionLowering::global_set(uint32_t index) {
  const Operand value = pop();
  const uint32_t slot = slot_of(value);
  emit(make_word_imm(slots_of(value.type) == 2 ? Op::global_set2 : Op::global_set, slot,
                     static_cast<int32_t>(index)));
}

}  // namespace weft::module
