// The interpreter loop and what it calls out of line. Internal to the machine: embedders use
// thread.h. One source of handlers serves both policies, through two tables of labels: one
// performs visible operations at once, the other stops in front of them.
#pragma once

#include <cstdint>

#include "reference/machine/numeric.h"
#include "reference/machine/thread.h"
#include "reference/module/code.h"

namespace weft::machine {

struct Interpreter {
  using Word = module::Word;

  // How the loop goes on after the instruction at which the thread stands.
  enum class Mode : uint8_t { kNative, kStepping, kOne };
  static Stop run(Thread& thread, Mode mode);

  // Fills thread.visible_ with the instruction at `pc`; false: it is not visible, because it meets
  // an unshared memory, a function of the guest, or a trap of a call. (describe.cc)
  static bool describe(const Thread& thread, const Word* pc, const uint64_t* fp);
  static bool describe_shared(const Thread& thread, const Word* pc, const uint64_t* fp);
  // Fills thread.access_ in front of an instruction that is visible whatever it meets; from its
  // description in front of others.
  static void stand_before_access(Thread& thread, const Word* pc, const uint64_t* fp);
  static void stand_before_described(Thread& thread);

  // Calls (calls.cc). A call of the host, or of another instance, whose arguments begin at
  // `arguments`; a guest function has been entered (thread.pc_, fp_, instance_) when it returns.
  enum class Entered : uint8_t { kGuest, kHost, kExhausted };
  static Entered enter(Thread& thread, const Func& callee, uint64_t* caller_frame,
                       uint64_t* arguments, const Word* return_to);
  // Undoes `enter` of a guest function of another instance; the same three are set.
  static void leave(Thread& thread, uint64_t* boundary);
  // The callee of an indirect call, or the trap.
  static const Func* indirect_callee(Instance& instance, uint32_t table, uint64_t index,
                                     uint32_t type, TrapKind& trap);
  // The instruction words that a boundary and the outermost call return to.
  static const Word kCrossReturn[1];
  static const Word kOutermost[2];

  // Tables, bulk memory, grow, wait and notify (bulk.cc). kNoTrap or the trap.
  static TrapKind table_instruction(Thread& thread, const Word* pc, uint64_t* fp);
  static TrapKind memory_instruction(Thread& thread, const Word* pc, uint64_t* fp);
  static TrapKind simd_access(Thread& thread, const Word* pc, uint64_t* fp);
  // The wait has been enqueued (thread.waiter_), or its result stored.
  enum class Waited : uint8_t { kAnswered, kEnqueued, kTrapped };
  static Waited wait(Thread& thread, const Word* pc, uint64_t* fp, TrapKind& trap);
  static TrapKind notify(Thread& thread, const Word* pc, uint64_t* fp);

  // base + offset in a memory; false when it is beyond 64 bits.
  static bool effective_address(const Memory& memory, uint64_t base, uint64_t offset,
                                uint64_t& address) {
    if (!memory.is_64()) {
      address = static_cast<uint32_t>(base) + offset;
      return true;
    }
    return !__builtin_add_overflow(base, offset, &address);
  }
};

}  // namespace weft::machine
