#include "suite/litmus/batch.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "suite/litmus/harness_imports.h"

namespace weft::suite::litmus {
namespace {

// Control cells, 256 bytes apart: processors fetch cache lines in pairs.
constexpr uint32_t kBarrier = 4352, kSleepers = 4608, kGate = 4864, kGateSleepers = 5120,
                   kStop = 5376, kBatches = 5632, kClock = 5888, kBound = 6144;
constexpr uint32_t kTexts = 8192;
constexpr uint32_t kEntries = 1024;
constexpr uint32_t kTrialTurns = 4000;
constexpr uint32_t kTableHeader = 64;  // its first word counts what did not fit

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
    (void)print_function();  // all texts get their addresses: what follows depends on their size
    lay_out();
    std::string out = fmt::format(";; {}: batched by weft\n(module\n", spec_.name);
    out += fmt::format(kHarnessImports, fmt::format("{0} {0}", pages_));
    out += spec_.data;  // before the texts: its segment has index 0
    out += texts_.segment();
    for (unsigned role = 0; role < spec_.threads.size(); ++role) out += role_function(role);
    return out + kNap + calibrate_function() + init_function() + gate_function() +
           tally_function() + thread_function() + print_function() + main_function() + ")\n";
  }

 private:
  void lay_out() {
    const uint32_t threads = static_cast<uint32_t>(spec_.threads.size());
    entry_size_ = static_cast<uint32_t>(8 + 8 * columns_);
    table_size_ = align_up(kTableHeader + kEntries * entry_size_, 4096);
    tables_ = align_up(texts_.end(), 4096);
    uint32_t next = tables_ + threads * table_size_;
    for (unsigned role = 0; role < threads; ++role) {
      Row row;
      row.at = next;
      for (const BatchRegister& r : spec_.registers) row.size += r.thread == role ? 8 : 0;
      next = align_up(next + p_.slots * row.size, 4096);
      rows_.push_back(row);
    }
    slots_ = next;
    pages_ = align_up(slots_ + p_.slots * p_.stride + spec_.slot_size, 65536) / 65536;
  }

  // Where register `i` of the list lies in the row of its thread.
  uint32_t offset_in_row(size_t i) const {
    uint32_t offset = 0;
    for (size_t k = 0; k < i; ++k) {
      if (spec_.registers[k].thread == spec_.registers[i].thread) offset += 8;
    }
    return offset;
  }

  std::string label(const std::string& name) {
    return fmt::format("(call $put_text (i32.const {}))",
                       texts_.address(" " + name + "=", name.size() + 2));
  }
  std::string word(const std::string& text, size_t size) {
    return fmt::format("(call $put_text (i32.const {}))", texts_.address(text, size));
  }

  std::string init_function() const {
    std::string stores;
    for (const BatchInit& init : spec_.inits) {
      stores += fmt::format("      ({} offset={} (local.get $base) ({} {}))\n", init.store,
                            init.offset, init.is64 ? "i64.const" : "i32.const", init.value);
    }
    return fmt::format(
        R"(  (func $init (param $first i32) (param $left i32) (local $base i32)
    (local.set $base (i32.add (i32.const {slots}) (i32.mul (local.get $first) (i32.const {stride}))))
    (loop $slot
{stores}      (local.set $base (i32.add (local.get $base) (i32.const {stride})))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $slot (local.get $left))))
)",
        fmt::arg("slots", slots_), fmt::arg("stride", p_.stride), fmt::arg("stores", stores));
  }

  // Waits until `cell` has reached $.target (or passed it: the others may be on their way to the
  // next one). Who has spun for long goes to sleep, and the last to
  // arrive wakes sleepers: a busy machine costs time, not whole time slices. A sleeper counts
  // itself before its wait compares, and the last one counts up the cell before it looks for
  // sleepers (both seq-cst): one of them sees the other. The time limit makes up for an engine that
  // loses wake-ups. `last`: what the last one does first.
  std::string barrier(uint32_t cell, uint32_t sleepers, const std::string& last) const {
    return fmt::format(
        R"(      (if (i32.eq (i32.add (i32.atomic.rmw.add (i32.const {cell}) (i32.const 1)) (i32.const 1)) (local.get $.target))
        (then
{last}          (if (i32.atomic.load (i32.const {sleepers}))
            (then (drop (memory.atomic.notify (i32.const {cell}) (i32.const -1))))))
        (else
          (local.set $.turns (local.get $.bound))
          (block $.passed (loop $.spin
            (local.set $.seen (i32.atomic.load (i32.const {cell})))
            (br_if $.passed (i32.ge_u (local.get $.seen) (local.get $.target)))
            (local.set $.turns (i32.sub (local.get $.turns) (i32.const 1)))
            (br_if $.spin (local.get $.turns))
            (drop (i32.atomic.rmw.add (i32.const {sleepers}) (i32.const 1)))
            (call $nap (i32.const {cell}) (local.get $.seen))
            (drop (i32.atomic.rmw.sub (i32.const {sleepers}) (i32.const 1)))
            (local.set $.turns (local.get $.bound))
            (br $.spin)))))
)",
        fmt::arg("cell", cell), fmt::arg("sleepers", sleepers), fmt::arg("last", last));
  }

  // Spins for $.turns turns.
  static std::string turns(const std::string& set) {
    return fmt::format(
        R"(      (local.set $.turns {})
      (block $.ready (loop $.delay
        (br_if $.ready (i32.eqz (local.get $.turns)))
        (local.set $.turns (i32.sub (local.get $.turns) (i32.const 1)))
        (br $.delay)))
)",
        set);
  }

  std::string random_delay() const {
    if (p_.delay_mask == 0) return {};
    return R"(      (local.set $.seed (i32.xor (local.get $.seed) (i32.shl (local.get $.seed) (i32.const 13))))
      (local.set $.seed (i32.xor (local.get $.seed) (i32.shr_u (local.get $.seed) (i32.const 17))))
      (local.set $.seed (i32.xor (local.get $.seed) (i32.shl (local.get $.seed) (i32.const 5))))
)" + turns(fmt::format("(i32.and (local.get $.seed) (i32.const {}))", p_.delay_mask));
  }

  // How many turns of a barrier's spin take as long as it shall spin: the shortest of some trials.
  std::string calibrate_function() const {
    return fmt::format(
        R"(  (func $calibrate (local $best i64) (local $start i64) (local $trial i32) (local $turns i32)
    (local.set $best (i64.const 1000000000))
    (local.set $trial (i32.const 8))
    (loop $again
      (local.set $turns (i32.const {trial}))
      (local.set $start (call $now))
      (block $passed (loop $spin
        (br_if $passed (i32.ge_u (i32.atomic.load (i32.const {cell})) (i32.const 1)))
        (local.set $turns (i32.sub (local.get $turns) (i32.const 1)))
        (br_if $spin (local.get $turns))))
      (local.set $start (i64.sub (call $now) (local.get $start)))
      (if (i64.lt_u (local.get $start) (local.get $best)) (then (local.set $best (local.get $start))))
      (local.set $trial (i32.sub (local.get $trial) (i32.const 1)))
      (br_if $again (local.get $trial)))
    (i32.store (i32.const {bound}) (i32.add (i32.const 100) (i32.wrap_i64 (i64.div_u
      (i64.const {nanoseconds}) (i64.add (local.get $best) (i64.const 100)))))))
)",
        fmt::arg("cell", kBarrier), fmt::arg("bound", kBound), fmt::arg("trial", kTrialTurns),
        fmt::arg("nanoseconds", uint64_t{1000} * p_.spin_microseconds * kTrialTurns));
  }

  // A call, not the instruction itself: some engines destroy what is live across a wait.
  static constexpr char kNap[] = R"(  (func $nap (param i32 i32)
    (drop (memory.atomic.wait32 (local.get 0) (local.get 1) (i64.const 1000000))))
)";

  // Passed by all workers together: what they did before happens before what they do after it.
  std::string gate_function() const {
    return fmt::format(
        R"(  (func $gate (param $.target i32)
    (local $.turns i32) (local $.seen i32) (local $.bound i32)
    (local.set $.bound (i32.load (i32.const {})))
{})
)",
        kBound, barrier(kGate, kGateSleepers, ""));
  }

  // Runs one role through the slots of a batch; takes and returns the random seed.
  std::string role_function(unsigned role) const {
    std::string prefetch, keep;
    for (size_t i = 0; i < spec_.registers.size(); ++i) {
      const BatchRegister& r = spec_.registers[i];
      if (r.thread != role) continue;
      // An i32 register is zero-extended in its cell of 8 bytes: nobody writes the upper half.
      keep += fmt::format("      ({} offset={} (local.get $.row) (local.get {}))\n",
                          r.is64 ? "i64.store" : "i32.store", offset_in_row(i), r.local);
    }
    if (p_.prefetch) {
      for (uint32_t offset : spec_.touched) {
        prefetch += fmt::format("      (drop (i32.load8_u offset={} (local.get $base)))\n", offset);
      }
    }
    const BatchThread& thread = spec_.threads[role];
    const std::string last =
        p_.last_delay ? turns(fmt::format("(i32.const {})", p_.last_delay)) : "";
    return fmt::format(
        R"(  (func $role{role} (param $.seed i32) (result i32)
    (local $base i32) (local $.row i32) (local $.target i32) (local $.left i32) (local $.turns i32)
    (local $.seen i32) (local $.bound i32){locals}
    (local.set $.bound (i32.load (i32.const {bound})))
    (local.set $base (i32.const {slots}))
    (local.set $.row (i32.const {row}))
    (local.set $.left (i32.const {count}))
    (loop $.slot
{prefetch}      (local.set $.target (i32.add (local.get $.target) (i32.const {threads})))
{barrier}{delay}{body}{keep}      (local.set $base (i32.add (local.get $base) (i32.const {stride})))
      (local.set $.row (i32.add (local.get $.row) (i32.const {row_size})))
      (local.set $.left (i32.sub (local.get $.left) (i32.const 1)))
      (br_if $.slot (local.get $.left)))
    (local.get $.seed))
)",
        fmt::arg("role", role), fmt::arg("bound", kBound), fmt::arg("locals", thread.locals),
        fmt::arg("slots", slots_), fmt::arg("row", rows_[role].at), fmt::arg("count", p_.slots),
        fmt::arg("prefetch", prefetch), fmt::arg("threads", spec_.threads.size()),
        fmt::arg("barrier", barrier(kBarrier, kSleepers, last)), fmt::arg("delay", random_delay()),
        fmt::arg("body", thread.body), fmt::arg("keep", keep), fmt::arg("stride", p_.stride),
        fmt::arg("row_size", rows_[role].size));
  }

  // Worker `who` from the first batch to the last. Worker 0 looks at the clock.
  std::string thread_function() const {
    std::string roles;
    for (unsigned role = 0; role < spec_.threads.size(); ++role) {
      roles += fmt::format(
          R"(      (if (i32.eq (i32.rem_u (i32.add (local.get $who) (local.get $batch)) (i32.const {1})) (i32.const {0}))
        (then (local.set $seed (call $role{0} (local.get $seed)))))
)",
          role, spec_.threads.size());
    }
    return fmt::format(
        R"(  (func $now (result i64)
    (drop (call $clock_time_get (i32.const 1) (i64.const 1000) (i32.const {clock})))
    (i64.load (i32.const {clock})))
  (func (export "weft_thread") (param $tid i32) (param $who i32)
    (local $batch i32) (local $seed i32) (local $target i32) (local $first i32) (local $share i32)
    (local $start i64)
    (local.set $seed (i32.add (i32.const 88172645) (i32.mul (local.get $who) (i32.const 7919))))
    (local.set $first (i32.div_u (i32.mul (local.get $who) (i32.const {count})) (i32.const {threads})))
    (local.set $share (i32.sub
      (i32.div_u (i32.mul (i32.add (local.get $who) (i32.const 1)) (i32.const {count})) (i32.const {threads}))
      (local.get $first)))
    (if (i32.eqz (local.get $who)) (then (local.set $start (call $now))))
    (loop $next
      (call $init (local.get $first) (local.get $share))
      (if (i32.eqz (local.get $who)) (then (i32.atomic.store (i32.const {barrier}) (i32.const 0))))
      (call $gate (local.tee $target (i32.add (local.get $target) (i32.const {threads}))))
{roles}      (local.set $batch (i32.add (local.get $batch) (i32.const 1)))
      (if (i32.eqz (local.get $who))
        (then
          (i32.atomic.store (i32.const {batches}) (local.get $batch))
          (if (i32.or (i32.ge_u (local.get $batch) (i32.const {most}))
                (i64.ge_u (i64.sub (call $now) (local.get $start)) (i64.const {nanoseconds})))
            (then (i32.atomic.store (i32.const {stop}) (i32.const 1))))))
      (call $gate (local.tee $target (i32.add (local.get $target) (i32.const {threads}))))
      (call $tally (local.get $who) (local.get $first) (local.get $share))
      (br_if $next (i32.eqz (i32.atomic.load (i32.const {stop}))))))
)",
        fmt::arg("clock", kClock), fmt::arg("count", p_.slots),
        fmt::arg("threads", spec_.threads.size()), fmt::arg("barrier", kBarrier),
        fmt::arg("roles", roles), fmt::arg("batches", kBatches), fmt::arg("most", p_.max_batches),
        fmt::arg("nanoseconds", uint64_t{1000000} * p_.milliseconds), fmt::arg("stop", kStop));
  }

  // Counts the outcomes of slots in the table of worker $who. The entry of the slot before is tried
  // first; else the entry is found by its hash, or made; the table's first word takes the rest.
  std::string tally_function() const {
    std::string locals, set_rows, load, equal = "(i32.const 1)", stores, hash = "(i64.const 0)",
                                        step;
    for (unsigned role = 0; role < rows_.size(); ++role) {
      if (!rows_[role].size) continue;
      locals += fmt::format(" (local $row{} i32)", role);
      set_rows += fmt::format(
          "    (local.set $row{0} (i32.add (i32.const {1}) (i32.mul (local.get $first) (i32.const "
          "{2}))))\n",
          role, rows_[role].at, rows_[role].size);
      step +=
          fmt::format("      (local.set $row{0} (i32.add (local.get $row{0}) (i32.const {1})))\n",
                      role, rows_[role].size);
    }
    auto column = [&, i = size_t{0}](const std::string& value) mutable {
      locals += fmt::format(" (local $c{} i64)", i);
      load += fmt::format("      (local.set $c{} {})\n", i, value);
      const std::string same = fmt::format(
          "(i64.eq (i64.load offset={} (local.get $entry)) (local.get $c{}))", 8 + 8 * i, i);
      equal = i ? fmt::format("(i32.and {} {})", equal, same) : same;
      stores += fmt::format("          (i64.store offset={} (local.get $entry) (local.get $c{}))\n",
                            8 + 8 * i, i);
      hash = fmt::format("(i64.mul (i64.xor (local.get $c{}) {}) (i64.const 0x9E3779B97F4A7C15))",
                         i, hash);
      ++i;
    };
    for (size_t i = 0; i < spec_.registers.size(); ++i) {
      const BatchRegister& r = spec_.registers[i];
      column(fmt::format("({} offset={} (local.get $row{}))", r.is64 ? "i64.load" : "i64.load32_u",
                         offset_in_row(i), r.thread));
    }
    for (const BatchObserve& o : spec_.observes) {
      const std::string value = fmt::format("({} offset={} (local.get $base))", o.load, o.offset);
      column(o.is64 ? value : fmt::format("(i64.extend_i32_u {})", value));
    }
    return fmt::format(
        R"(  (func $tally (param $who i32) (param $first i32) (param $left i32)
    (local $base i32) (local $table i32) (local $entry i32) (local $index i32) (local $tries i32)
   {locals}
    (local.set $base (i32.add (i32.const {slots}) (i32.mul (local.get $first) (i32.const {stride}))))
{set_rows}    (local.set $table (i32.add (i32.const {tables}) (i32.mul (local.get $who) (i32.const {table_size}))))
    (local.set $entry (i32.add (local.get $table) (i32.const {header})))
    (loop $slot
{load}      (block $counted
        (block $found
          (br_if $found (i32.and (i64.ne (i64.load (local.get $entry)) (i64.const 0)) {equal}))
          (local.set $index (i32.wrap_i64 (i64.shr_u {hash} (i64.const 54))))
          (local.set $tries (i32.const {entries}))
          (loop $probe
            (local.set $entry (i32.add (i32.add (local.get $table) (i32.const {header}))
              (i32.mul (local.get $index) (i32.const {size}))))
            (if (i64.eqz (i64.load (local.get $entry)))
              (then
{stores}                (br $found)))
            (br_if $found {equal})
            (local.set $index (i32.and (i32.add (local.get $index) (i32.const 1)) (i32.const {mask})))
            (local.set $tries (i32.sub (local.get $tries) (i32.const 1)))
            (br_if $probe (local.get $tries)))
          (i64.store (local.get $table) (i64.add (i64.load (local.get $table)) (i64.const 1)))
          (br $counted))
        (i64.store (local.get $entry) (i64.add (i64.load (local.get $entry)) (i64.const 1))))
      (local.set $base (i32.add (local.get $base) (i32.const {stride})))
{step}      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $slot (local.get $left))))
)",
        fmt::arg("locals", locals), fmt::arg("slots", slots_), fmt::arg("stride", p_.stride),
        fmt::arg("set_rows", set_rows), fmt::arg("tables", tables_),
        fmt::arg("table_size", table_size_), fmt::arg("header", kTableHeader),
        fmt::arg("load", load), fmt::arg("equal", equal), fmt::arg("hash", hash),
        fmt::arg("entries", kEntries), fmt::arg("size", entry_size_), fmt::arg("stores", stores),
        fmt::arg("mask", kEntries - 1), fmt::arg("step", step));
  }

  // Prints the tables of all workers: a reader adds up what occurs in several.
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
    const std::string newline = word("\\0a", 1);
    return fmt::format(
        R"(  (func $print (param $iterations i64)
    (local $table i32) (local $entry i32) (local $left i32) (local $who i32) (local $overflow i64)
    (local.set $table (i32.const {tables}))
    (loop $worker
      (local.set $overflow (i64.add (local.get $overflow) (i64.load (local.get $table))))
      (local.set $entry (i32.add (local.get $table) (i32.const {header})))
      (local.set $left (i32.const {entries}))
      (loop $next
        (if (i64.ne (i64.load (local.get $entry)) (i64.const 0))
          (then
            {line} (call $put_u64 (i64.load (local.get $entry)))
{values}            {newline}))
        (local.set $entry (i32.add (local.get $entry) (i32.const {size})))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (br_if $next (local.get $left)))
      (local.set $table (i32.add (local.get $table) (i32.const {table_size})))
      (local.set $who (i32.add (local.get $who) (i32.const 1)))
      (br_if $worker (i32.lt_u (local.get $who) (i32.const {threads}))))
    {end} (call $put_u64 (local.get $iterations))
    {space} (call $put_u64 (local.get $overflow)) {newline})
)",
        fmt::arg("tables", tables_), fmt::arg("header", kTableHeader),
        fmt::arg("entries", kEntries), fmt::arg("line", word("weft-hist ", 10)),
        fmt::arg("values", values), fmt::arg("newline", newline), fmt::arg("size", entry_size_),
        fmt::arg("table_size", table_size_), fmt::arg("threads", spec_.threads.size()),
        fmt::arg("end", word("weft-hist-end ", 14)), fmt::arg("space", word(" ", 1)));
  }

  std::string main_function() const {
    return fmt::format(
        R"(  (func (export "_start") (local $i i32)
    (call $calibrate)
    (loop $spawning
      (drop (call $spawn (local.get $i)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $spawning (i32.lt_u (local.get $i) (i32.const {threads}))))
    (call $join_all)
    (call $print (i64.mul (i64.extend_i32_u (i32.atomic.load (i32.const {batches})))
      (i64.const {count}))))
)",
        fmt::arg("threads", spec_.threads.size()), fmt::arg("batches", kBatches),
        fmt::arg("count", p_.slots));
  }

  struct Row {
    uint32_t at = 0, size = 0;
  };
  const BatchSpec& spec_;
  const BatchParameters& p_;
  const size_t columns_;
  Texts texts_;
  std::vector<Row> rows_;  // by role
  uint32_t entry_size_ = 0, table_size_ = 0, tables_ = 0, slots_ = 0, pages_ = 0;
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
    } else if (line.starts_with("weft-void ")) {
      line.remove_prefix(10);
      if (number(line, value)) result.voids += value;
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
