// The loop: threaded dispatch through a table of labels. The handlers stand in handlers/*.inc, one
// file a kind; each is a label `h_NAME` that ends with NEXT(words) or a jump.
//
// What stays in registers: pc (the instruction), fp (the frame), base (byte 0 of memory 0, with the
// length cell in front of it), labels (the policy) and the thread. Everything else is loaded.
#include "reference/machine/interpreter.h"

#include "reference/machine/atomics.h"
#include "reference/machine/simd.h"
#include "reference/module/access.h"

namespace weft::machine {

namespace {
// atomic.fence: a read-modify-write that all fences of the process share.
std::atomic<uint64_t> fence_word{0};
}  // namespace

#define A module::a_of(*pc)
#define B module::b_of(*pc)
#define C module::c_of(*pc)
#define H(name) h_##name:
#define DISPATCH() goto* labels[static_cast<uint16_t>(*pc)]
#define NEXT(words) \
  do {              \
    pc += (words);  \
    DISPATCH();     \
  } while (0)
#define UNLIKELY(condition) __builtin_expect(static_cast<bool>(condition), 0)
#define STOP_ASKED() UNLIKELY(stop->load(std::memory_order_relaxed) != 0)
#define TRAP_WITH(which)    \
  do {                      \
    trap = TrapKind::which; \
    goto trapped;           \
  } while (0)
// After the thread's pc, frame or instance have been changed out of line.
#define LOAD_STATE()                                                                    \
  do {                                                                                  \
    pc = thread.pc_;                                                                    \
    fp = thread.fp_;                                                                    \
    instance = thread.instance_;                                                        \
    base = instance && instance->memory_count() ? instance->memory(0).base() : nullptr; \
    globals = instance ? instance->global_cells_.data() : nullptr;                      \
  } while (0)
#define RETURN(how)   \
  do {                \
    thread.pc_ = pc;  \
    thread.fp_ = fp;  \
    return Stop::how; \
  } while (0)

Stop Interpreter::run(Thread& thread, Mode mode) {
  enum Visible { kNever, kAlways, kMaybe, kBranch, kShared };
  static const void* const native[] = {
#define OP(name, visible) &&h_##name,
#include "reference/module/code.def"
#undef OP
  };
#define STEP(name, visible, shared)                     \
  (visible) == kAlways               ? &&surely_visible \
  : (visible) == kMaybe              ? &&maybe_visible  \
  : (visible) == kBranch             ? &&counted        \
  : (visible) == kShared && (shared) ? &&maybe_visible  \
                                     : &&h_##name
  static const void* const stepping[] = {
#define OP(name, visible) STEP(name, visible, false),
#include "reference/module/code.def"
#undef OP
  };
  static const void* const stepping_shared[] = {
#define OP(name, visible) STEP(name, visible, true),
#include "reference/module/code.def"
#undef OP
  };
#undef STEP
  static const void* const one[] = {
#define OP(name, visible) &&performed,
#include "reference/module/code.def"
#undef OP
  };

  const void* const* labels = mode == Mode::kNative     ? native
                              : mode == Mode::kOne      ? one
                              : thread.shares_instance_ ? stepping_shared
                                                        : stepping;
  const Word* pc;
  uint64_t* fp;
  uint8_t* base;
  Instance* instance;
  Global* const* globals;
  const std::atomic<uint32_t>* const stop = thread.stop_;
  uint64_t* const stack_end = thread.stack_end_;
  TrapKind trap;

  LOAD_STATE();
  if (mode != Mode::kNative) thread.work_ = 0;
  if (thread.pending_) {
    thread.pending_ = false;
    thread.visible_slot_ = fp + A;
    goto* native[static_cast<uint16_t>(*pc)];
  }
  DISPATCH();

#include "reference/machine/handlers/control.inc"
#include "reference/machine/handlers/memory.inc"
#include "reference/machine/handlers/numeric.inc"
#include "reference/machine/handlers/simd.inc"
#include "reference/machine/handlers/values.inc"

  // Only in the stepping policy: what stands in front of a handler.
maybe_visible:
  if (!describe(thread, pc, fp)) goto counted;
  thread.pending_ = thread.described_ = true;
  stand_before_described(thread);
  RETURN(kVisible);
surely_visible:  // visible() describes it when somebody asks
  thread.pending_ = true;
  thread.described_ = false;
  stand_before_access(thread, pc, fp);
  RETURN(kVisible);
counted:
  if (UNLIKELY(thread.work_++ >= thread.most_work_)) RETURN(kStopped);
  goto* native[static_cast<uint16_t>(*pc)];
performed:
  RETURN(kPerformed);
stopped:
  RETURN(kStopped);
out_of_bounds:
  trap = TrapKind::kMemoryOutOfBounds;
  goto trapped;
unaligned:
  trap = TrapKind::kUnalignedAtomic;
  goto trapped;
exhausted:
  trap = TrapKind::kStackExhausted;
  goto trapped;
trapped:
  thread.pc_ = pc;
  thread.fp_ = fp;
  thread.set_trap(trap);
  return Stop::kTrapped;
}

}  // namespace weft::machine
