// A visible operation, as a small value: what a thread is about to do that other threads or the
// host can see. Schedulers and observers read it; knows no interpreter.
#pragma once

#include <cstdint>

namespace weft::machine {

class Memory;
struct HostFunction;

enum class VisibleKind : uint8_t {
  kLoad,
  kStore,
  kRmw,
  kCmpxchg,
  kFence,
  kWait,
  kNotify,
  kGrow,
  kSize,
  kFill,
  kCopy,
  kInit,
  kHostCall,
  // Only where threads share an instance (Thread::set_shares_instance).
  kGlobalGet,
  kGlobalSet,
  kTableGet,  // of an indirect call, too
  kTableSet,
  kTableSize,
  kTableGrow,
  kTableFill,
  kTableCopy,
  kTableInit,
  kElemDrop,
  kDataDrop,
};
enum class AccessMode : uint8_t { kPlain, kSeqCst };
enum class RmwOp : uint8_t { kAdd, kSub, kAnd, kOr, kXor, kXchg };

const char* name_of(VisibleKind kind);
const char* name_of(RmwOp op);

// A shared access, atomic, fence, wait, notify, grow, size or host call; of a shared instance also
// an access to its globals, tables and segments. Operations on unshared memories are not visible.
struct VisibleOp {
  VisibleKind kind = VisibleKind::kFence;
  AccessMode mode = AccessMode::kPlain;
  RmwOp rmw = RmwOp::kAdd;
  // Of a load or store: the access is integer (f32, f64 and v128 accesses may tear, threads
  // proposal exec/runtime "tearing").
  bool is_integer = true;
  uint8_t result_width = 0;  // bytes of the value pushed; 0: none

  // The effective address cannot be represented in 64 bits (memory64): the operation will trap.
  bool overflows = false;
  Memory* memory = nullptr;     // null: fence, host call
  uint64_t address = 0;         // effective address; kFill, kCopy, kInit: destination
  uint64_t width = 0;           // bytes accessed; kFill, kCopy, kInit: length of the range
  Memory* source = nullptr;     // kCopy
  uint64_t source_address = 0;  // kCopy; kInit: offset in the segment

  // kStore: [0] value, v128 in [0] and [1]. kRmw: [0]. kCmpxchg: [0] expected, [1] replacement,
  // both wrapped to the width. kWait: [0] expected, [1] timeout in nanoseconds (signed).
  // kNotify: [0] count. kGrow: [0] pages. kFill: [0] byte value. kInit: [0] segment.
  uint64_t operands[2] = {0, 0};

  const HostFunction* host = nullptr;  // kHostCall

  // kGlobal*, kTable*, k*Drop: which global, table or segment. Elements are in `address`, `width`
  // and `source_address`; their values are not told (a reference is an address of ours).
  // kGlobal*: `width` is 16 for a v128, else 8. kGlobalSet: operands as of kStore; kTableGrow: [0]
  // elements.
  uint32_t index = 0;
};

}  // namespace weft::machine
