#include "reference/machine/thread.h"

#include <sys/mman.h>

#include <new>

#include "reference/machine/interpreter.h"

namespace weft::machine {
namespace {
const std::atomic<uint32_t> never_stopped{0};
}

Thread::Thread(const std::atomic<uint32_t>* stop, ThreadLimits limits)
    : stop_(stop ? stop : &never_stopped), limits_(limits) {
  void* const mapping = mmap(nullptr, limits_.stack_bytes, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) throw std::bad_alloc();
  stack_ = static_cast<uint64_t*>(mapping);
  stack_end_ = stack_ + limits_.stack_bytes / sizeof(uint64_t);
}

Thread::~Thread() {
  if (waiter_.queues) waiter_.queues->finish(waiter_);
  munmap(stack_, limits_.stack_bytes);
}

void Thread::start(const Func& function, std::span<const Value> arguments) {
  if (waiter_.queues) finish_wait();
  uint64_t* slot = stack_;
  for (const Value& argument : arguments) {
    *slot++ = argument.low;
    if (slots_of(argument.type) == 2) *slot++ = argument.high;
  }
  entry_ = &function;
  instance_ = nullptr;
  fp_ = stack_;
  pc_ = Interpreter::kOutermost;
  pending_ = false;
}

Stop Thread::run(Until until) {
  return Interpreter::run(
      *this, until == Until::kBlocked ? Interpreter::Mode::kNative : Interpreter::Mode::kStepping);
}

Stop Thread::perform() { return Interpreter::run(*this, Interpreter::Mode::kOne); }

std::span<const uint64_t> Thread::result_slots() const {
  size_t slots = 0;
  for (module::ValType type : entry_->type->results) slots += slots_of(type);
  return {stack_, slots};
}

std::vector<Value> Thread::results() const {
  std::vector<Value> values;
  const uint64_t* slot = stack_;
  for (module::ValType type : entry_->type->results) {
    Value value{type, *slot++, 0};
    if (slots_of(type) == 2) value.high = *slot++;
    values.push_back(value);
  }
  return values;
}

void Thread::set_trap(TrapKind kind) {
  trap_ = Trap{};
  trap_.kind = kind;
  const Place where = place();
  trap_.function = where.function;
  trap_.offset = where.offset;
}

void Thread::fail_host_call(std::string why) {
  --pc_;  // back into the call
  set_trap(TrapKind::kHost);
  trap_.detail = std::move(why);
}

uint32_t Thread::finish_wait() {
  const uint32_t result = waiter_.queues->finish(waiter_);
  waiter_.queues = nullptr;
  *wait_result_ = result;
  return result;
}

const VisibleOp& Thread::visible() const {
  if (pending_ && !described_) {
    Interpreter::describe(*this, pc_, fp_);
    described_ = true;
  }
  return visible_;
}

uint64_t Thread::visible_result() const { return *visible_slot_; }
uint64_t Thread::visible_result_high() const { return visible_slot_[1]; }

namespace {
Thread::Place place_in(const Instance* instance, const uint64_t* pc) {
  if (!instance || !instance->module().code) return {instance, 0, 0};
  const module::Code& code = *instance->module().code;
  const auto word = static_cast<uint32_t>(pc - code.words.data());
  if (word >= code.words.size()) return {instance, 0, 0};
  return {instance, instance->module().imported_functions + code.function_of(word),
          code.offset_of(word)};
}
}  // namespace

Thread::Place Thread::place() const { return place_in(instance_, pc_); }

std::vector<Thread::Place> Thread::backtrace() const {
  std::vector<Place> places;
  const Instance* instance = instance_;
  const uint64_t* pc = pc_;
  const uint64_t* fp = fp_;
  while (instance) {
    const Place where = place_in(instance, pc);
    places.push_back(where);
    const module::Code& code = *instance->module().code;
    const uint32_t entry = code.entries[where.function - instance->module().imported_functions];
    const uint32_t header = static_cast<uint16_t>(code.words[entry - 1] >> 16);
    pc = reinterpret_cast<const uint64_t*>(fp[header]);
    fp = reinterpret_cast<const uint64_t*>(fp[header + 1]);
    if (pc == Interpreter::kCrossReturn) {  // fp is the boundary (calls.cc)
      pc = reinterpret_cast<const uint64_t*>(fp[0]);
      instance = reinterpret_cast<const Instance*>(fp[2]);
      fp = reinterpret_cast<const uint64_t*>(fp[1]);
    }
    --pc;  // a return address lies behind its call
  }
  return places;
}

}  // namespace weft::machine
