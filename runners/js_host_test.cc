// The JavaScript host on every engine that is here: stages, ends, threads, batches.
#include <gtest/gtest.h>

#include "reference/base/files.h"
#include "runners/host_testing.h"
#include "runners/process.h"
#include "runners/scratch_folder.h"

namespace weft::runners {
namespace {

using testing::case_of;
using testing::expect_exit;
using testing::for_every_engine;
using testing::start_case;

const char* const kSpinner = "(func (export \"wasi_thread_start\") (param i32 i32) (call $spin))";

TEST(JsHost, OutputAndExitCodeOfEachCaseOfABatch) {
  for_every_engine([](HostRuntime& host) {
    EXPECT_EQ(host.largest_batch(), 256u);
    std::vector<Case> cases;
    for (int i = 0; i < 300; ++i) {
      cases.push_back(start_case("(i32.store8 (i32.const 0) (i32.const " +
                                 std::to_string(65 + i % 26) +
                                 ")) (call $print (i32.const 0) (i32.const 1))"
                                 " (call $exit (i32.const " +
                                 std::to_string(i) + "))"));
    }
    const auto seen = host.run_batch(cases);
    for (int i = 0; i < 300; ++i) {
      expect_exit(seen[i], i);
      EXPECT_EQ(seen[i].out, std::string(1, static_cast<char>(65 + i % 26)));
      EXPECT_EQ(seen[i].stage, "run");
    }
    EXPECT_EQ(host.starts(), 1);
  });
}

TEST(JsHost, RefusalsNameTheStage) {
  for_every_engine([](HostRuntime& host) {
    Case malformed = start_case("");
    malformed.wasm.back() ^= 0xff;
    Case truncated = start_case("");
    truncated.wasm.resize(truncated.wasm.size() - 1);
    Case spawn_type = start_case("");
    spawn_type.wasm = testing::assembled(
        "(module (import \"wasi\" \"thread-spawn\" (func (param i64) (result "
        "i32))) (func (export \"_start\")))");
    Case unknown = start_case("");
    unknown.wasm = testing::assembled(
        "(module (import \"env\" \"g\" (global (mut i32))) (func (export \"_start\")))");
    Case no_start = case_of("");
    const auto seen =
        host.run_batch(std::vector<Case>{malformed, truncated, spawn_type, unknown, no_start});
    const std::vector<std::string> stages = {"compile", "compile", "link", "link", "link"};
    for (size_t i = 0; i < seen.size(); ++i) {
      EXPECT_EQ(seen[i].end, End::kReject) << i << seen[i].reason;
      EXPECT_EQ(seen[i].stage, stages[i]) << i;
      EXPECT_NE(seen[i].err, "") << "the engine's words are kept";
    }
  });
}

TEST(JsHost, KindOfATrapIsNamed) {
  const std::vector<std::pair<std::string, std::string>> traps = {
      {"unreachable", "unreachable"},
      {"(drop (i32.load (i32.const 65536)))", "out of bounds memory access"},
      {"(drop (i32.atomic.load (i32.const 65536)))", "out of bounds memory access"},
      {"(drop (memory.atomic.notify (i32.const 65536) (i32.const 0)))",
       "out of bounds memory access"},
      {"(memory.fill (i32.const 65536) (i32.const 0) (i32.const 1))",
       "out of bounds memory access"},
      {"(drop (i32.atomic.load (i32.const 2)))", "unaligned atomic"},
      {"(drop (i64.atomic.rmw.add (i32.const 4) (i64.const 0)))", "unaligned atomic"},
      {"(drop (memory.atomic.wait32 (i32.const 1) (i32.const 0) (i64.const -1)))",
       "unaligned atomic"},
      {"(drop (i32.div_u (i32.const 1) (i32.load (i32.const 0))))", "integer divide by zero"},
      {"(drop (i32.rem_s (i32.const 1) (i32.load (i32.const 0))))", "integer divide by zero"},
      {"(drop (i32.div_s (i32.const 0x80000000) (i32.sub (i32.load (i32.const 0)) (i32.const "
       "1))))",
       "integer overflow"},
      // Both engines have one message for NaN and for values out of range: no name.
      {"(drop (i32.trunc_f32_s (f32.const 1e20)))", ""},
      {"(drop (i32.trunc_f32_s (f32.const nan)))", ""}};
  for_every_engine([&](HostRuntime& host) {
    std::vector<Case> cases;
    for (const auto& [code, kind] : traps) cases.push_back(start_case(code));
    const auto seen = host.run_batch(cases);
    for (size_t i = 0; i < traps.size(); ++i) {
      EXPECT_EQ(seen[i].end, End::kTrap) << traps[i].first << seen[i].reason;
      // JavaScriptCore says "out of bounds" for a misaligned wait too, so there it names neither.
      const bool unnamed = seen[i].trap.empty() &&
                           seen[i].err.find("Out of bounds memory access") != std::string::npos;
      EXPECT_TRUE(seen[i].trap == traps[i].second || unnamed)
          << traps[i].first << seen[i].trap << seen[i].err;
    }
    EXPECT_EQ(host.starts(), 1);
  });
}

TEST(JsHost, TableAndStackTraps) {
  const std::string tables =
      "(table 4 4 funcref) (elem (i32.const 0) $f) (func $f (param i32) (local.get 0) (drop))"
      "(func $deep (call $deep) (call $block))";
  const std::vector<std::pair<std::string, std::set<std::string>>> traps = {
      {"(call_indirect (i32.const 9))", {"undefined element", ""}},
      // Where one message stands for two traps there is no name.
      {"(call_indirect (i32.const 2))", {"uninitialized element", ""}},
      {"(call_indirect (i32.const 0))", {"indirect call type mismatch", ""}},
      {"(table.init 0 (i32.const 4) (i32.const 0) (i32.const 1))",
       {"out of bounds table access", ""}},
      {"(call $deep)", {"call stack exhausted"}}};
  for_every_engine([&](HostRuntime& host) {
    std::vector<Case> cases;
    for (const auto& [code, kinds] : traps) {
      cases.push_back(case_of(tables + "(func (export \"_start\") " + code + ")"));
    }
    const auto seen = host.run_batch(cases);
    for (size_t i = 0; i < traps.size(); ++i) {
      EXPECT_EQ(seen[i].end, End::kTrap) << traps[i].first << seen[i].reason;
      EXPECT_TRUE(traps[i].second.count(seen[i].trap)) << traps[i].first << seen[i].err;
    }
  });
}

TEST(JsHost, MemoriesFollowTheImportsLimits) {
  for_every_engine([](HostRuntime& host) {
    const std::string check =
        "(func (export \"_start\") (call $same (memory.size) (i32.const 2))"
        "  (call $same (memory.grow (i32.const 3)) (i32.const 2))"
        "  (call $same (memory.grow (i32.const 1)) (i32.const -1)))";
    Case empty = start_case("");
    empty.wasm = testing::assembled(
        "(module (import \"foo\" \"bar\" (memory 0 0 shared)) (func (export \"_start\")))");
    const auto seen = host.run_batch(std::vector<Case>{case_of(check, "2 5 shared"), empty});
    expect_exit(seen[0], 0);
    expect_exit(seen[1], 0);
  });
}

TEST(JsHost, EightThreadsMeetAndEnd) {
  const Case one = case_of(R"(
    (func (export "wasi_thread_start") (param i32 i32)
      (drop (i32.atomic.rmw.add (i32.const 4) (local.get 1)))
      (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
      (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
    (func (export "_start") (local $i i32) (local $n i32)
      (loop $l
        (if (i32.le_s (call $spawn (i32.shl (i32.const 1) (local.get $i))) (i32.const 0))
          (then (call $exit (i32.const 90))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $l (i32.lt_u (local.get $i) (i32.const 8))))
      (loop $l
        (local.set $n (i32.atomic.load (i32.const 0)))
        (if (i32.ne (local.get $n) (i32.const 8))
          (then (drop (memory.atomic.wait32 (i32.const 0) (local.get $n) (i64.const -1)))
                (br $l))))
      (call $same (i32.load (i32.const 4)) (i32.const 255))))");
  for_every_engine([&](HostRuntime& host) {
    const auto seen = host.run_batch(std::vector<Case>(3, one));
    for (const Observation& each : seen) expect_exit(each, 0);
    EXPECT_EQ(host.starts(), 1);
  });
}

TEST(JsHost, ExitOfAThreadEndsSpinnersAndWaiters) {
  const Case one = case_of(R"(
    (func (export "wasi_thread_start") (param i32 i32)
      (if (i32.eq (local.get 1) (i32.const 1)) (then (call $spin)))
      (if (i32.eq (local.get 1) (i32.const 2)) (then (call $block)))
      (call $exit (i32.const 77)))
    (func (export "_start")
      (drop (call $spawn (i32.const 1))) (drop (call $spawn (i32.const 2)))
      (drop (call $spawn (i32.const 3)))
      (call $spin)))");
  for_every_engine([&](HostRuntime& host) {
    const auto seen = host.run_batch(
        std::vector<Case>{start_case(""), one, start_case("(call $exit (i32.const 70))")});
    expect_exit(seen[0], 0);
    expect_exit(seen[1], 77);
    expect_exit(seen[2], 70);
    EXPECT_EQ(host.starts(), 2);
  });
}

TEST(JsHost, TrapOfAThreadEndsAMainThreadThatWaits) {
  const Case one = case_of(R"(
    (func (export "wasi_thread_start") (param i32 i32) unreachable)
    (func (export "_start") (drop (call $spawn (i32.const 1))) (call $block)))");
  for_every_engine([&](HostRuntime& host) {
    const auto seen = host.run(one);
    EXPECT_EQ(seen.end, End::kTrap) << seen.reason;
    EXPECT_EQ(seen.trap, "unreachable") << seen.err;
  });
}

TEST(JsHost, ReturnTrapAndExitOfTheMainThreadEndSpinners) {
  const std::string spawn = "(drop (call $spawn (i32.const 1)))";
  const auto with = [&](const std::string& code) {
    return case_of(std::string(kSpinner) + "(func (export \"_start\") " + spawn + code + ")");
  };
  for_every_engine([&](HostRuntime& host) {
    const auto seen = host.run_batch(
        std::vector<Case>{with(""), with("unreachable"), with("(call $exit (i32.const 71))")});
    expect_exit(seen[0], 0);
    EXPECT_EQ(seen[1].end, End::kTrap);
    expect_exit(seen[2], 71);
  });
}

TEST(JsHost, ACaseThatSpinsForEverIsATimeoutAndTheOthersRun) {
  Case spins = start_case("(call $spin)");
  spins.timeout = 0.5;
  Case sleeps = start_case("(call $block)");
  sleeps.timeout = 1.5;
  for_every_engine([&](HostRuntime& host) {
    const auto seen = host.run_batch(std::vector<Case>{
        start_case("(call $exit (i32.const 70))"), spins, start_case("(call $exit (i32.const 71))"),
        sleeps, start_case("(call $exit (i32.const 72))")});
    expect_exit(seen[0], 70);
    EXPECT_EQ(seen[1].end, End::kTimeout);
    EXPECT_FALSE(seen[1].all_asleep);
    expect_exit(seen[2], 71);
    EXPECT_EQ(seen[3].end, End::kTimeout);
    EXPECT_TRUE(seen[3].all_asleep);
    expect_exit(seen[4], 72);
  });
}

TEST(JsHost, SpawnIsNegativeWithoutAProperEntry) {
  const std::string check =
      "(func (export \"_start\") (if (i32.ge_s (call $spawn (i32.const 0)) (i32.const 0))"
      "  (then (call $exit (i32.const 65)))))";
  for_every_engine([&](HostRuntime& host) {
    const auto seen = host.run_batch(std::vector<Case>{
        case_of(check), case_of(check + "(func (export \"wasi_thread_start\") (param i32))"),
        case_of(check + "(global (export \"wasi_thread_start\") i32 (i32.const 0))")});
    for (const Observation& each : seen) expect_exit(each, 0);
  });
}

TEST(JsHost, SpawnIsNegativeWhenTheInstanceTraps) {
  const Case start_traps = case_of(R"(
    (func $init (if (i32.atomic.load (i32.const 0)) (then unreachable)))
    (start $init)
    (func (export "wasi_thread_start") (param i32 i32))
    (func (export "_start")
      (i32.atomic.store (i32.const 0) (i32.const 1))
      (call $same (i32.lt_s (call $spawn (i32.const 0)) (i32.const 0)) (i32.const 1))
      (i32.atomic.store (i32.const 0) (i32.const 0))
      (call $same (i32.gt_s (call $spawn (i32.const 0)) (i32.const 0)) (i32.const 1))))");
  for_every_engine([&](HostRuntime& host) { expect_exit(host.run(start_traps), 0); });
}

TEST(JsHost, StartFunctionRunsInEveryInstanceAndMayWaitForItsSpawner) {
  const Case one = case_of(R"(
    (func $init
      (if (i32.atomic.rmw.add (i32.const 0) (i32.const 1))
        (then (drop (memory.atomic.wait32 (i32.const 4) (i32.const 0) (i64.const -1))))))
    (start $init)
    (func (export "wasi_thread_start") (param i32 i32)
      (i32.atomic.store (i32.const 8) (i32.const 1))
      (drop (memory.atomic.notify (i32.const 8) (i32.const 1))))
    (func (export "_start")
      (call $same (i32.gt_s (call $spawn (i32.const 0)) (i32.const 0)) (i32.const 1))
      (i32.atomic.store (i32.const 4) (i32.const 1))
      (drop (memory.atomic.notify (i32.const 4) (i32.const 1)))
      (drop (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1)))
      (call $same (i32.atomic.load (i32.const 0)) (i32.const 2))))");
  for_every_engine([&](HostRuntime& host) { expect_exit(host.run(one), 0); });
}

TEST(JsHost, TidsAreDistinctAndArriveWithTheArgument) {
  // Each thread stores its tid in the cell that its argument names; the spawner compares.
  const Case one = case_of(R"(
    (func (export "wasi_thread_start") (param $tid i32) (param $arg i32)
      (i32.atomic.store (local.get $arg) (local.get $tid))
      (drop (memory.atomic.notify (local.get $arg) (i32.const 1))))
    (func (export "_start") (local $i i32) (local $tid i32) (local $last i32)
      (loop $l
        (i32.atomic.store (i32.const 128) (i32.const 0))
        (local.set $tid (call $spawn (i32.const 128)))
        (call $same (i32.gt_s (local.get $tid) (i32.const 0)) (i32.const 1))
        (call $same (i32.lt_u (local.get $tid) (i32.const 0x20000000)) (i32.const 1))
        (call $same (i32.eq (local.get $tid) (local.get $last)) (i32.const 0))
        (drop (memory.atomic.wait32 (i32.const 128) (i32.const 0) (i64.const -1)))
        (call $same (i32.atomic.load (i32.const 128)) (local.get $tid))
        (local.set $last (local.get $tid))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $l (i32.lt_u (local.get $i) (i32.const 200))))))");
  for_every_engine([&](HostRuntime& host) { expect_exit(host.run(one), 0); });
}

TEST(JsHost, TooManyLiveThreadsAreANegativeResult) {
  const Case one = case_of(R"(
    (func (export "wasi_thread_start") (param i32 i32)
      (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
    (func (export "_start") (local $i i32)
      (block $full
        (loop $l
          (br_if $full (i32.lt_s (call $spawn (i32.const 0)) (i32.const 0)))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br_if $l (i32.lt_u (local.get $i) (i32.const 1000))))
        (call $exit (i32.const 66)))
      (i32.atomic.store (i32.const 0) (i32.const 1))
      (drop (memory.atomic.notify (i32.const 0) (i32.const -1)))
      (call $same (i32.ge_u (local.get $i) (i32.const 4)) (i32.const 1))))");
  for_every_engine([&](HostRuntime& host) { expect_exit(host.run(one), 0); });
}

// One module without weft. Faults tried: by_hand.cjs leaves with process.exitCode; no REFUSED.
TEST(JsHost, ByHandItEndsAsTheModuleDoes) {
  const ScratchFolder folder("weft-by-hand");
  const auto write = [&](const char* name, const Bytes& wasm) {
    EXPECT_TRUE(write_file(folder / name, std::span<const uint8_t>(wasm)));
  };
  write("trap.wasm", start_case("unreachable").wasm);
  write("refused.wasm", Bytes{0, 1, 2});
  write("spins.wasm",
        case_of(std::string(kSpinner) +
                "(func (export \"_start\") (drop (call $spawn (i32.const 0)))"
                " (call $print (i32.const 0) (i32.const 3)) (call $exit (i32.const 7)))"
                "(data (i32.const 0) \"by\\0a\")")
            .wasm);
  testing::for_every_described_engine([&](const Described& engine) {
    const auto run = [&](const std::vector<std::string>& words) {
      ProcessSpec spec;
      spec.argv = testing::host_command(engine);
      spec.argv.insert(spec.argv.end(), words.begin(), words.end());
      spec.timeout = 60;
      auto result = run_process(spec);
      EXPECT_TRUE(result);
      return result ? *result : ProcessResult{};
    };
    EXPECT_EQ(run({folder / "trap.wasm"}).code, 134);
    EXPECT_EQ(run({folder / "refused.wasm"}).code, 1);
    const auto spins = run({folder / "spins.wasm"});
    EXPECT_EQ(spins.code, 7) << spins.err;
    EXPECT_EQ(spins.out, "by\n");
    EXPECT_EQ(run({"--dir", "nowhere::x", folder / "trap.wasm"}).code, 2);
    EXPECT_EQ(run({"--unknown", "x", folder / "trap.wasm"}).code, 2);
    EXPECT_EQ(run({"--stdin", "open"}).code, 2);
  });
}

}  // namespace
}  // namespace weft::runners
