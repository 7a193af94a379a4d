// The walk of unroll.h as a class in four parts: threads and control (unroll.cc), accesses and
// lengths (unroll_access.cc), queues (unroll_queue.cc), bulk operations (unroll_bulk.cc). Each step
// appends to the one skeleton, goes on, and takes back what it appended; `true` stops the walk.
#pragma once

#include <algorithm>

#include "reference/model/unroll.h"

namespace weft::model {

// Operations inside a branch depend on the reads that decide it, up to where both parts meet.
struct Scope {
  const Scope* outer;
  unsigned end;
  Mask reads;
};

class Unroller {
  using Kind = Operation::Kind;
  using Item = Skeleton::Item;

 public:
  Unroller(const Lowered& program, const UnrollOptions& options, ExprPool& pool, Skeleton& skeleton,
           const std::function<bool()>& visit)
      : program_(program), options_(options), pool_(pool), skeleton_(skeleton), visit_(visit) {}

  bool run();

  const std::string& error() const { return error_; }

 private:
  struct Saved {
    size_t items, demands, pool;
  };
  Saved save() const { return {skeleton_.items.size(), skeleton_.demands.size(), pool_.size()}; }
  void restore(const Saved& saved) {
    skeleton_.items.resize(saved.items);
    skeleton_.demands.resize(saved.demands);
    pool_.cut(saved.pool);
  }

  bool refuse(std::string message) {
    if (error_.empty()) error_ = std::move(message);
    return true;
  }

  // Index of the new event; false result through `full_` when there are too many.
  unsigned append(const Item& item) {
    if (skeleton_.items.size() >= Bounds::kEvents) {
      full_ = true;
      refuse(fmt::format("more than {} events in one execution; the model takes at most {}",
                         Bounds::kEvents, Bounds::kEvents));
      return 0;
    }
    skeleton_.items.push_back(item);
    return skeleton_.size() - 1;
  }

  Skeleton::Item item() const {
    Item i;
    i.event.thread = static_cast<int>(thread_);
    i.operation = operation_;
    i.control = waited_;
    i.length_control = checked_;
    for (const Scope* s = scope_; s != nullptr; s = s->outer) i.control |= s->reads;
    return i;
  }

  void parent();

  static Access access(Act act, const Shape& shape, uint32_t memory, uint64_t address);

  // All threads have a path: the observer's reads, then the visitor.
  bool leaf();

  // False if this path cannot give the wanted outcome.
  bool add_wanted();

  void finish_skeleton();

  bool thread(unsigned t);

  bool end(Ending ending);

  bool walk(unsigned pc);

  // Adds what the path demands; false if it cannot hold.
  bool demand(ExprId left, ExprId right, bool equal) {
    if (pool_.is_constant(left) && pool_.is_constant(right)) {
      return (pool_.at(left).constant == pool_.at(right).constant) == equal;
    }
    if (pool_.is_constant(left)) std::swap(left, right);
    skeleton_.demands.push_back({left, right, equal});
    return true;
  }

  bool branch(const Code& code, unsigned pc);

  ExprId value(const Operand& operand);
  ExprId term(const Term& t) {
    return t.is_register ? registers_[thread_][t.reg] : pool_.constant(t.constant);
  }

  // False after refusing: the address depends on a value read.
  bool address(const Address& address, uint64_t& result);

  ExprId loaded(unsigned event, const Shape& shape);

  // Goes on with `dst = v`.
  bool assign_and_walk(uint32_t dst, ExprId v, unsigned pc);

  // The check as RD(UN, LEN): unordered even for atomic instructions.
  static Access length_read(uint32_t memory) {
    return {Act::read, Order::unordered, false, static_cast<uint8_t>(memory), 0, 1};
  }

  bool trap() { return end(Ending::trapped); }

  // Tries "out of bounds" and leaves `i` with the read of LEN that says "inside"; false in `inside`
  // if that cannot be.
  bool check_bounds(Item& i, uint32_t memory, uint64_t address, uint64_t bytes, bool& inside,
                    bool may_trap = true);

  // Appends the event of a checked access; what follows in the thread depends on the check.
  unsigned append_checked(const Item& i);

  bool operation(const Operation& op, unsigned pc);

  bool data_access(const Operation& op, unsigned pc);

  bool fence(unsigned pc);

  bool wait(const Operation& op, unsigned pc);

  bool notify(const Operation& op, unsigned pc);

  bool size(const Operation& op, unsigned pc);

  // Success is an RMW of LEN and the unordered zeros of the new pages, in one event; failure, which
  // is always possible, an SC read of LEN.
  bool grow(const Operation& op, unsigned pc);

  // fill, copy, init: one byte after the other, each step with its own bounds check of the rest.
  bool bulk(const Operation& op, unsigned pc);

  bool bulk_step(const Operation& op, unsigned pc, uint64_t to, uint64_t from, uint64_t bytes,
                 uint64_t step, ExprId filled);

  const Lowered& program_;
  const UnrollOptions& options_;
  ExprPool& pool_;
  Skeleton& skeleton_;
  const std::function<bool()>& visit_;
  std::string error_;
  bool full_ = false;

  unsigned thread_ = 0;
  const Operation* operation_ = nullptr;
  const Scope* scope_ = nullptr;
  Mask waited_ = 0;   // waits without which the thread would not have come so far
  Mask checked_ = 0;  // bounds checks, likewise
  std::vector<std::vector<ExprId>> registers_;
  std::vector<Mask> assigned_;
};

}  // namespace weft::model
