#include "results/controls.h"

#include "reference/module/assemble.h"
#include "results/judge.h"

namespace weft::results {
namespace {

// Writes its line and ends, if `before` lets it. It asks for no threads, so that a runtime without
// them is found UNSUPPORTED and not broken.
std::string program(const std::string& text, const std::string& before) {
  return R"((module
  (import "wasi_snapshot_preview1" "fd_write"
    (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) ")" +
         text + R"(\n")
  (func (export "_start")
    )" + before +
         R"(
    (i32.store (i32.const 0) (i32.const 64))
    (i32.store (i32.const 4) (i32.const )" +
         std::to_string(text.size() + 1) + R"())
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))))
)";
}

struct Control {
  const char* id;
  const char* text;
  const char* before;
  double timeout;  // seconds
  Verdict wanted;
};

constexpr Control kControls[] = {
    {"control/passes", "ok", "", 20, Verdict::kPass},
    {"control/wrong", "not ok", "", 20, Verdict::kFail},
    {"control/never-ends", "ok", "(loop $l (br $l))", 1, Verdict::kTimeout},
};

}  // namespace

std::string run_controls(runners::Runtime& runtime) {
  for (const Control& control : kControls) {
    auto wasm = module::assemble(program(control.text, control.before), control.id);
    if (!wasm) return fmt::format("{}: {}", control.id, wasm.error().message);
    suite::Test test;
    test.header.id = control.id;
    suite::Expectation expect;
    expect.exit = 0;
    expect.out = "ok\n";
    runners::Case one;
    one.id = control.id;
    one.wasm = *wasm;
    one.timeout = control.timeout;
    const runners::Observation seen = runtime.run(one);
    const Judgement judged = judge(test, expect, runtime.info(), seen);
    if (judged.verdict != control.wanted) {
      std::string err = seen.err.substr(0, seen.err.find('\n'));
      return fmt::format("{}: {} instead of {}: {}{}", control.id, name_of(judged.verdict),
                         name_of(control.wanted), describe(seen),
                         err.empty() ? "" : "; standard error: " + suite::quote_text(err));
    }
  }
  return "";
}

}  // namespace weft::results
