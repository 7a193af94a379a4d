// What the next instruction is about to do, for those who decide when it is done: fills a VisibleOp
// from the internal code and the frame, from the same table as the handlers.
#include <array>

#include "reference/machine/interpreter.h"
#include "reference/machine/simd.h"
#include "reference/module/access.h"

namespace weft::machine {
namespace {

using module::a_of;
using module::b_of;
using module::c_of;
using module::Op;

constexpr RmwOp rmw_of(std::string_view name) {
  return name == "add"   ? RmwOp::kAdd
         : name == "sub" ? RmwOp::kSub
         : name == "and" ? RmwOp::kAnd
         : name == "or"  ? RmwOp::kOr
         : name == "xor" ? RmwOp::kXor
                         : RmwOp::kXchg;
}

template <typename T>
uint64_t wrap(uint64_t value) {
  return static_cast<std::make_unsigned_t<T>>(value);
}

struct Describer {
  VisibleOp& op;
  Instance& instance;
  const uint64_t* pc;
  const uint64_t* fp;

  void memory(uint32_t index, uint64_t base, uint64_t offset, uint64_t width) {
    op.memory = &instance.memory(index);
    op.overflows = !Interpreter::effective_address(*op.memory, base, offset, op.address);
    op.width = width;
  }
  void kind(VisibleKind kind, AccessMode mode, uint8_t result_width) {
    op.kind = kind;
    op.mode = mode;
    op.result_width = result_width;
  }
  void host(const Func* function) {
    op.kind = VisibleKind::kHostCall;
    op.host = function ? function->host : nullptr;
  }
  uint64_t sized(const Memory& memory, uint64_t slot) const {
    return memory.is_64() ? slot : static_cast<uint32_t>(slot);
  }
};

}  // namespace

bool Interpreter::describe(const Thread& thread, const Word* pc, const uint64_t* fp) {
  VisibleOp& op = thread.visible_;
  op = VisibleOp{};
  if (module::op_of(*pc) == Op::call_entry) {
    op.kind = VisibleKind::kHostCall;
    op.host = thread.entry_->host;
    return op.host != nullptr;
  }
  Describer d{op, *thread.instance_, pc, fp};
  // Only where the field is a slot: it may be a part of an index, and lie beyond the stack.
  const auto a = [&] { return fp[a_of(*pc)]; };
  const auto b = [&] { return fp[b_of(*pc)]; };
  const auto c = [&] { return fp[c_of(*pc)]; };
  constexpr AccessMode kPlain = AccessMode::kPlain, kSeqCst = AccessMode::kSeqCst;
  switch (module::op_of(*pc)) {
#define LOAD(opcode, name, text, type, memory_type)                                                \
  case Op::name##_s:                                                                               \
  case Op::name##_g:                                                                               \
    d.kind(VisibleKind::kLoad, kPlain, module::access_type(#type).bytes);                          \
    d.memory(module::op_of(*pc) == Op::name##_g ? c_of(*pc) : 0, b(), pc[1], sizeof(memory_type)); \
    op.is_integer = module::access_type(#type).integer;                                            \
    break;
#define STORE(opcode, name, text, type, memory_type)                                               \
  case Op::name##_s:                                                                               \
  case Op::name##_g:                                                                               \
    d.kind(VisibleKind::kStore, kPlain, 0);                                                        \
    d.memory(module::op_of(*pc) == Op::name##_g ? c_of(*pc) : 0, a(), pc[1], sizeof(memory_type)); \
    op.operands[0] = wrap<memory_type>(b());                                                       \
    op.is_integer = module::access_type(#type).integer;                                            \
    break;                                                                                         \
  case Op::name##_si:                                                                              \
    d.kind(VisibleKind::kStore, kPlain, 0);                                                        \
    d.memory(0, a(), static_cast<uint32_t>(pc[1]), sizeof(memory_type));                           \
    op.operands[0] = wrap<memory_type>(static_cast<uint64_t>(int64_t{module::high_of(pc[1])}));    \
    break;
#define ATOMIC_LOAD(opcode, name, text, type, memory_type)                                         \
  case Op::name##_s:                                                                               \
  case Op::name##_g:                                                                               \
    d.kind(VisibleKind::kLoad, kSeqCst, module::access_type(#type).bytes);                         \
    d.memory(module::op_of(*pc) == Op::name##_g ? c_of(*pc) : 0, b(), pc[1], sizeof(memory_type)); \
    break;
#define ATOMIC_STORE(opcode, name, text, type, memory_type)                                        \
  case Op::name##_s:                                                                               \
  case Op::name##_g:                                                                               \
    d.kind(VisibleKind::kStore, kSeqCst, 0);                                                       \
    d.memory(module::op_of(*pc) == Op::name##_g ? c_of(*pc) : 0, a(), pc[1], sizeof(memory_type)); \
    op.operands[0] = wrap<memory_type>(b());                                                       \
    break;
#define ATOMIC_RMW(opcode, name, text, type, memory_type, operation)                            \
  case Op::name##_s:                                                                            \
  case Op::name##_g:                                                                            \
    d.kind(VisibleKind::kRmw, kSeqCst, module::access_type(#type).bytes);                       \
    d.memory(module::op_of(*pc) == Op::name##_g ? static_cast<uint32_t>(pc[2]) : 0, b(), pc[1], \
             sizeof(memory_type));                                                              \
    op.rmw = rmw_of(#operation);                                                                \
    op.operands[0] = wrap<memory_type>(c());                                                    \
    break;
#define ATOMIC_CMPXCHG(opcode, name, text, type, memory_type)                      \
  case Op::name##_s:                                                               \
  case Op::name##_g:                                                               \
    d.kind(VisibleKind::kCmpxchg, kSeqCst, module::access_type(#type).bytes);      \
    d.memory(static_cast<uint32_t>(pc[2] >> 32), b(), pc[1], sizeof(memory_type)); \
    op.operands[0] = wrap<memory_type>(c());                                       \
    op.operands[1] = wrap<memory_type>(fp[static_cast<uint32_t>(pc[2])]);          \
    break;
#include "reference/module/access.def"

    case Op::simd_load:
    case Op::simd_store: {
      const bool store = module::op_of(*pc) == Op::simd_store;
      const uint32_t width = simd_access_width(static_cast<uint8_t>(pc[2]));
      d.kind(store ? VisibleKind::kStore : VisibleKind::kLoad, kPlain, store ? 0 : 16);
      d.memory(c_of(*pc), store ? a() : b(), pc[1], width);
      op.is_integer = false;
      if (store) {
        uint8_t bytes[32] = {};
        std::memcpy(bytes, fp + b_of(*pc), 16);
        std::memcpy(op.operands, bytes + static_cast<uint8_t>(pc[2] >> 32) * width, width);
      }
      break;
    }
    case Op::memory_atomic_wait32:
    case Op::memory_atomic_wait64: {
      const bool wide = module::op_of(*pc) == Op::memory_atomic_wait64;
      d.kind(VisibleKind::kWait, kSeqCst, 4);
      d.memory(static_cast<uint32_t>(pc[2] >> 32), b(), pc[1], wide ? 8 : 4);
      op.operands[0] = wide ? c() : static_cast<uint32_t>(c());
      op.operands[1] = fp[static_cast<uint32_t>(pc[2])];
      break;
    }
    case Op::memory_atomic_notify:
      d.kind(VisibleKind::kNotify, kSeqCst, 4);
      d.memory(static_cast<uint32_t>(pc[2] >> 32), b(), pc[1], 4);
      op.operands[0] = static_cast<uint32_t>(c());
      break;
    case Op::atomic_fence:
      d.kind(VisibleKind::kFence, kSeqCst, 0);
      return true;
    case Op::memory_size:
      d.kind(VisibleKind::kSize, kSeqCst, 8);
      op.memory = &d.instance.memory(static_cast<uint32_t>(*pc >> 32));
      break;
    case Op::memory_grow:
      d.kind(VisibleKind::kGrow, kSeqCst, 8);
      op.memory = &d.instance.memory(static_cast<uint32_t>(pc[1]));
      op.operands[0] = d.sized(*op.memory, b());
      break;
    case Op::memory_fill:
      d.kind(VisibleKind::kFill, kPlain, 0);
      op.memory = &d.instance.memory(static_cast<uint32_t>(pc[1]));
      op.address = d.sized(*op.memory, a());
      op.width = d.sized(*op.memory, c());
      op.operands[0] = static_cast<uint8_t>(b());
      break;
    case Op::memory_copy:
      d.kind(VisibleKind::kCopy, kPlain, 0);
      op.memory = &d.instance.memory(static_cast<uint32_t>(pc[1]));
      op.source = &d.instance.memory(static_cast<uint32_t>(pc[1] >> 32));
      op.address = d.sized(*op.memory, a());
      op.source_address = d.sized(*op.source, b());
      op.width = op.memory->is_64() ? d.sized(*op.source, c()) : d.sized(*op.memory, c());
      return op.memory->is_shared() || op.source->is_shared();
    case Op::memory_init:
      d.kind(VisibleKind::kInit, kPlain, 0);
      op.memory = &d.instance.memory(static_cast<uint32_t>(pc[1]));
      op.address = d.sized(*op.memory, a());
      op.source_address = static_cast<uint32_t>(b());
      op.width = static_cast<uint32_t>(c());
      op.operands[0] = pc[1] >> 32;
      break;
    case Op::call_import:
      d.host(d.instance.imported_functions_[static_cast<uint32_t>(*pc >> 32)]);
      return op.host != nullptr;
    case Op::call_indirect:
    case Op::return_call_indirect: {
      TrapKind trap = kNoTrap;
      const bool tail = module::op_of(*pc) == Op::return_call_indirect;
      const uint32_t table = tail ? static_cast<uint32_t>(pc[1] >> 32) : c_of(*pc);
      d.host(indirect_callee(d.instance, table, b(), static_cast<uint32_t>(pc[1]), trap));
      if (op.host || !thread.shares_instance_) return op.host != nullptr;
      op.kind = VisibleKind::kTableGet;
      op.index = table;
      op.address = static_cast<uint32_t>(b());
      return true;
    }
    default:
      return describe_shared(thread, pc, fp);
  }
  return op.memory->is_shared();
}

// What only threads that share an instance can see of each other.
bool Interpreter::describe_shared(const Thread& thread, const Word* pc, const uint64_t* fp) {
  VisibleOp& op = thread.visible_;
  Describer d{op, *thread.instance_, pc, fp};
  const auto first = static_cast<uint32_t>(*pc >> 32);
  const auto range = [&](VisibleKind kind) {
    d.kind(kind, AccessMode::kPlain, 0);
    op.index = static_cast<uint32_t>(pc[1]);
    op.address = static_cast<uint32_t>(fp[a_of(*pc)]);
    op.width = static_cast<uint32_t>(fp[c_of(*pc)]);
  };
  switch (module::op_of(*pc)) {
    case Op::global_get:
    case Op::global_get2:
    case Op::global_set:
    case Op::global_set2: {
      const module::GlobalType& type = d.instance.global(first).type;
      if (!type.is_mutable) return false;
      const Op name = module::op_of(*pc);
      const bool get = name == Op::global_get || name == Op::global_get2;
      const bool is_v128 = name == Op::global_get2 || name == Op::global_set2;
      const bool is_reference =
          type.type == module::ValType::kFuncRef || type.type == module::ValType::kExternRef;
      d.kind(get ? VisibleKind::kGlobalGet : VisibleKind::kGlobalSet, AccessMode::kPlain,
             get && !is_reference ? (is_v128 ? 16 : 8) : 0);
      op.index = first;
      op.width = is_v128 ? 16 : 8;
      if (get || is_reference) return true;
      op.operands[0] = fp[a_of(*pc)];
      if (is_v128) op.operands[1] = fp[a_of(*pc) + 1];
      return true;
    }
    case Op::table_get:
      d.kind(VisibleKind::kTableGet, AccessMode::kPlain, 0);
      op.index = c_of(*pc);
      op.address = static_cast<uint32_t>(fp[b_of(*pc)]);
      return true;
    case Op::table_set:
      d.kind(VisibleKind::kTableSet, AccessMode::kPlain, 0);
      op.index = c_of(*pc);
      op.address = static_cast<uint32_t>(fp[a_of(*pc)]);
      return true;
    case Op::table_size:
      d.kind(VisibleKind::kTableSize, AccessMode::kPlain, 8);
      op.index = first;
      return true;
    case Op::table_grow:
      d.kind(VisibleKind::kTableGrow, AccessMode::kPlain, 8);
      op.index = static_cast<uint32_t>(pc[1]);
      op.operands[0] = static_cast<uint32_t>(fp[c_of(*pc)]);
      return true;
    case Op::table_fill:
      range(VisibleKind::kTableFill);
      return true;
    case Op::table_copy:
      range(VisibleKind::kTableCopy);
      op.source_address = static_cast<uint32_t>(fp[b_of(*pc)]);
      return true;
    case Op::table_init:
      range(VisibleKind::kTableInit);
      op.source_address = static_cast<uint32_t>(fp[b_of(*pc)]);
      return true;
    case Op::elem_drop:
    case Op::data_drop:
      d.kind(module::op_of(*pc) == Op::elem_drop ? VisibleKind::kElemDrop : VisibleKind::kDataDrop,
             AccessMode::kPlain, 0);
      op.index = first;
      return true;
    default:
      return false;
  }
}

namespace {

// How an access of memory 0, shared and 32-bit, names its bytes: the slot in the first word at
// `shift`, the offset in the lower half of the second.
struct AccessForm {
  uint8_t shift = 0;
  uint8_t width = 0;  // 0: no such access
};

constexpr auto make_forms() {
  std::array<AccessForm, module::kOpCount> forms{};
#define FORM(name, shift, memory_type) \
  forms[static_cast<size_t>(Op::name)] = {shift, sizeof(memory_type)};
#define LOAD(opcode, name, text, type, memory_type) FORM(name##_s, 32, memory_type)
#define STORE(opcode, name, text, type, memory_type) \
  FORM(name##_s, 16, memory_type) FORM(name##_si, 16, memory_type)
#define ATOMIC_LOAD(opcode, name, text, type, memory_type) FORM(name##_s, 32, memory_type)
#define ATOMIC_STORE(opcode, name, text, type, memory_type) FORM(name##_s, 16, memory_type)
#define ATOMIC_RMW(opcode, name, text, type, memory_type, operation) FORM(name##_s, 32, memory_type)
#define ATOMIC_CMPXCHG(opcode, name, text, type, memory_type) FORM(name##_s, 32, memory_type)
#include "reference/module/access.def"
#undef FORM
  return forms;
}
constexpr auto kForms = make_forms();

}  // namespace

void Interpreter::stand_before_access(Thread& thread, const Word* pc, const uint64_t* fp) {
  const AccessForm form = kForms[static_cast<uint16_t>(*pc)];
  thread.access_.memory =
      thread.instance_->memories_.empty() ? nullptr : &thread.instance_->memory(0);
  thread.access_.address =
      uint64_t{static_cast<uint32_t>(fp[static_cast<uint16_t>(*pc >> form.shift)])} +
      static_cast<uint32_t>(pc[1]);
  thread.access_.width = form.width;
}

void Interpreter::stand_before_described(Thread& thread) {
  const VisibleOp& op = thread.visible_;
  switch (op.kind) {
    case VisibleKind::kLoad:
    case VisibleKind::kStore:
    case VisibleKind::kRmw:
    case VisibleKind::kCmpxchg:
      thread.access_ = {op.memory, op.address, op.overflows ? 0 : op.width};
      break;
    default:
      thread.access_.width = 0;
      break;
  }
}

const char* name_of(VisibleKind kind) {
  static constexpr const char* kNames[] = {
      "load",       "store",      "rmw",        "cmpxchg",    "fence",     "wait",
      "notify",     "grow",       "size",       "fill",       "copy",      "init",
      "host",       "global.get", "global.set", "table.get",  "table.set", "table.size",
      "table.grow", "table.fill", "table.copy", "table.init", "elem.drop", "data.drop"};
  return kNames[static_cast<size_t>(kind)];
}

const char* name_of(RmwOp op) {
  static constexpr const char* kNames[] = {"add", "sub", "and", "or", "xor", "xchg"};
  return kNames[static_cast<size_t>(op)];
}

}  // namespace weft::machine
