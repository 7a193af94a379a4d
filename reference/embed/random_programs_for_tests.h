// For tests: random threaded programs that use everything an execution can change, and a number
// that tells traces apart.
#pragma once

#include <fmt/core.h>

#include <string>

#include "reference/embed/run_for_tests.h"
#include "reference/schedule/observer.h"
#include "reference/schedule/random_numbers.h"

namespace weft::embed {

using schedule::RandomNumbers;

// Each step is mixed into a number: formatting the lines would be most of the time.
struct Fingerprint final : schedule::Observer {
  void on_step(const schedule::Step& step) override {
    steps++;
    mix(static_cast<uint64_t>(step.kind));
    mix(step.time);
    mix(step.agent->number);
    mix(step.place.function);
    mix(step.place.offset);
    mix(step.result);
    mix(step.waits);
    for (const schedule::Step::Write& write : step.writes) {
      mix(write.address);
      for (const uint8_t byte : write.bytes) mix(byte);
    }
    if (step.kind != schedule::Step::Kind::kOperation) return;
    mix(static_cast<uint64_t>(step.operation.kind));
    mix(step.operation.address);
    mix(step.operation.operands[0]);
  }
  void mix(uint64_t value) { hash = (hash ^ value) * 0x100000001B3u + (hash >> 29); }
  uint64_t hash = 1, steps = 0;
};

inline std::string random_statement(RandomNumbers& numbers) {
  const uint32_t cell = 256 + 4 * numbers.below(4), other = 256 + 4 * numbers.below(4);
  const uint32_t value = numbers.below(3), kind = numbers.below(24);
  switch (kind) {
    case 0:
      return fmt::format("(i32.store (i32.const {}) (i32.const {}))", cell, value);
    case 1:
      return fmt::format("(i32.atomic.store (i32.const {}) (i32.const {}))", cell, value);
    case 2:
    case 3:
      return fmt::format("(call $see (i32.load (i32.const {})))", cell);
    case 4:
      return fmt::format("(call $see (i32.atomic.load16_u (i32.const {})))", cell);
    case 5:
      return fmt::format("(call $see (i32.atomic.rmw.add (i32.const {}) (i32.const {})))", cell,
                         value);
    case 6:
      return fmt::format(
          "(call $see (i32.atomic.rmw.cmpxchg (i32.const {}) (i32.const {}) (i32.const 1)))", cell,
          value);
    case 7:
    case 8: {
      const uint32_t nanoseconds = numbers.below(2000);
      return fmt::format(
          "(call $see (memory.atomic.wait32 (i32.const {}) (i32.const {}) (i64.const {})))", cell,
          value, nanoseconds);
    }
    case 9:
      return fmt::format("(call $see (memory.atomic.notify (i32.const {}) (i32.const {})))", cell,
                         value);
    case 10:
      return fmt::format("(call $see (memory.grow (i32.const {})))", value == 2 ? 0 : value);
    case 11:
      return fmt::format("(memory.copy (i32.const {}) (i32.const {}) (i32.const 6))", cell, other);
    case 12:
      return fmt::format("(call $sleep (i64.const {}))", value * 300);
    case 13:
      return "(drop (call $now (i32.const 1) (i64.const 0) (i32.const 300)))"
             "(call $see (i32.load (i32.const 300)))";
    case 14:
      return "(atomic.fence)";
    case 15:
      return fmt::format(
          "(call $see (table.grow 0 (ref.null func) (i32.const {})))"
          "(call $see (ref.is_null (table.get 0 (i32.sub (table.size 0) (i32.const 1)))))"
          "(table.set 0 (i32.sub (table.size 0) (i32.const 1)) (ref.func $announce))",
          value);
    case 16:
      return fmt::format(
          "(call $see (ref.is_null (table.get 0 (i32.sub (table.size 0) (i32.const {})))))",
          1 + value);
    case 17:
      return fmt::format(
          "(if (i32.eqz (global.get $dropped)) (then (memory.init $bytes (i32.const {}) "
          "(i32.const 1) (i32.const 4)))) (data.drop $bytes) (global.set $dropped (i32.const 1))",
          cell);
    case 18:
      return "(call $see (i32.load (i32.const 304)))(drop (call $random (i32.const 304) (i32.const "
             "7)))"
             "(call $see (i32.load (i32.const 304)))(call $see (i32.load (i32.const 307)))";
    case 19:
      return fmt::format("(call $see (call $close (i32.const {})))", value * 2);
    case 20:
      return fmt::format("(call $print (i32.load (i32.const {})))", cell);
    case 21:
      return "(call $see (call $args (i32.const 320) (i32.const 324)))"
             "(call $see (i32.load (i32.const 324)))";
    case 22:
      return fmt::format(
          "(elem.drop $more) (memory.fill (i32.const {}) (i32.const {}) "
          "(i32.const 50000))",
          cell + 4096, value);
    default:
      return fmt::format(
          "(if (i32.eq (i32.load (i32.const {})) (i32.const {})) (then (call $exit "
          "(i32.const {}))))",
          cell, value + 40, value);
  }
}

// Up to four threads; each mixes what it sees into a cell of its own, which main prints.
inline std::string random_program(RandomNumbers& numbers) {
  std::string text =
      R"((global $seen (mut i32) (i32.const 1)) (global $dropped (mut i32) (i32.const 0))
    (table 3 40 funcref) (elem (i32.const 1) $announce) (elem $more func $announce)
    (data (i32.const 260) "\02\00\00\00") (data $bytes "\07\01\02\03\04\05")
    (func $see (param i32) (global.set $seen
      (i32.add (i32.mul (global.get $seen) (i32.const 31)) (local.get 0)))))";
  const uint32_t threads = 1 + numbers.below(3);
  for (uint32_t t = 0; t <= threads; t++) {
    text += fmt::format("(func $body{}", t);
    const uint32_t length = 2 + numbers.below(8);
    for (uint32_t i = 0; i < length; i++) text += random_statement(numbers);
    text += ")";
  }
  text += "(func (export \"wasi_thread_start\") (param $tid i32) (param $which i32)";
  for (uint32_t t = 1; t <= threads; t++) {
    text +=
        fmt::format("(if (i32.eq (local.get $which) (i32.const {})) (then (call $body{})))", t, t);
  }
  text += R"((i32.atomic.store offset=512 (i32.mul (local.get $which) (i32.const 4))
               (global.get $seen)) (call $announce))
    (func (export "_start"))";
  for (uint32_t t = 1; t <= threads; t++) {
    text += fmt::format("(drop (call $spawn (i32.const {})))", t);
  }
  text += "(call $body0)";
  if (numbers.below(4) != 0) text += fmt::format("(call $await (i32.const {}))", threads);
  text += "(call $print (global.get $seen))";
  for (uint32_t t = 1; t <= threads; t++) {
    text += fmt::format("(call $print (i32.load (i32.const {})))", 512 + 4 * t);
  }
  return with_prelude(text + ")");
}

}  // namespace weft::embed
