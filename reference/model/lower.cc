// Checks of a program against the bounds, and its linear code.
#include "reference/model/lower.h"

#include <algorithm>
#include <string_view>

namespace weft::model {
namespace {

using Kind = Operation::Kind;

struct Lowering {
  const Program& program;
  Lowered out;
  std::string error;
  std::vector<std::vector<uint64_t>> grown;  // memory: pages of each grow operation

  // Where the checks stand; formatted only for an error.
  struct Place {
    const char* what = "";
    std::string_view name;
    size_t number = 0, operation = 0;

    std::string text() const {
      if (name.empty() && operation == 0) return fmt::format("{} {}", what, number);
      if (!name.empty()) return fmt::format("{} {}", what, name);
      return fmt::format("{} {}, operation {}", what, number, operation);
    }
  };

  template <typename... Args>
  void complain(fmt::format_string<Args...> format, Args&&... args) {
    if (error.empty()) error = fmt::format(format, std::forward<Args>(args)...);
  }

  void check_memory(uint32_t memory, const Place& where) {
    if (memory >= program.memories.size()) {
      complain("{}: memory {} of {}", where.text(), memory, program.memories.size());
    }
  }

  void check_shape(const Shape& shape, const Place& where) {
    const unsigned bytes = shape.bytes;
    const unsigned most = type_bits(shape.type) / 8;
    const bool is_float = shape.type == Type::f32 || shape.type == Type::f64;
    if (bytes == 0 || bytes > most || (bytes & (bytes - 1)) != 0 || (is_float && bytes != most)) {
      complain("{}: an access of {} bytes has no such type", where.text(), bytes);
    }
    if (shape.mode == Mode::atomic && (is_float || shape.sign_extend)) {
      complain("{}: atomic accesses are unsigned integers", where.text());
    }
  }

  void check_operand(const Operand& operand, const Thread& thread, const Place& where) {
    for (const Term& term : operand.terms) {
      if (term.is_register && term.reg >= thread.registers.size()) {
        complain("{}: register {} of {}", where.text(), term.reg, thread.registers.size());
      }
    }
  }

  void operation(const Operation& op, const Thread& thread, const Place& where) {
    for (const Operand* operand :
         {&op.address.operand, &op.source.operand, &op.value, &op.expected, &op.left, &op.right}) {
      check_operand(*operand, thread, where);
    }
    if (op.dst != kNoRegister && op.dst >= thread.registers.size()) {
      complain("{}: register {} of {}", where.text(), op.dst, thread.registers.size());
    }
    if (op.kind != Kind::fence && op.kind != Kind::branch) check_memory(op.address.memory, where);
    switch (op.kind) {
      case Kind::load:
      case Kind::store:
      case Kind::rmw:
      case Kind::cmpxchg:
        check_shape(op.shape, where);
        break;
      case Kind::fence:
        ++out.fences;
        break;
      case Kind::wait: {
        ++out.waits;
        if (op.shape.type != Type::i32 && op.shape.type != Type::i64) {
          complain("{}: a wait compares i32 or i64", where.text());
        }
        break;
      }
      case Kind::notify:
        ++out.notifies;
        break;
      case Kind::grow: {
        if (!error.empty()) break;
        const uint32_t memory = op.address.memory;
        out.grows[memory] = true;
        uint64_t pages = 0;
        for (const Term& term : op.value.terms) {
          if (term.is_register) complain("{}: memory.grow takes a constant here", where.text());
          pages = term.op == Term::Op::add ? pages + term.constant : pages ^ term.constant;
        }
        grown[memory].push_back(low_pages(pages));
        break;
      }
      case Kind::fill:
      case Kind::copy:
      case Kind::init: {
        const uint64_t bytes = op.kind == Kind::init ? op.bytes.size() : op.length;
        if (bytes > Bounds::kBulkBytes) {
          complain("{}: {} bytes; the model takes at most {} in one bulk operation", where.text(),
                   bytes, Bounds::kBulkBytes);
        }
        if (op.kind == Kind::copy) check_memory(op.source.memory, where);
        break;
      }
      default:
        break;
    }
  }

  static uint64_t low_pages(uint64_t pages) { return pages & 0xffffffffu; }

  void body(const std::vector<Operation>& operations, unsigned thread, unsigned depth) {
    std::vector<Code>& code = out.threads[thread];
    if (depth > Bounds::kNesting) {
      complain("thread {}: branches nested deeper than {}", thread, Bounds::kNesting);
    }
    for (const Operation& op : operations) {
      if (code.size() > Bounds::kOperations) {
        complain("thread {}: more than {} operations", thread, Bounds::kOperations);
      }
      if (!error.empty()) return;
      operation(op, program.threads[thread], {"thread", {}, thread, code.size() + 1});
      if (op.kind != Kind::branch) {
        code.push_back({Code::Kind::operation, &op});
        continue;
      }
      const size_t branch = code.size();
      code.push_back({Code::Kind::branch, &op});
      body(op.then_body, thread, depth + 1);
      const size_t jump = code.size();
      code.push_back({Code::Kind::jump});
      code[branch].target = static_cast<unsigned>(code.size());
      body(op.else_body, thread, depth + 1);
      code[branch].end = code[jump].target = static_cast<unsigned>(code.size());
    }
  }

  void memories() {
    for (size_t m = 0; m < program.memories.size(); ++m) {
      const Memory& memory = program.memories[m];
      if (memory.initial_pages > memory.maximum_pages) {
        complain("memory {}: initial {} pages above maximum {}", m, memory.initial_pages,
                 memory.maximum_pages);
      }
      if (memory.maximum_pages > (uint64_t{1} << 40)) {
        complain("memory {}: maximum {} pages; the model takes at most 2^40", m,
                 memory.maximum_pages);
      }
      // Every sum of some of the grows, as far as the maximum allows.
      std::vector<uint64_t> pages = {memory.initial_pages};
      if (grown[m].size() > 8) complain("memory {}: more than 8 memory.grow", m);
      if (!error.empty()) return;
      for (const uint64_t grow : grown[m]) {
        const size_t known = pages.size();
        for (size_t i = 0; i < known; ++i) {
          if (pages[i] + grow <= memory.maximum_pages) pages.push_back(pages[i] + grow);
        }
        std::sort(pages.begin(), pages.end());
        pages.erase(std::unique(pages.begin(), pages.end()), pages.end());
      }
      out.most_pages.push_back(pages.back());
      std::vector<uint64_t> lengths;
      for (const uint64_t p : pages) lengths.push_back(p * kPageBytes);
      out.lengths.push_back(std::move(lengths));
    }
  }

  void parent() {
    const auto in_bounds = [&](uint32_t memory, uint64_t address, const Shape& shape,
                               const Place& where) {
      check_memory(memory, where);
      check_shape(shape, where);
      if (!error.empty()) return;
      const uint64_t bytes = program.memories[memory].initial_pages * kPageBytes;
      if (address > bytes || shape.bytes > bytes - address) {
        complain("{}: address {} lies outside the initial memory", where.text(), address);
      }
      if (shape.mode == Mode::atomic && address % shape.bytes != 0) {
        complain("{}: an atomic access at {} is not aligned", where.text(), address);
      }
    };
    for (size_t i = 0; i < program.init.size(); ++i) {
      const InitialStore& s = program.init[i];
      in_bounds(s.memory, s.address, s.shape, {"initial store", {}, i});
    }
    for (const Observation& o : program.observe) {
      in_bounds(o.memory, o.address, o.shape, {"observe", o.name});
    }
  }

  void run() {
    out.program = &program;
    if (program.threads.size() > Bounds::kThreads) {
      return complain("{} threads; the model takes at most {}", program.threads.size(),
                      Bounds::kThreads);
    }
    if (program.memories.size() > Bounds::kMemories) {
      return complain("{} memories; the model takes at most {}", program.memories.size(),
                      Bounds::kMemories);
    }
    out.grows.resize(program.memories.size());
    grown.resize(program.memories.size());
    out.threads.resize(program.threads.size());
    int slot = 0;
    for (unsigned t = 0; t < program.threads.size(); ++t) {
      if (program.threads[t].registers.size() > Bounds::kRegisters) {
        return complain("thread {}: {} registers; the model takes at most {}", t,
                        program.threads[t].registers.size(), Bounds::kRegisters);
      }
      std::vector<int> slots;
      for (const Register& r : program.threads[t].registers)
        slots.push_back(r.hidden ? -1 : slot++);
      out.slots.push_back(std::move(slots));
      body(program.threads[t].body, t, 0);
    }
    out.slot_count = static_cast<unsigned>(slot) + static_cast<unsigned>(program.observe.size());
    if (out.slot_count > Bounds::kOutcomeSlots) {
      complain("{} visible registers and observed locations; the model takes at most {}",
               out.slot_count, Bounds::kOutcomeSlots);
    }
    memories();
    parent();
  }
};

}  // namespace

bool Lowered::any_grow() const {
  return std::find(grows.begin(), grows.end(), true) != grows.end();
}

Bound Lowered::bound(uint32_t memory, uint64_t address, uint64_t bytes) const {
  const uint64_t first = lengths[memory].front(), last = lengths[memory].back();
  if (bytes <= first && address <= first - bytes) return Bound::inside;
  if (bytes > last || address > last - bytes) return Bound::outside;
  return Bound::depends;
}

unsigned branch_bits(const Thread& thread, const Operation& branch) {
  bool any = false, wide = false;
  for (const Operand* operand : {&branch.left, &branch.right}) {
    for (const Term& term : operand->terms) {
      if (!term.is_register) continue;
      any = true;
      wide = wide || type_bits(thread.registers[term.reg].type) == 64;
    }
  }
  return any && !wide ? 32 : 64;
}

Expected<Lowered> lower(const Program& program) {
  Lowering lowering{program, {}, {}, {}};
  lowering.run();
  if (!lowering.error.empty()) return tl::unexpected<Error>(Error{lowering.error});
  return std::move(lowering.out);
}

}  // namespace weft::model
