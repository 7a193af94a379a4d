// Events and operations in words.
#include "reference/model/describe.h"

namespace weft::model {
namespace {

const char* type_text(Type type) {
  constexpr const char* kNames[] = {"i32", "i64", "f32", "f64"};
  return kNames[static_cast<unsigned>(type)];
}

std::string operand_text(const Thread& thread, const Operand& operand) {
  std::string text;
  for (const Term& t : operand.terms) {
    if (!text.empty()) text += t.op == Term::Op::add ? " + " : " ^ ";
    text += t.is_register ? thread.registers[t.reg].name : std::to_string(t.constant);
  }
  return text.empty() ? "0" : text;
}

std::string size_text(const Shape& shape) {
  const unsigned whole = shape.type == Type::i32 || shape.type == Type::f32 ? 4 : 8;
  return shape.bytes == whole ? "" : std::to_string(8 * shape.bytes);
}

}  // namespace

std::string place_text(const Program& program, uint32_t memory, uint64_t address) {
  const Location* best = nullptr;
  for (const Location& l : program.locations) {
    if (l.memory == memory && l.address <= address && address - l.address < 16 &&
        (best == nullptr || l.address > best->address)) {
      best = &l;
    }
  }
  if (best == nullptr) return fmt::format("{}", address);
  if (best->address == address) return best->name;
  return fmt::format("{}+{}", best->name, address - best->address);
}

std::string operation_text(const Program& program, const Thread& thread, const Operation& op) {
  using Kind = Operation::Kind;
  if (!op.text.empty()) return op.text;
  const std::string at = place_text(program, op.address.memory, op.address.offset);
  const std::string type = type_text(op.shape.type);
  const std::string size = size_text(op.shape);
  const char* atomic = op.shape.mode == Mode::atomic ? ".atomic" : "";
  const std::string value = operand_text(thread, op.value);
  std::string text;
  switch (op.kind) {
    case Kind::load:
      text = fmt::format("{}{}.load{}{} {}", type, atomic, size,
                         size.empty()           ? ""
                         : op.shape.sign_extend ? "_s"
                                                : "_u",
                         at);
      break;
    case Kind::store:
      text = fmt::format("{}{}.store{} {} {}", type, atomic, size, at, value);
      break;
    case Kind::rmw: {
      constexpr const char* kOps[] = {"add", "sub", "and", "or", "xor", "xchg"};
      text = fmt::format("{}.atomic.rmw{}.{}{} {} {}", type, size,
                         kOps[static_cast<unsigned>(op.op)], size.empty() ? "" : "_u", at, value);
      break;
    }
    case Kind::cmpxchg:
      text = fmt::format("{}.atomic.rmw{}.cmpxchg{} {} {} {}", type, size, size.empty() ? "" : "_u",
                         at, operand_text(thread, op.expected), value);
      break;
    case Kind::fence:
      text = "atomic.fence";
      break;
    case Kind::wait:
      text = fmt::format("memory.atomic.wait{} {} {} {}", op.shape.type == Type::i64 ? 64 : 32, at,
                         operand_text(thread, op.expected), op.has_timeout ? "timed" : "-1");
      break;
    case Kind::notify:
      text = fmt::format("memory.atomic.notify {} {}", at, value);
      break;
    case Kind::size:
      text = "memory.size";
      break;
    case Kind::grow:
      text = fmt::format("memory.grow {}", value);
      break;
    case Kind::fill:
      text = fmt::format("memory.fill {} {} {}", at, value, op.length);
      break;
    case Kind::copy:
      text = fmt::format("memory.copy {} {} {}", at,
                         place_text(program, op.source.memory, op.source.offset), op.length);
      break;
    case Kind::init:
      text = fmt::format("memory.init {} {} bytes", at, op.bytes.size());
      break;
    case Kind::branch:
      text = "if";
      break;
  }
  if (op.dst != kNoRegister) text = fmt::format("{} = {}", thread.registers[op.dst].name, text);
  return text;
}

std::string event_text(const Program& program, const Skeleton::Item& item) {
  const Event& e = item.event;
  if (e.thread == kParent) {
    if (e.data.order == Order::init) return "memory allocated, all bytes 0";
    return fmt::format("initial store {} ({} bytes)",
                       place_text(program, e.data.memory, e.data.offset), e.data.size);
  }
  if (e.thread == kObserver) {
    return fmt::format("observe {} ({} bytes)", place_text(program, e.data.memory, e.data.offset),
                       e.data.size);
  }
  const Thread& thread = program.threads[static_cast<size_t>(e.thread)];
  std::string text = operation_text(program, thread, *item.operation);
  switch (e.queue.act) {
    case QueueAct::wait:
      return text + " (reads, is queued)";
    case QueueAct::woken:
      return text + " (woken)";
    case QueueAct::timeout:
      return text + " (times out)";
    case QueueAct::notify:
      return text + fmt::format(" (wakes {})", e.queue.woken);
    default:
      break;
  }
  using Kind = Operation::Kind;
  switch (item.operation->kind) {
    case Kind::cmpxchg:
      return text + (e.data.act == Act::rmw ? " (succeeds)" : " (fails)");
    case Kind::grow:
      return text + (e.length.act == Act::rmw ? " (succeeds)" : " (fails)");
    case Kind::wait:
      return text + " (differs)";
    case Kind::fill:
    case Kind::copy:
    case Kind::init:
      if (e.data.act == Act::none) return text + " (bounds)";
      return text + fmt::format(" ({} byte {})", e.data.act == Act::read ? "reads" : "writes",
                                place_text(program, e.data.memory, e.data.offset));
    default:
      break;
  }
  if (e.data.act == Act::none && e.length.act != Act::none && item.operation->kind != Kind::size) {
    return text + " (out of bounds)";
  }
  return text;
}

}  // namespace weft::model
