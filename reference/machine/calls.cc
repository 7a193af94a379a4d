// Calls that leave the instance: of the host, of another instance, and the outermost one.
//
// Between the caller's arguments and the frame of a function of another instance lies a boundary of
// four words {return address, caller's frame, caller's instance, slots of parameters 32 and results
// 32}; the arguments are copied behind it, and the results back in front of it.
#include "reference/machine/interpreter.h"

namespace weft::machine {
namespace {

constexpr uint32_t kBoundarySlots = 4;

uint32_t slots_of_all(const std::vector<module::ValType>& types) {
  uint32_t slots = 0;
  for (module::ValType type : types) slots += slots_of(type);
  return slots;
}

}  // namespace

const Interpreter::Word Interpreter::kCrossReturn[1] = {
    module::make_word(module::Op::cross_return)};
const Interpreter::Word Interpreter::kOutermost[2] = {module::make_word(module::Op::call_entry),
                                                      module::make_word(module::Op::finish)};

Interpreter::Entered Interpreter::enter(Thread& thread, const Func& callee, uint64_t* caller_frame,
                                        uint64_t* arguments, const Word* return_to) {
  const uint32_t parameters = slots_of_all(callee.type->params);
  const uint32_t results = slots_of_all(callee.type->results);
  if (callee.host) {
    if (arguments + std::max(parameters, results) > thread.stack_end_) return Entered::kExhausted;
    thread.host_call_.function = callee.host;
    thread.host_call_.caller = thread.instance_;
    thread.host_call_.arguments = {arguments, parameters};
    thread.host_call_.results = {arguments, results};
    thread.pc_ = return_to;
    thread.fp_ = caller_frame;
    return Entered::kHost;
  }
  Instance& instance = *callee.instance;
  const Word* const entry =
      instance.words_ + instance.entries_[callee.index - instance.module().imported_functions];
  const Word prologue = entry[-1];
  uint64_t* const boundary = arguments + parameters;
  uint64_t* const frame = boundary + kBoundarySlots;
  // Room for the results where the caller wants them, too.
  if (frame + static_cast<uint16_t>(prologue) > thread.stack_end_ ||
      arguments + results > thread.stack_end_) {
    return Entered::kExhausted;
  }
  for (uint32_t i = parameters; i > 0; --i) frame[i - 1] = arguments[i - 1];
  boundary[0] = reinterpret_cast<uint64_t>(return_to);
  boundary[1] = reinterpret_cast<uint64_t>(caller_frame);
  boundary[2] = reinterpret_cast<uint64_t>(thread.instance_);
  boundary[3] = parameters | uint64_t{results} << 32;
  frame[parameters] = reinterpret_cast<uint64_t>(&kCrossReturn[0]);
  frame[parameters + 1] = reinterpret_cast<uint64_t>(boundary);
  uint64_t* const zeroed = frame + static_cast<uint16_t>(prologue >> 32);
  for (uint32_t i = 0; i < static_cast<uint16_t>(prologue >> 48); ++i) zeroed[i] = 0;
  thread.pc_ = entry;
  thread.fp_ = frame;
  thread.instance_ = &instance;
  return Entered::kGuest;
}

void Interpreter::leave(Thread& thread, uint64_t* boundary) {
  const uint32_t parameters = static_cast<uint32_t>(boundary[3]);
  const uint32_t results = static_cast<uint32_t>(boundary[3] >> 32);
  thread.pc_ = reinterpret_cast<const Word*>(boundary[0]);
  thread.fp_ = reinterpret_cast<uint64_t*>(boundary[1]);
  thread.instance_ = reinterpret_cast<Instance*>(boundary[2]);
  const uint64_t* const from = boundary + kBoundarySlots;
  uint64_t* const to = boundary - parameters;
  for (uint32_t i = 0; i < results; ++i) to[i] = from[i];
}

const Func* Interpreter::indirect_callee(Instance& instance, uint32_t table_index, uint64_t index,
                                         uint32_t type_index, TrapKind& trap) {
  const Table& table = instance.table(table_index);
  if (index >= table.size()) {
    trap = TrapKind::kUndefinedElement;
    return nullptr;
  }
  const auto* const callee = reinterpret_cast<const Func*>(table.get(index));
  if (!callee) {
    trap = TrapKind::kUninitializedElement;
    return nullptr;
  }
  const module::FuncType& wanted = instance.module().types[type_index];
  if (callee->type != &wanted && !(*callee->type == wanted)) {
    trap = TrapKind::kIndirectCallMismatch;
    return nullptr;
  }
  return callee;
}

}  // namespace weft::machine
