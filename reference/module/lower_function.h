// Lowers the body of one function: an abstract operand stack whose entries are slots, locals or
// constants, so that local.get and const cost nothing until somebody needs the value in a slot.
// Owns the encoding of the internal code; trusts the validator; knows no execution.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reference/module/body_reader.h"
#include "reference/module/code.h"
#include "reference/module/module.h"
#include "reference/module/opcode.h"

namespace weft::module {

// A direct call whose distance is not known before all functions have been lowered: the word with
// the distance (upper half of the call's own word, or lower half of the word behind it).
struct CallSite {
  uint32_t word;
  uint32_t callee;  // index of a defined function
};

class FunctionLowering {
 public:
  FunctionLowering(const Module& module, uint32_t defined_index, Code& code,
                   std::vector<CallSite>& calls);
  // Empty when done; else why this function is refused.
  std::optional<std::string> run();

 private:
  static constexpr uint32_t kNone = ~uint32_t{0};

  // An entry of the abstract stack. Its own slot is where it lies when it has to lie somewhere.
  struct Operand {
    enum class Kind : uint8_t { kSlot, kLocal, kConst };
    Kind kind;
    ValType type;
    uint32_t own;    // its canonical slot
    uint32_t local;  // kLocal: the local's slot
    Word low, high;  // kConst
  };
  // A branch whose target is not known yet; `entry`: the word of a br_table that holds it, or
  // kNone.
  struct Fixup {
    uint32_t branch, entry;
  };
  struct Label {
    enum class Kind : uint8_t { kBlock, kLoop, kIf, kElse };
    Kind kind;
    size_t height;  // operands below the block's parameters
    uint32_t base;  // slot of the first parameter or result
    std::vector<ValType> params, results;
    uint32_t loop_word = 0;     // kLoop: where it begins
    std::vector<Fixup> fixups;  // branches to the end
    std::optional<Fixup> else_fixup;
    bool entered = true;  // false: the whole block is unreachable
    const std::vector<ValType>& branch_types() const {
      return kind == Kind::kLoop ? params : results;
    }
  };

  // The driver (lower_function.cc).
  void instruction();
  void prefixed_fc();
  void prefixed_fe();
  void prefixed_fd();
  void skip_immediates(uint8_t opcode);
  void skip_unreachable();

  // Control (lower_control.cc).
  void block(Label::Kind kind);
  void else_();
  void end();
  void branch(uint32_t depth);
  void branch_if(uint32_t depth);
  void branch_table();
  void return_();
  void call(uint32_t function, bool tail);
  void call_indirect(uint32_t type, uint32_t table, bool tail);
  void emit_return();
  void emit_jump(uint32_t depth);
  bool needs_moves(const Label& label) const;
  void move_to_label(const Label& label);
  // Emits a branch that is taken when the top operand is non-zero (or zero); returns the word of
  // its instruction, whose distance is fixed by `aim`.
  uint32_t emit_test(bool taken_when_zero);
  void aim(const Fixup& branch, uint32_t target);
  void aim_at_label(const Fixup& branch, uint32_t depth);
  void land_here(const Fixup& branch);
  void become_unreachable();
  std::pair<std::vector<ValType>, std::vector<ValType>> block_type();
  Label& label_at(uint32_t depth) { return labels_[labels_.size() - 1 - depth]; }

  // Values (lower_values.cc).
  void push_slot(ValType type);
  void push_local(uint32_t index);
  void push_const(ValType type, Word low, Word high = 0);
  Operand pop();
  // The slot that holds the value, which is stored into the operand's own slot first if need be.
  uint32_t slot_of(const Operand& operand);
  void count_alias(const Operand& operand, int32_t difference);
  void materialise(Operand& operand);
  void materialise_top(size_t count);
  void materialise_locals();  // all entries that alias a local
  void store_to(uint32_t slot, const Operand& operand);
  void set_local(uint32_t index, bool tee);
  void select();
  void global_get(uint32_t index);
  void global_set(uint32_t index);

  // Numeric (lower_numeric.cc). False: not a numeric opcode.
  bool numeric(uint32_t opcode);
  void binary(Op op, Op with_constant, ValType result, bool commutes);
  void compare(Op op, Op with_constant, Op mirror_with_constant);
  void unary(Op op, ValType result);
  void equals_zero(ValType operand);

  // Memories and tables (lower_access.cc). False: not an access.
  bool access(uint32_t opcode);
  struct MemoryArgument {
    uint32_t memory;
    uint64_t offset;
    bool fast, shared;  // fast: memory 0 and 32-bit
  };
  MemoryArgument memory_argument();
  uint32_t address_slot(const Operand& address, MemoryArgument& argument);
  void load(Op plain, Op shared, Op general, ValType result);
  void store(Op plain, Op plain_i, Op shared, Op shared_i, Op general, bool integer);
  void atomic_load(Op shared, Op general, ValType result);
  void atomic_store(Op shared, Op general);
  void atomic_rmw(Op shared, Op general, ValType result);
  void atomic_cmpxchg(Op shared, Op general, ValType result);
  void wait(Op op);
  void notify();
  void bulk(Op op, uint32_t first, uint32_t second);

  // v128 (lower_simd.cc).
  void simd(uint32_t opcode);
  void simd_access(const OpcodeInfo& info);

  // Emission.
  uint32_t here() const { return static_cast<uint32_t>(code_.words.size()); }
  uint32_t emit(Word word);  // begins an instruction; returns its word index
  void append(Word word) { code_.words.push_back(word); }
  // Begins an instruction that stores its result in a new operand, whose slot becomes `a` and may
  // later be redirected. Words behind it may be appended.
  void emit_result(Op op, ValType type, uint32_t b = 0, uint32_t c = 0);
  void drop_last();  // takes the last instruction back
  void forget_last() {
    last_ = kNone;
    last_result_ = kNone;
  }

  const Module& module_;
  const Function& function_;
  const FuncType& type_;
  Code& code_;
  std::vector<CallSite>& calls_;
  BodyReader reader_;
  uint32_t instruction_offset_ = 0;

  std::vector<Operand> stack_;
  std::vector<Label> labels_;
  std::vector<uint32_t> local_slots_;
  std::vector<ValType> local_types_;
  uint32_t header_ = 0;  // slot of the return address
  uint32_t operands_base_ = 0;
  uint32_t top_ = 0;   // first free slot
  uint32_t most_ = 0;  // highest use
  // Entries of kind kLocal: all, and by the local's slot.
  uint32_t aliases_ = 0;
  std::vector<uint32_t> aliases_of_;
  bool reachable_ = true;
  bool needs_zero_ = false;
  // The instruction emitted last, while nothing can jump behind it: its word and the slot that it
  // writes, which set_local and the fused branches look at.
  uint32_t last_ = kNone;
  uint32_t last_result_ = kNone;
};

}  // namespace weft::module
