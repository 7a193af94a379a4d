#include "runners/doctor.h"

#include "reference/module/assemble.h"

namespace weft::runners {
namespace {

// Seconds. What hangs is killed then; what ends has all the time of a slow start.
constexpr double kHangTimeout = 0.8;
constexpr double kTimeout = 5;

constexpr const char kRun[] = R"((module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (data (i32.const 1024) "\10\04\00\00\03\00\00\00") (data (i32.const 1040) "ok\n")
  (func (export "_start")
    (drop (call $write (i32.const 1) (i32.const 1024) (i32.const 1) (i32.const 1032)))
    (call $exit (i32.const 77)))))";
constexpr const char kTrap[] = R"((module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (func (export "_start") unreachable)))";
constexpr const char kHang[] = R"((module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (func (export "_start")
    (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))))";
constexpr const char kFlood[] = R"((module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (data (i32.const 1024) "\00\08\00\00\00\40\00\00")
  (func (export "_start")
    (loop $again
      (drop (call $write (i32.const 1) (i32.const 1024) (i32.const 1) (i32.const 1032)))
      (br $again)))))";

std::string shown(const Observation& seen) {
  switch (seen.end) {
    case End::kExit:
      return fmt::format("exit code {}", seen.code);
    case End::kTrap:
      return seen.trap.empty() ? "a trap" : "a trap: " + seen.trap;
    case End::kReject:
      return seen.stage.empty() ? "refused" : "refused at " + seen.stage;
    case End::kSignal:
      return fmt::format("died of signal {}", seen.code);
    case End::kTimeout:
      return "killed at the deadline";
    case End::kOom:
      return "killed: " + seen.reason;
    case End::kStopped:
      return "interrupted";
    case End::kHostError:
      return seen.reason;
  }
  return "";
}

// The engine's own words, for a finding that is not ok.
std::string first_line(const Observation& seen) {
  const std::string line = seen.err.substr(0, std::min<size_t>(seen.err.find('\n'), 120));
  return line.empty() ? "" : fmt::format(" ('{}')", line);
}

class Examination {
 public:
  explicit Examination(const Described& runtime) : engine_(make_runtime(runtime)) {}

  std::vector<Finding> all() {
    Observation seen = run("run", kRun, kTimeout);
    const bool ran = seen.end == End::kExit && seen.code == 77 && seen.out == "ok\n";
    if (ran) {
      good("run", "prints and exits");
    } else {
      bad("run", seen,
          fmt::format("standard output 'ok' and exit code 77; it printed '{}'",
                      seen.out.substr(0, 40)));
    }
    seen = run("trap", kTrap, kTimeout);
    if (seen.end == End::kTrap) {
      good("trap", shown(seen));
    } else if (seen.end == End::kExit && seen.code != 0) {
      bad("trap", seen, "a trap: put this code into the descriptor's exit.trap");
    } else {
      bad("trap", seen, "a trap");
    }
    seen = run("hang", kHang, kHangTimeout);
    if (seen.end == End::kTimeout) {
      good("hang", shown(seen));
    } else {
      bad("hang", seen, "that it waits for ever and is killed");
    }
    seen = run("flood", kFlood, kHangTimeout);
    if (seen.end == End::kTimeout && (seen.out_truncated || output_may_be_lost())) {
      good("flood", fmt::format("{}, {} KiB of output kept", shown(seen), seen.out.size() >> 10));
    } else {
      bad("flood", seen, "that it writes for ever and is killed");
    }
    seen = run_bytes("refusal", {0, 'n', 'o', 'n', 'e'}, kTimeout);
    const bool refused = seen.end == End::kReject || seen.end == End::kTrap ||
                         (seen.end == End::kExit && seen.code != 0);
    if (refused) {
      good("refusal", shown(seen));
    } else {
      bad("refusal", seen, "that a file which is no module is refused with a code other than 0");
    }
    return std::move(findings_);
  }

 private:
  // Engines behind a host answer in batches and may lose the output of a case that was killed.
  bool output_may_be_lost() const { return engine_->largest_batch() > 1; }

  Observation run(const char* id, const char* wat, double timeout) {
    auto wasm = module::assemble(wat, id);
    if (wasm) return run_bytes(id, std::move(*wasm), timeout);
    Observation seen;
    seen.reason = wasm.error().message;
    return seen;
  }
  Observation run_bytes(const char* id, Bytes wasm, double timeout) {
    Case one;
    one.id = std::string("doctor/") + id;
    one.wasm = std::move(wasm);
    one.timeout = timeout;
    return engine_->run(one);
  }
  void good(const char* check, std::string text) {
    findings_.push_back({check, true, std::move(text)});
  }
  void bad(const char* check, const Observation& seen, const std::string& expected) {
    findings_.push_back(
        {check, false, fmt::format("{}{}; expected {}", shown(seen), first_line(seen), expected)});
  }

  std::unique_ptr<Runtime> engine_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> examine(const Described& runtime) { return Examination(runtime).all(); }

}  // namespace weft::runners
