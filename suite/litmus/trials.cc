#include "suite/litmus/trials.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "reference/module/assemble.h"
#include "suite/litmus/harness_imports.h"
#include "suite/litmus/to_wat.h"
#include "suite/test/test.h"

namespace weft::suite::litmus {
namespace {

constexpr uint32_t kGo = 4096, kStart = 4352, kStartSleepers = 4608, kEnded = 4864,
                   kForbidden = 5120, kStop = 5376, kClock = 5632, kPrinting = 5888;
constexpr uint32_t kRoles = 6144, kRoleSize = 256;  // a role's cell: about to wait, or not
constexpr uint32_t kRows = 8192, kRowSize = 512;    // ending, assigned, then the registers
constexpr uint32_t kTexts = 12288, kSlots = 16384, kSlotsEnd = 49152;
constexpr uint32_t kMostThreads = 8;
constexpr uint32_t kPage = 65536;

constexpr char kWaits[] =
    R"(  (func $wait32 (param i32 i32 i64) (result i32)
    (memory.atomic.wait32 (local.get 0) (local.get 1) (local.get 2)))
  (func $wait64 (param i32 i64 i64) (result i32)
    (memory.atomic.wait64 (local.get 0) (local.get 1) (local.get 2)))
)";

enum : uint32_t { kFinished = 0, kWaiting = 1, kVoid = 2 };  // endings

bool any_operation(const LitmusTest& test, const std::function<bool(const Statement&)>& holds) {
  return std::any_of(test.threads.begin(), test.threads.end(), [&](const Thread& thread) {
    return any_statement(thread.body, [&](const Statement& s) {
      return s.kind == Statement::Kind::kOperation && holds(s);
    });
  });
}

uint32_t reach(const Statement& s) {
  if (const uint32_t bytes = access_bytes(*s.opcode)) return bytes;
  const bool bulk = s.opcode->name == "memory.fill" || s.opcode->name == "memory.copy" ||
                    s.opcode->name == "memory.init";
  return bulk && !s.operands.empty()
             ? static_cast<uint32_t>(std::min<uint64_t>(s.operands.back().value, kPage))
             : 4;
}

// The test with its locations moved out of the way.
LitmusTest moved(LitmusTest test) {
  for (Location& l : test.locations) {
    if (l.address < kSlotsEnd) l.address += kSlots;
  }
  return test;
}

class TrialWriter {
 public:
  TrialWriter(const LitmusTest& test, const TrialPlan& plan, const TrialParameters& p)
      : test_(moved(test)),
        spec_(batch_spec(test_)),
        plan_(plan),
        p_(p),
        threads_(static_cast<uint32_t>(test.threads.size())) {
    stride_ = plan.most > 1 ? batch_spec(test).slot_size : 0;
    slots_ = stride_ ? (kSlotsEnd - kSlots) / stride_ : 1;
  }

  std::string write() {
    std::string body;
    for (unsigned role = 0; role < threads_; ++role) body += role_function(role);
    for (unsigned role = 0; role < threads_; ++role) body += line_function(role);
    body += std::string(kWaits) + thread_function() + notify_function() + print_function() +
            main_function();
    return fmt::format(";; {}: trials by weft\n(module\n", test_.name) +
           fmt::format(kHarnessImports, fmt::format("{} {}", test_.min_pages, test_.max_pages)) +
           "  (import \"weft\" \"flush\" (func $flush))\n" + spec_.data +
           fmt::format("  (data (i32.const {}) \"{}\")\n", kTexts, texts_) + body + ")\n";
  }
  bool texts_fit() const { return next_text_ <= kSlots; }

 private:
  uint32_t role_cell(unsigned role) const { return kRoles + role * kRoleSize; }
  uint32_t row(unsigned role) const { return kRows + role * kRowSize; }
  uint32_t cell(size_t i) const {
    uint32_t before = 0;
    for (size_t k = 0; k < i; ++k) before += spec_.registers[k].thread == spec_.registers[i].thread;
    return row(spec_.registers[i].thread) + 16 + 8 * before;
  }

  std::string put(const std::string& text, size_t size) {
    const auto [it, fresh] = text_at_.try_emplace(text, next_text_);
    if (fresh) {
      texts_ += text + "\\00";
      next_text_ += static_cast<uint32_t>(size) + 1;
    }
    return fmt::format("(call $put_text (i32.const {}))", it->second);
  }
  std::string put(const std::string& text) { return put(text, text.size()); }
  std::string put_newline() { return put("\\0a", 1); }

  // One trial of a role: starts together with the others, leaves its ending and registers.
  std::string role_function(unsigned role) {
    Watched watched;
    watched.before_wait =
        fmt::format("      (i32.atomic.store (i32.const {}) (i32.const 1))\n", role_cell(role));
    watched.after_wait = fmt::format(
        R"(      (if (i32.atomic.load (i32.const {}))
        (then
          (local.set $.ending (select (i32.const {}) (i32.const {}) (local.get $.woken)))
          (br $.left)))
      (i32.atomic.store (i32.const {}) (i32.const 0))
)",
        kForbidden, uint32_t{kVoid}, uint32_t{kWaiting}, role_cell(role));
    const BatchThread thread = inlined_thread(test_, role, &watched);
    std::string touch, keep;
    for (const uint32_t offset : spec_.touched) {
      if (offset >= kSlotsEnd) continue;  // it may lie beyond the memory
      touch += fmt::format("    (drop (i32.load8_u offset={} (local.get $base)))\n", offset);
    }
    for (size_t i = 0; i < spec_.registers.size(); ++i) {
      const BatchRegister& r = spec_.registers[i];
      if (r.thread != role) continue;
      const std::string get = fmt::format("(local.get {})", r.local);
      keep += fmt::format("    (i64.store (i32.const {}) {})\n", cell(i),
                          r.is64 ? get : "(i64.extend_i32_u " + get + ")");
    }
    return fmt::format(
        R"(  (func $role{role} (param $base i32) (param $.trial i32)
    (local $.ending i32) (local $.turns i32){locals}
{touch}    (local.set $.turns (i32.const 20000))
    (drop (i32.atomic.rmw.add (i32.const {start}) (i32.const 1)))
    (block $.started (loop $.spin
      (br_if $.started (i32.ge_u (i32.atomic.load (i32.const {start}))
        (i32.mul (local.get $.trial) (i32.const {threads}))))
      (local.set $.turns (i32.sub (local.get $.turns) (i32.const 1)))
      (br_if $.spin (local.get $.turns))
      (local.set $.turns (i32.const 1))
      (drop (call $wait32 (i32.const {sleep}) (i32.const 0) (i64.const 100000)))
      (br $.spin)))
    (block $.left
{body}    )
    (i32.store (i32.const {row}) (local.get $.ending))
    (i64.store offset=8 (i32.const {row}) (local.get $.assigned))
{keep}{line}    (i32.atomic.store (i32.const {cell}) (i32.const 2))
    (drop (i32.atomic.rmw.add (i32.const {ended}) (i32.const 1)))
    (drop (memory.atomic.notify (i32.const {ended}) (i32.const 1))))
)",
        fmt::arg("role", role), fmt::arg("locals", thread.locals), fmt::arg("touch", touch),
        fmt::arg("start", kStart), fmt::arg("threads", threads_), fmt::arg("sleep", kStartSleepers),
        fmt::arg("body", thread.body), fmt::arg("row", row(role)), fmt::arg("keep", keep),
        fmt::arg("line", plan_.may_trap ? part(role) : ""), fmt::arg("cell", role_cell(role)),
        fmt::arg("ended", kEnded));
  }

  // A role's own line, written at once and in one piece. It comes after the body: what the lock
  // orders is no part of the trial.
  std::string part(unsigned role) {
    return fmt::format(
        R"(    (loop $.lock
      (br_if $.lock (i32.atomic.rmw.cmpxchg (i32.const {lock}) (i32.const 0) (i32.const 1))))
    {end} (call $line{role}) {newline} (call $flush)
    (i32.atomic.store (i32.const {lock}) (i32.const 0))
)",
        fmt::arg("lock", kPrinting), fmt::arg("end", put(fmt::format("weft-part {}:end", role))),
        fmt::arg("role", role), fmt::arg("newline", put_newline()));
  }

  // ` N:r0=1 N:r1=0`: all registers of a role that finished, else those that were assigned.
  std::string line_function(unsigned role) {
    std::string values;
    size_t visible = 0;
    const Thread& thread = test_.threads[role];
    std::map<std::string, size_t> index;
    for (size_t k = 0; k < thread.registers.size(); ++k) index[thread.registers[k].name] = k;
    for (size_t i = 0; i < spec_.registers.size(); ++i) {
      const BatchRegister& r = spec_.registers[i];
      if (r.thread != role) continue;
      ++visible;
      values += fmt::format(
          R"(    (if (i32.or (i32.eqz (i32.load (i32.const {row})))
          (i32.wrap_i64 (i64.and (i64.const 1) (i64.shr_u (i64.load offset=8 (i32.const {row})) (i64.const {bit})))))
      (then {label} (call $put_u64 (i64.load (i32.const {cell})))))
)",
          fmt::arg("row", row(role)), fmt::arg("bit", index[r.name]),
          fmt::arg("label", put(fmt::format(" {}:{}=", role, r.name))), fmt::arg("cell", cell(i)));
    }
    return fmt::format("  (func $line{}\n{})\n", role, values);
  }

  std::string slot() const {
    if (!stride_) return "(i32.const 0)";
    return fmt::format(
        "(i32.mul (i32.const {}) (i32.rem_u (i32.sub (local.get $trial) (i32.const 1)) (i32.const "
        "{})))",
        stride_, slots_);
  }

  std::string thread_function() const {
    std::string roles;
    for (unsigned role = 0; role < threads_; ++role) {
      roles += fmt::format(
          "      (if (i32.eq (local.get $who) (i32.const {0})) (then (call $role{0} {1} (local.get "
          "$trial))))\n",
          role, slot());
    }
    return fmt::format(
        R"(  (func (export "weft_thread") (param $tid i32) (param $who i32)
    (local $trial i32) (local $seen i32) (local $polls i32)
    (loop $next
      (local.set $polls (i32.const 300))
      (block $begun (loop $poll
        (local.set $seen (i32.atomic.load (i32.const {go})))
        (br_if $begun (i32.ne (local.get $seen) (local.get $trial)))
        (local.set $polls (i32.sub (local.get $polls) (i32.const 1)))
        (br_if $poll (i32.gt_s (local.get $polls) (i32.const 0)))
        (drop (call $wait32 (i32.const {go}) (local.get $trial) (i64.const 10000000)))
        (br $poll)))
      (local.set $trial (local.get $seen))
      (if (i32.atomic.load (i32.const {stop})) (then (return)))
{roles}      (br $next)))
)",
        fmt::arg("go", kGo), fmt::arg("stop", kStop), fmt::arg("roles", roles));
  }

  // Wakes what waits in the slot; how many that were.
  std::string notify_function() const {
    std::set<uint32_t> addresses;
    for (const Thread& thread : test_.threads) {
      any_statement(thread.body, [&](const Statement& s) {
        if (waits_for_ever(s)) {
          addresses.insert(test_.locations[s.address->location].address + s.address->offset);
        }
        return false;
      });
    }
    std::string sum = "(i32.const 0)";
    for (const uint32_t at : addresses) {
      sum = fmt::format(
          "(i32.add {} (memory.atomic.notify offset={} (local.get $base) (i32.const -1)))", sum,
          at);
    }
    return fmt::format("  (func $wake (param $base i32) (result i32)\n    {})\n", sum);
  }

  // The outcome of a trial, as the model writes it: registers, observations, endings.
  std::string print_function() {
    std::string text, endings;
    for (unsigned role = 0; role < threads_; ++role) {
      text += fmt::format("    (call $line{})\n", role);
      endings +=
          fmt::format("    (if (i32.eq (i32.load (i32.const {})) (i32.const {})) (then {}))\n",
                      row(role), uint32_t{kWaiting}, put(fmt::format(" {}:waiting", role)));
    }
    for (const BatchObserve& o : spec_.observes) {
      const std::string value = fmt::format("({} offset={} (local.get $base))", o.load, o.offset);
      text += fmt::format("    {} (call $put_u64 {})\n", put(" [" + o.name + "]="),
                          o.is64 ? value : "(i64.extend_i32_u " + value + ")");
    }
    return fmt::format("  (func $print (param $base i32)\n    {}\n{}{}    {})\n",
                       put("weft-hist 1"), text, endings, put_newline());
  }

  std::string main_function() {
    std::string init, settled = "(i32.const 1)", claims = "(i32.const 0)", voids = claims, reset;
    for (const BatchInit& one : spec_.inits) {
      init += fmt::format("      ({} offset={} (local.get $base) ({} {}))\n", one.store, one.offset,
                          one.is64 ? "i64.const" : "i32.const", one.value);
    }
    for (unsigned role = 0; role < threads_; ++role) {
      settled = fmt::format("(i32.and {} (i32.ne (i32.atomic.load (i32.const {})) (i32.const 0)))",
                            settled, role_cell(role));
      claims = fmt::format("(i32.add {} (i32.eq (i32.load (i32.const {})) (i32.const {})))", claims,
                           row(role), uint32_t{kWaiting});
      voids = fmt::format("(i32.or {} (i32.eq (i32.load (i32.const {})) (i32.const {})))", voids,
                          row(role), uint32_t{kVoid});
      reset +=
          fmt::format("      (i32.atomic.store (i32.const {}) (i32.const 0))\n", role_cell(role));
    }
    return fmt::format(
        R"(  (func $now (result i64)
    (drop (call $clock_time_get (i32.const 1) (i64.const 1000) (i32.const {clock})))
    (i64.load (i32.const {clock})))
  (func (export "_start")
    (local $i i32) (local $base i32) (local $trial i32) (local $woken i32) (local $seen i32)
    (local $counted i32) (local $void i32) (local $start i64)
    (loop $spawning
      (drop (call $spawn (local.get $i)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $spawning (i32.lt_u (local.get $i) (i32.const {threads}))))
    (local.set $start (call $now))
    (loop $next
      (local.set $trial (i32.add (local.get $trial) (i32.const 1)))
      (local.set $base {slot})
{init}{reset}      (i32.atomic.store (i32.const {ended}) (i32.const 0))
      (i32.atomic.store (i32.const {forbidden}) (i32.const 0))
      (i32.atomic.store (i32.const {go}) (local.get $trial))
      (drop (memory.atomic.notify (i32.const {go}) (i32.const -1)))
      (local.set $woken (i32.const 0))
      (block $over (loop $look
        (local.set $seen (i32.atomic.load (i32.const {ended})))
        (br_if $over (i32.eq (local.get $seen) (i32.const {threads})))
        (if {settled}
          (then
            (i32.atomic.store (i32.const {forbidden}) (i32.const 1))
            (local.set $woken (i32.add (local.get $woken) (call $wake (local.get $base))))))
        (drop (call $wait32 (i32.const {ended}) (local.get $seen) (i64.const 100000)))
        (br $look)))
      (if (i32.or {voids} (i32.ne (local.get $woken) {claims}))
        (then (local.set $void (i32.add (local.get $void) (i32.const 1))))
        (else
          (call $print (local.get $base))
          (local.set $counted (i32.add (local.get $counted) (i32.const 1)))))
      (br_if $next (i32.and (i32.lt_u (local.get $trial) (i32.const {most}))
        (i64.lt_u (i64.sub (call $now) (local.get $start)) (i64.const {nanoseconds})))))
    (i32.atomic.store (i32.const {stop}) (i32.const 1))
    (i32.atomic.store (i32.const {go}) (i32.add (local.get $trial) (i32.const 1)))
    (drop (memory.atomic.notify (i32.const {go}) (i32.const -1)))
    (call $join_all)
    {void} (call $put_u64 (i64.extend_i32_u (local.get $void))) {newline}
    {end} (call $put_u64 (i64.extend_i32_u (local.get $counted))) {no_overflow})
)",
        fmt::arg("clock", kClock), fmt::arg("threads", threads_), fmt::arg("slot", slot()),
        fmt::arg("init", init), fmt::arg("reset", reset), fmt::arg("ended", kEnded),
        fmt::arg("forbidden", kForbidden), fmt::arg("go", kGo), fmt::arg("settled", settled),
        fmt::arg("voids", voids), fmt::arg("claims", claims),
        fmt::arg("most", std::max(1u, std::min(plan_.most, p_.most))),
        fmt::arg("nanoseconds", uint64_t{1000000} * p_.milliseconds), fmt::arg("stop", kStop),
        fmt::arg("void", put("weft-void ")), fmt::arg("newline", put_newline()),
        fmt::arg("end", put("weft-hist-end ")), fmt::arg("no_overflow", put(" 0\\0a", 3)));
  }

  const LitmusTest test_;
  const BatchSpec spec_;
  const TrialPlan& plan_;
  const TrialParameters& p_;
  const uint32_t threads_;
  uint32_t stride_ = 0, slots_ = 1;
  std::string texts_;
  std::map<std::string, uint32_t> text_at_;
  uint32_t next_text_ = kTexts;
};

}  // namespace

TrialPlan plan_trials(const LitmusTest& test) {
  TrialPlan plan;
  const uint64_t bytes = uint64_t{test.min_pages} * kPage;
  if (bytes == 0) plan.why_not = "a memory without a page has no room for the harness";
  if (test.threads.size() > kMostThreads) {
    plan.why_not = fmt::format("it has more than {} threads", kMostThreads);
  }
  bool low = true;
  for (const Location& l : test.locations) {
    if (l.address >= kSlotsEnd) low = false;
    if (l.address + 64 > kSlotsEnd - kSlots && l.address < kSlotsEnd) {
      plan.why_not = fmt::format("location {} lies where the harness moves others to", l.name);
    }
  }
  bool length_changes = false;
  any_operation(test, [&](const Statement& s) {
    const std::string_view name = s.opcode->name;
    if (name == "memory.grow") {
      length_changes |= s.operands[0].kind != Expr::Kind::kConst || s.operands[0].value != 0;
    }
    if (waits_for_ever(s) && s.address->reg) {
      plan.why_not = "the address of a wait without timeout is computed";
    }
    for (const auto& a : {s.address, s.source}) {
      if (!a) continue;
      const uint64_t at = uint64_t{test.locations[a->location].address} + a->offset;
      plan.may_trap |= at + reach(s) > bytes;
      plan.may_trap |=
          s.opcode->immediate == module::Immediate::kAtomicArg && at % access_bytes(*s.opcode) != 0;
    }
    return false;
  });
  if (length_changes || plan.may_trap || !low) return plan;
  const uint32_t slots = (kSlotsEnd - kSlots) / batch_spec(test).slot_size;
  if (slots == 0) {
    plan.why_not = "its locations lie too far apart";
  } else {
    plan.most = test.init_zero ? slots : 1u << 20;
  }
  return plan;
}

Expected<Bytes> trial_module(const LitmusTest& test, const TrialParameters& parameters) {
  const TrialPlan plan = plan_trials(test);
  if (!plan.why_not.empty()) return fail("{}: {}: {}", test.file, test.name, plan.why_not);
  TrialWriter writer(test, plan, parameters);
  const std::string wat = writer.write();
  if (!writer.texts_fit()) return fail("{}: {}: too many registers", test.file, test.name);
  return module::link(wat, support_library(), {.name = test.name});
}

std::string trapped_outcome(std::string_view out, unsigned threads) {
  std::map<unsigned, std::string> parts;
  while (!out.empty()) {
    const size_t newline = out.find('\n');
    std::string_view line = out.substr(0, newline);
    if (newline == std::string_view::npos) break;  // cut off
    out.remove_prefix(newline + 1);
    if (!line.starts_with("weft-part ")) continue;
    line.remove_prefix(10);
    const size_t colon = line.find(':');
    unsigned role = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), role);
    if (error != std::errc() || end != line.data() + std::min(colon, line.size())) continue;
    parts[role] = line;
  }
  std::string outcome, missing;
  for (unsigned role = 0; role < threads; ++role) {
    const auto part = parts.find(role);
    if (part != parts.end()) {
      outcome += (outcome.empty() ? "" : " ") + part->second;
    } else if (missing.empty()) {
      missing = fmt::format("{}:trap", role);
    } else {
      return {};
    }
  }
  if (missing.empty()) return {};
  return outcome.empty() ? missing : outcome + " " + missing;
}

}  // namespace weft::suite::litmus
