// The driver of lowering: reads one instruction after another and skips what cannot be reached.
#include "reference/module/lower_function.h"

namespace weft::module {

FunctionLowering::FunctionLowering(const Module& module, uint32_t defined_index, Code& code,
                                   std::vector<CallSite>& calls)
    : module_(module),
      function_(module.functions[defined_index]),
      type_(module.types[function_.type_index]),
      code_(code),
      calls_(calls),
      reader_(module.binary, function_.begin, function_.end) {}

std::optional<std::string> FunctionLowering::run() {
  uint32_t slot = 0;
  for (ValType type : type_.params) {
    local_slots_.push_back(slot);
    local_types_.push_back(type);
    slot += slots_of(type);
  }
  header_ = slot;
  slot += kHeaderSlots;
  const uint32_t first_local = slot;
  uint32_t results = 0;
  for (ValType type : type_.results) results += slots_of(type);
  for (ValType type : function_.locals) {
    local_slots_.push_back(slot);
    local_types_.push_back(type);
    slot += slots_of(type);
  }
  operands_base_ = top_ = slot;
  aliases_of_.assign(slot, 0);
  most_ = std::max(slot, results);
  if (slot > kMostSlots) return "too many locals (limit 65535 slots of 64 bits)";

  append(0);  // the prologue
  const uint32_t entry = here();
  code_.entries.push_back(entry);
  Label body;
  body.kind = Label::Kind::kBlock;
  body.height = 0;
  body.base = operands_base_;
  body.results = type_.results;
  labels_.push_back(std::move(body));
  while (!labels_.empty()) {
    if (most_ > kMostSlots) return "function needs too many operands (limit 65535 slots)";
    instruction();
  }
  if (most_ > kMostSlots) return "function needs too many operands (limit 65535 slots)";
  const uint32_t zero_from = needs_zero_ ? header_ + kZeroSlot : first_local;
  const uint32_t zero_count = operands_base_ - zero_from;
  code_.words[entry - 1] =
      Word{most_} | Word{header_} << 16 | Word{zero_from} << 32 | Word{zero_count} << 48;
  return std::nullopt;
}

void FunctionLowering::instruction() {
  instruction_offset_ = reader_.offset();
  if (!reachable_) return skip_unreachable();
  const uint8_t opcode = reader_.byte();
  switch (opcode) {
    case 0x00:
      emit(make_word(Op::unreachable));
      return become_unreachable();
    case 0x01:
      return;
    case 0x02:
      return block(Label::Kind::kBlock);
    case 0x03:
      return block(Label::Kind::kLoop);
    case 0x04:
      return block(Label::Kind::kIf);
    case 0x05:
      return else_();
    case 0x0B:
      return end();
    case 0x0C:
      return branch(static_cast<uint32_t>(reader_.unsigned_leb()));
    case 0x0D:
      return branch_if(static_cast<uint32_t>(reader_.unsigned_leb()));
    case 0x0E:
      return branch_table();
    case 0x0F:
      return return_();
    case 0x10:
    case 0x12:
      return call(static_cast<uint32_t>(reader_.unsigned_leb()), opcode == 0x12);
    case 0x11:
    case 0x13: {
      const auto type = static_cast<uint32_t>(reader_.unsigned_leb());
      return call_indirect(type, static_cast<uint32_t>(reader_.unsigned_leb()), opcode == 0x13);
    }
    case 0x1A:
      pop();
      return;
    case 0x1C:
      for (uint64_t n = reader_.unsigned_leb(); n > 0; --n) reader_.byte();
      return select();
    case 0x1B:
      return select();
    case 0x20:
      return push_local(static_cast<uint32_t>(reader_.unsigned_leb()));
    case 0x21:
      return set_local(static_cast<uint32_t>(reader_.unsigned_leb()), false);
    case 0x22:
      return set_local(static_cast<uint32_t>(reader_.unsigned_leb()), true);
    case 0x23:
      return global_get(static_cast<uint32_t>(reader_.unsigned_leb()));
    case 0x24:
      return global_set(static_cast<uint32_t>(reader_.unsigned_leb()));
    case 0x41:
      return push_const(ValType::kI32, static_cast<uint32_t>(reader_.signed_leb()));
    case 0x42:
      return push_const(ValType::kI64, static_cast<Word>(reader_.signed_leb()));
    case 0x43:
      return push_const(ValType::kF32, reader_.fixed(4));
    case 0x44:
      return push_const(ValType::kF64, reader_.fixed(8));
    case 0xD0:
      return push_const(static_cast<ValType>(reader_.byte()), 0);
    case 0xD1:
      return equals_zero(ValType::kI64);
    case 0xD2:
      emit_result(Op::ref_func, ValType::kFuncRef);
      code_.words[last_] |= Word{static_cast<uint32_t>(reader_.unsigned_leb())} << 32;
      return;
    case 0xFC:
      return prefixed_fc();
    case 0xFD:
      return simd(static_cast<uint32_t>(reader_.unsigned_leb()));
    case 0xFE:
      return prefixed_fe();
    default:
      if (!numeric(opcode)) access(opcode);
  }
}

void FunctionLowering::prefixed_fe() {
  const auto opcode = static_cast<uint32_t>(reader_.unsigned_leb());
  switch (opcode) {
    case 0x00:
      return notify();
    case 0x01:
      return wait(Op::memory_atomic_wait32);
    case 0x02:
      return wait(Op::memory_atomic_wait64);
    case 0x03:
      reader_.byte();
      emit(make_word(Op::atomic_fence));
      return;
    default:
      access(0xFE00 + opcode);
  }
}

void FunctionLowering::skip_unreachable() {
  const uint8_t opcode = reader_.byte();
  if (opcode >= 0x02 && opcode <= 0x04) {
    block_type();
    Label label;
    label.kind = Label::Kind::kBlock;
    label.entered = false;
    labels_.push_back(std::move(label));
  } else if (opcode == 0x05) {
    if (labels_.back().entered) else_();
  } else if (opcode == 0x0B) {
    end();
  } else {
    skip_immediates(opcode);
  }
}

void FunctionLowering::skip_immediates(uint8_t opcode) {
  const auto lebs = [this](int n) {
    while (n-- > 0) reader_.unsigned_leb();
  };
  if (opcode >= 0x28 && opcode <= 0x3E) {
    memory_argument();
    return;
  }
  switch (opcode) {
    case 0x0C:
    case 0x0D:
    case 0x10:
    case 0x12:
    case 0x20:
    case 0x21:
    case 0x22:
    case 0x23:
    case 0x24:
    case 0x25:
    case 0x26:
    case 0x3F:
    case 0x40:
    case 0x41:
    case 0x42:
    case 0xD0:
    case 0xD2:
      return lebs(1);
    case 0x0E: {
      const uint64_t targets = reader_.unsigned_leb();
      for (uint64_t i = 0; i <= targets; ++i) reader_.unsigned_leb();
      return;
    }
    case 0x1C: {
      const uint64_t types = reader_.unsigned_leb();
      for (uint64_t i = 0; i < types; ++i) reader_.byte();
      return;
    }
    case 0x11:
    case 0x13:
      return lebs(2);
    case 0x43:
      reader_.fixed(4);
      return;
    case 0x44:
      reader_.fixed(8);
      return;
    case 0xFC: {
      const uint64_t sub = reader_.unsigned_leb();
      const bool two = sub == 8 || sub == 10 || sub == 12 || sub == 14;
      return lebs(sub < 8 ? 0 : two ? 2 : 1);
    }
    case 0xFE:
      if (reader_.unsigned_leb() == 3) {
        reader_.byte();
      } else {
        memory_argument();
      }
      return;
    case 0xFD: {
      const uint64_t sub = reader_.unsigned_leb();
      if (sub <= 11 || sub == 92 || sub == 93) {
        memory_argument();
      } else if (sub == 12 || sub == 13) {
        for (int i = 0; i < 16; ++i) reader_.byte();
      } else if (sub >= 21 && sub <= 34) {
        reader_.byte();
      } else if (sub >= 84 && sub <= 91) {
        memory_argument();
        reader_.byte();
      }
      return;
    }
    default:
      return;
  }
}

}  // namespace weft::module
