#include "suite/litmus/batch.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <map>

namespace weft::suite::litmus {
namespace {

constexpr uint32_t kGo = 4096, kDone = 4160, kBarrier = 4224, kStop = 4288, kShift = 4352,
                   kClock = 4416, kSleepers = 4480;
constexpr uint32_t kTexts = 8192;
constexpr uint32_t kEntries = 1024;

uint32_t align_up(uint32_t value, uint32_t to) { return (value + to - 1) / to * to; }

// NUL-terminated strings in one active segment, found by their content.
class Texts {
 public:
  // `text` in the escapes of the text format; `size` is its length in bytes.
  uint32_t address(const std::string& text, size_t size) {
    auto [it, fresh] = at_.try_emplace(text, next_);
    if (fresh) {
      data_ += text + "\\00";
      next_ += static_cast<uint32_t>(size) + 1;
    }
    return it->second;
  }
  uint32_t end() const { return next_; }
  std::string segment() const {
    return fmt::format("  (data (i32.const {}) \"{}\")\n", kTexts, data_);
  }

 private:
  std::map<std::string, uint32_t> at_;
  std::string data_;
  uint32_t next_ = kTexts;
};

class Writer {
 public:
  Writer(const BatchSpec& spec, const BatchParameters& parameters)
      : spec_(spec), p_(parameters), columns_(spec.registers.size() + spec.observes.size()) {}

  std::string write() {
    label_texts();
    entry_size_ = static_cast<uint32_t>(8 + 8 * columns_);
    table_ = align_up(texts_.end(), 64);
    rows_ = align_up(table_ + kEntries * entry_size_, 4096);
    row_ = static_cast<uint32_t>(8 * std::max<size_t>(spec_.registers.size(), 1));
    slots_ = align_up(rows_ + p_.slots * row_, 4096);
    const uint32_t pages = align_up(slots_ + p_.slots * p_.stride + spec_.slot_size, 65536) / 65536;

    std::string out = fmt::format(";; {}: batched by weft\n(module\n", spec_.name);
    out += fmt::format(
        R"(  (import "env" "memory" (memory {0} {0} shared)) (export "memory" (memory 0))
  (import "wasi_snapshot_preview1" "clock_time_get"
    (func $clock_time_get (param i32 i64 i32) (result i32)))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "put_text" (func $put_text (param i32)))
  (import "weft" "put_u64" (func $put_u64 (param i64)))
)",
        pages);
    out += spec_.data;  // before the texts: its segment has index 0
    out += texts_.segment();
    for (const std::string& thread : spec_.threads) out += thread;
    out += init_function();
    for (unsigned role = 0; role < spec_.threads.size(); ++role) out += role_function(role);
    return out + thread_function() + count_function() + print_function() + main_function() + ")\n";
  }

 private:
  std::string label(const std::string& name) {
    return fmt::format("(call $put_text (i32.const {}))",
                       texts_.address(" " + name + "=", name.size() + 2));
  }
  std::string newline() {
    return fmt::format("(call $put_text (i32.const {}))", texts_.address("\\0a", 1));
  }
  std::string word(const std::string& text) {
    return fmt::format("(call $put_text (i32.const {}))", texts_.address(text, text.size()));
  }

  // All texts get their addresses first: what follows them in memory depends on their size.
  void label_texts() { (void)print_function(); }

  std::string init_function() const {
    std::string out = "  (func $init (param $base i32)\n";
    for (const BatchInit& init : spec_.inits) {
      out += fmt::format("    ({} offset={} (local.get $base) ({} {}))\n", init.store, init.offset,
                         init.is64 ? "i64.const" : "i32.const", init.value);
    }
    return out + "  )\n";
  }

  // Everyone spins; who has spun for long goes to sleep, and the last to arrive wakes sleepers. So
  // a busy machine costs time, not whole time slices.
  std::string barrier() const {
    return fmt::format(
        R"(      (local.set $turns (i32.const 0))
      (block $passed (loop $spin
        (local.set $seen (i32.atomic.load (i32.const {barrier})))
        (br_if $passed (i32.ge_u (local.get $seen) (local.get $target)))
        (local.set $turns (i32.add (local.get $turns) (i32.const 1)))
        (br_if $spin (i32.lt_u (local.get $turns) (i32.const {bound})))
        (drop (i32.atomic.rmw.add (i32.const {sleepers}) (i32.const 1)))
        (drop (memory.atomic.wait32 (i32.const {barrier}) (local.get $seen) (i64.const 1000000)))
        (drop (i32.atomic.rmw.sub (i32.const {sleepers}) (i32.const 1)))
        (br $spin)))
      (if (i32.atomic.load (i32.const {sleepers}))
        (then (drop (memory.atomic.notify (i32.const {barrier}) (i32.const -1)))))
)",
        fmt::arg("barrier", kBarrier), fmt::arg("bound", p_.spin_turns),
        fmt::arg("sleepers", kSleepers));
  }

  std::string delay() const {
    if (p_.delay_mask == 0) return {};
    return fmt::format(
        R"(      (local.set $seed (i32.xor (local.get $seed) (i32.shl (local.get $seed) (i32.const 13))))
      (local.set $seed (i32.xor (local.get $seed) (i32.shr_u (local.get $seed) (i32.const 17))))
      (local.set $seed (i32.xor (local.get $seed) (i32.shl (local.get $seed) (i32.const 5))))
      (local.set $turns (i32.and (local.get $seed) (i32.const {})))
      (block $ready (loop $delay
        (br_if $ready (i32.eqz (local.get $turns)))
        (local.set $turns (i32.sub (local.get $turns) (i32.const 1)))
        (br $delay)))
)",
        p_.delay_mask);
  }

  // Runs one role through the slots of a batch; takes and returns the random seed.
  std::string role_function(unsigned role) const {
    std::vector<size_t> mine;
    for (size_t i = 0; i < spec_.registers.size(); ++i) {
      if (spec_.registers[i].thread == role) mine.push_back(i);
    }
    std::string locals, prefetch, take, keep;
    for (size_t i : mine) {
      const bool is64 = spec_.registers[i].is64;
      locals += fmt::format(" (local $r{} {})", i, is64 ? "i64" : "i32");
      // An i32 register is zero-extended in its cell of 8 bytes: nobody writes the upper half.
      keep += fmt::format("      ({} offset={} (local.get $row) (local.get $r{}))\n",
                          is64 ? "i64.store" : "i32.store", 8 * i, i);
    }
    for (auto it = mine.rbegin(); it != mine.rend(); ++it) {
      take += fmt::format("      (local.set $r{})\n", *it);
    }
    if (p_.prefetch) {
      for (uint32_t offset : spec_.touched) {
        prefetch += fmt::format("      (drop (i32.load8_u offset={} (local.get $base)))\n", offset);
      }
    }
    return fmt::format(
        R"(  (func $role{role} (param $seed i32) (result i32)
    (local $base i32) (local $row i32) (local $target i32) (local $left i32) (local $turns i32)
    (local $seen i32){locals}
    (local.set $base (i32.const {slots}))
    (local.set $row (i32.const {rows}))
    (local.set $left (i32.const {count}))
    (loop $slot
{prefetch}      (local.set $target (i32.add (local.get $target) (i32.const {threads})))
      (drop (i32.atomic.rmw.add (i32.const {barrier_cell}) (i32.const 1)))
{barrier}{delay}      (call $thread{role} (local.get $base))
{take}{keep}      (local.set $base (i32.add (local.get $base) (i32.const {stride})))
      (local.set $row (i32.add (local.get $row) (i32.const {row})))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $slot (local.get $left)))
    (local.get $seed))
)",
        fmt::arg("role", role), fmt::arg("locals", locals), fmt::arg("slots", slots_),
        fmt::arg("rows", rows_), fmt::arg("count", p_.slots), fmt::arg("prefetch", prefetch),
        fmt::arg("threads", spec_.threads.size()), fmt::arg("barrier_cell", kBarrier),
        fmt::arg("barrier", barrier()), fmt::arg("delay", delay()), fmt::arg("take", take),
        fmt::arg("keep", keep), fmt::arg("stride", p_.stride), fmt::arg("row", row_));
  }

  std::string thread_function() const {
    std::string roles;
    for (unsigned role = 0; role < spec_.threads.size(); ++role) {
      roles += fmt::format(
          R"(      (if (i32.eq (local.get $role) (i32.const {0}))
        (then (local.set $seed (call $role{0} (local.get $seed)))))
)",
          role);
    }
    return fmt::format(
        R"(  (func (export "weft_thread") (param $tid i32) (param $who i32)
    (local $go i32) (local $seen i32) (local $polls i32) (local $seed i32) (local $role i32)
    (local.set $seed (i32.add (i32.const 88172645) (i32.mul (local.get $who) (i32.const 7919))))
    (loop $batch
      (local.set $polls (i32.const 0))
      (block $started (loop $poll
        (local.set $seen (i32.atomic.load (i32.const {go})))
        (br_if $started (i32.ne (local.get $seen) (local.get $go)))
        (local.set $polls (i32.add (local.get $polls) (i32.const 1)))
        (br_if $poll (i32.lt_u (local.get $polls) (i32.const 300)))
        (drop (memory.atomic.wait32 (i32.const {go}) (local.get $go) (i64.const 10000000)))
        (br $poll)))
      (local.set $go (local.get $seen))
      (if (i32.atomic.load (i32.const {stop})) (then (return)))
      (local.set $role (i32.rem_u (i32.add (local.get $who) (i32.atomic.load (i32.const {shift}))) (i32.const {threads})))
{roles}      (drop (i32.atomic.rmw.add (i32.const {done}) (i32.const 1)))
      (drop (memory.atomic.notify (i32.const {done}) (i32.const 1)))
      (br $batch)))
)",
        fmt::arg("go", kGo), fmt::arg("stop", kStop), fmt::arg("shift", kShift),
        fmt::arg("threads", spec_.threads.size()), fmt::arg("roles", roles),
        fmt::arg("done", kDone));
  }

  // Finds or makes the entry of one outcome and counts it; the overflow counter takes the rest.
  std::string count_function() const {
    std::string params, equal = "(i32.const 1)", stores, hash = "(i64.const 0)";
    for (size_t i = 0; i < columns_; ++i) {
      params += fmt::format(" (param $c{} i64)", i);
      equal = fmt::format(
          "(i32.and {} (i64.eq (i64.load offset={} (local.get $entry)) (local.get $c{})))", equal,
          8 + 8 * i, i);
      stores += fmt::format("          (i64.store offset={} (local.get $entry) (local.get $c{}))\n",
                            8 + 8 * i, i);
      hash = fmt::format("(i64.mul (i64.xor (local.get $c{}) {}) (i64.const 0x9E3779B97F4A7C15))",
                         i, hash);
    }
    return fmt::format(
        R"(  (global $overflow (mut i64) (i64.const 0))
  (func $count{params}
    (local $entry i32) (local $index i32) (local $tries i32)
    (local.set $index (i32.wrap_i64 (i64.shr_u {hash} (i64.const 54))))
    (loop $probe
      (local.set $entry (i32.add (i32.const {table}) (i32.mul (local.get $index) (i32.const {size}))))
      (if (i64.eqz (i64.load (local.get $entry)))
        (then
          (i64.store (local.get $entry) (i64.const 1))
{stores}          (return)))
      (if {equal}
        (then
          (i64.store (local.get $entry) (i64.add (i64.load (local.get $entry)) (i64.const 1)))
          (return)))
      (local.set $index (i32.and (i32.add (local.get $index) (i32.const 1)) (i32.const {mask})))
      (local.set $tries (i32.add (local.get $tries) (i32.const 1)))
      (br_if $probe (i32.lt_u (local.get $tries) (i32.const {entries}))))
    (global.set $overflow (i64.add (global.get $overflow) (i64.const 1))))
)",
        fmt::arg("params", params), fmt::arg("hash", hash), fmt::arg("table", table_),
        fmt::arg("size", entry_size_), fmt::arg("stores", stores), fmt::arg("equal", equal),
        fmt::arg("mask", kEntries - 1), fmt::arg("entries", kEntries));
  }

  std::string print_function() {
    std::string values;
    size_t column = 0;
    auto value = [&](const std::string& name) {
      values +=
          fmt::format("          {} (call $put_u64 (i64.load offset={} (local.get $entry)))\n",
                      label(name), 8 + 8 * column++);
    };
    for (const BatchRegister& r : spec_.registers) value(fmt::format("{}:{}", r.thread, r.name));
    for (const BatchObserve& o : spec_.observes) value("[" + o.name + "]");
    return fmt::format(
        R"(  (func $print (param $iterations i64) (local $entry i32) (local $left i32)
    (local.set $entry (i32.const {table}))
    (local.set $left (i32.const {entries}))
    (loop $next
      (if (i64.ne (i64.load (local.get $entry)) (i64.const 0))
        (then
          {line} (call $put_u64 (i64.load (local.get $entry)))
{values}          {newline}))
      (local.set $entry (i32.add (local.get $entry) (i32.const {size})))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $next (local.get $left)))
    {end} (call $put_u64 (local.get $iterations))
    {space} (call $put_u64 (global.get $overflow)) {newline})
)",
        fmt::arg("table", table_), fmt::arg("entries", kEntries),
        fmt::arg("line", word("weft-hist ")), fmt::arg("values", values),
        fmt::arg("newline", newline()), fmt::arg("size", entry_size_),
        fmt::arg("end", word("weft-hist-end ")), fmt::arg("space", word(" ")));
  }

  std::string main_function() const {
    std::string columns;
    for (size_t i = 0; i < spec_.registers.size(); ++i) {
      columns += fmt::format(" ({} offset={} (local.get $row))",
                             spec_.registers[i].is64 ? "i64.load" : "i64.load32_u", 8 * i);
    }
    for (const BatchObserve& o : spec_.observes) {
      const std::string load = fmt::format("({} offset={} (local.get $base))", o.load, o.offset);
      columns += o.is64 ? " " + load : fmt::format(" (i64.extend_i32_u {})", load);
    }
    return fmt::format(
        R"(  (func $now (result i64)
    (drop (call $clock_time_get (i32.const 1) (i64.const 1000) (i32.const {clock})))
    (i64.load (i32.const {clock})))
  (func (export "_start")
    (local $i i32) (local $base i32) (local $row i32) (local $seen i32) (local $batch i32)
    (local $start i64)
    (loop $spawning
      (drop (call $spawn (local.get $i)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $spawning (i32.lt_u (local.get $i) (i32.const {threads}))))
    (local.set $start (call $now))
    (loop $batches
      (local.set $base (i32.const {slots}))
      (local.set $i (i32.const {count}))
      (loop $slot
        (call $init (local.get $base))
        (local.set $base (i32.add (local.get $base) (i32.const {stride})))
        (local.set $i (i32.sub (local.get $i) (i32.const 1)))
        (br_if $slot (local.get $i)))
      (i32.atomic.store (i32.const {barrier}) (i32.const 0))
      (i32.atomic.store (i32.const {done}) (i32.const 0))
      (i32.atomic.store (i32.const {shift}) (local.get $batch))
      (local.set $batch (i32.add (local.get $batch) (i32.const 1)))
      (i32.atomic.store (i32.const {go}) (local.get $batch))
      (drop (memory.atomic.notify (i32.const {go}) (i32.const -1)))
      (block $all (loop $waiting
        (local.set $seen (i32.atomic.load (i32.const {done})))
        (br_if $all (i32.eq (local.get $seen) (i32.const {threads})))
        (drop (memory.atomic.wait32 (i32.const {done}) (local.get $seen) (i64.const 10000000)))
        (br $waiting)))
      (local.set $base (i32.const {slots}))
      (local.set $row (i32.const {rows}))
      (local.set $i (i32.const {count}))
      (loop $counting
        (call $count{columns})
        (local.set $base (i32.add (local.get $base) (i32.const {stride})))
        (local.set $row (i32.add (local.get $row) (i32.const {row})))
        (local.set $i (i32.sub (local.get $i) (i32.const 1)))
        (br_if $counting (local.get $i)))
      (br_if $batches (i32.and (i32.lt_u (local.get $batch) (i32.const {batches}))
        (i64.lt_u (i64.sub (call $now) (local.get $start)) (i64.const {nanoseconds})))))
    (i32.atomic.store (i32.const {stop}) (i32.const 1))
    (i32.atomic.store (i32.const {go}) (i32.add (local.get $batch) (i32.const 1)))
    (drop (memory.atomic.notify (i32.const {go}) (i32.const -1)))
    (call $join_all)
    (call $print (i64.mul (i64.extend_i32_u (local.get $batch)) (i64.const {count}))))
)",
        fmt::arg("clock", kClock), fmt::arg("threads", spec_.threads.size()),
        fmt::arg("slots", slots_), fmt::arg("count", p_.slots), fmt::arg("stride", p_.stride),
        fmt::arg("barrier", kBarrier), fmt::arg("done", kDone), fmt::arg("shift", kShift),
        fmt::arg("go", kGo), fmt::arg("rows", rows_), fmt::arg("row", row_),
        fmt::arg("columns", columns), fmt::arg("batches", p_.max_batches),
        fmt::arg("nanoseconds", uint64_t{1000000} * p_.milliseconds), fmt::arg("stop", kStop));
  }

  const BatchSpec& spec_;
  const BatchParameters& p_;
  const size_t columns_;
  Texts texts_;
  uint32_t entry_size_ = 0, table_ = 0, rows_ = 0, row_ = 0, slots_ = 0;
};

}  // namespace

std::string batch_wat(const BatchSpec& spec, const BatchParameters& parameters) {
  return Writer(spec, parameters).write();
}

Histogram read_histogram(std::string_view out) {
  Histogram result;
  std::map<std::string, uint64_t> counts;
  auto number = [](std::string_view& text, uint64_t& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc()) return false;
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    return true;
  };
  while (!out.empty()) {
    const size_t newline = out.find('\n');
    std::string_view line = out.substr(0, newline);
    out.remove_prefix(newline == std::string_view::npos ? out.size() : newline + 1);
    uint64_t value = 0;
    if (line.starts_with("weft-hist-end ")) {
      line.remove_prefix(14);
      if (number(line, result.iterations) && line.starts_with(" ")) {
        line.remove_prefix(1);
        result.complete = number(line, result.overflow) && line.empty();
      }
    } else if (line.starts_with("weft-hist ")) {
      line.remove_prefix(10);
      if (!number(line, value)) continue;
      if (line.starts_with(" ")) line.remove_prefix(1);
      counts[std::string(line)] += value;
    }
  }
  for (const auto& [outcome, count] : counts) result.lines.push_back({count, outcome});
  return result;
}

}  // namespace weft::suite::litmus
