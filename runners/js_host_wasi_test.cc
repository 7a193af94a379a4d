// preview1 of the JavaScript host on every engine that is here.
#include <gtest/gtest.h>

#include <filesystem>

#include "reference/base/files.h"
#include "runners/host_testing.h"

namespace weft::runners {
namespace {

using testing::case_of;
using testing::expect_exit;
using testing::for_every_engine;
using testing::start_case;

// Reads up to 100 bytes from standard input to 0 and prints them.
const char* const kEcho =
    "(i32.store (i32.const 500) (i32.const 0)) (i32.store (i32.const 504) (i32.const 100))"
    "(call $same (call $fd_read (i32.const 0) (i32.const 500) (i32.const 1) (i32.const 508))"
    "            (i32.const 0))"
    "(call $print (i32.const 0) (i32.load (i32.const 508)))";

TEST(JsHostWasi, StandardInputClosedAndText) {
  for_every_engine([](HostRuntime& host) {
    Case closed = start_case(kEcho);
    Case text = start_case(kEcho);
    text.stdin_mode = "text";
    text.stdin_text = "some text\n";
    const auto seen = host.run_batch(std::vector<Case>{closed, text, closed});
    for (const Observation& each : seen) expect_exit(each, 0);
    EXPECT_EQ(seen[0].out, "");
    EXPECT_EQ(seen[1].out, "some text\n");
    EXPECT_EQ(seen[2].out, "");
  });
}

TEST(JsHostWasi, OpenStandardInputBlocksUntilTheGroupEnds) {
  Case one = case_of(std::string(R"(
    (func (export "wasi_thread_start") (param i32 i32)
      (i32.atomic.store (i32.const 2000) (i32.const 1))
      (drop (memory.atomic.notify (i32.const 2000) (i32.const 1)))
)") + kEcho + R"((call $exit (i32.const 66)))
    (func (export "_start") (drop (call $spawn (i32.const 0))) (call $block)
      (call $exit (i32.const 70))))");
  one.stdin_mode = "open";
  for_every_engine([&](HostRuntime& host) {
    const auto seen = host.run_batch(std::vector<Case>{one, start_case("")});
    expect_exit(seen[0], 70);
    EXPECT_EQ(seen[0].out, "");
    expect_exit(seen[1], 0);
    EXPECT_EQ(host.starts(), 1) << "a thread in a host call ends without force";
  });
}

TEST(JsHostWasi, OutputIsCappedAndMarked) {
  for_every_engine([](HostRuntime& host) {
    const auto seen = host.run_batch(
        std::vector<Case>{case_of("(func (export \"_start\") (local $i i32) (loop $l"
                                  "  (call $print (i32.const 4096) (i32.const 60000))"
                                  "  (local.set $i (i32.add (local.get $i) (i32.const 1)))"
                                  "  (br_if $l (i32.lt_u (local.get $i) (i32.const 50)))))"),
                          start_case("(call $print (i32.const 0) (i32.const 3))")});
    expect_exit(seen[0], 0);
    EXPECT_EQ(seen[0].out.size(), size_t{64} << 10);
    EXPECT_TRUE(seen[0].out_truncated);
    EXPECT_EQ(seen[1].out, std::string(3, '\0'));
    EXPECT_FALSE(seen[1].out_truncated);
  });
}

TEST(JsHostWasi, ArgumentsAndEnvironment) {
  Case one;
  one.timeout = 30;
  one.args = {"first", "\xc3\xa4"};
  one.env = {{"KEY", "value"}};
  one.wasm = testing::assembled(R"((module
    (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "environ_get" (func $environ (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write"
      (func $fd_write (param i32 i32 i32 i32) (result i32)))
    (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
    (func (export "_start")
      (drop (call $sizes (i32.const 0) (i32.const 4)))
      (drop (call $args (i32.const 16) (i32.const 100)))
      (drop (call $environ (i32.const 32) (i32.const 200)))
      ;; from the second argument on, then the environment
      (i32.store (i32.const 64) (i32.load (i32.const 20)))
      (i32.store (i32.const 68) (i32.const 9))
      (i32.store (i32.const 72) (i32.load (i32.const 32)))
      (i32.store (i32.const 76) (i32.const 10))
      (drop (call $fd_write (i32.const 1) (i32.const 64) (i32.const 2) (i32.const 80)))
      (if (i32.ne (i32.load (i32.const 0)) (i32.const 3)) (then unreachable)))))");
  for_every_engine([&](HostRuntime& host) {
    const auto seen = host.run(one);
    expect_exit(seen, 0);
    EXPECT_EQ(seen.out, std::string("first\0\xc3\xa4\0KEY=value\0", 19));
  });
}

TEST(JsHostWasi, BadPointersAreFaults) {
  for_every_engine([](HostRuntime& host) {
    const auto seen = host.run_batch(std::vector<Case>{
        start_case("(call $same (call $fd_write (i32.const 1) (i32.const -8) (i32.const 1)"
                   "  (i32.const 8)) (i32.const 21))"),
        start_case("(i32.store (i32.const 0) (i32.const 65530)) (i32.store (i32.const 4) "
                   "(i32.const 7)) (call $same (call $fd_write (i32.const 1) (i32.const 0) "
                   "(i32.const 1) (i32.const 8)) (i32.const 21))"),
        start_case("(call $same (call $fd_write (i32.const 9) (i32.const 0) (i32.const 0)"
                   "  (i32.const 8)) (i32.const 8))")});
    for (const Observation& each : seen) expect_exit(each, 0);
  });
}

// Two threads hand a monotonic time to and fro, 200 times: it must never decrease. Then a poll of
// 5 ms must last at least so long.
TEST(JsHostWasi, MonotonicClockAgreesBetweenThreadsAndPollIsNeverEarly) {
  Case one;
  one.timeout = 30;
  one.wasm = testing::assembled(R"((module
    (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (import "wasi_snapshot_preview1" "clock_time_get"
      (func $clock (param i32 i64 i32) (result i32)))
    (import "wasi_snapshot_preview1" "poll_oneoff"
      (func $poll (param i32 i32 i32 i32) (result i32)))
    (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
    ;; 0: whose turn, 8: the last time, 16 and 24: a thread's own time
    (func $now (param $at i32) (result i64)
      (if (call $clock (i32.const 1) (i64.const 0) (local.get $at))
        (then (call $exit (i32.const 66))))
      (i64.load (local.get $at)))
    ;; V8 11.3 (Node 20) loses locals across a wait, so that is in a function without any to keep.
    (func $await (param $me i32) (result i32)
      (if (i32.eq (i32.atomic.load (i32.const 0)) (local.get $me)) (then (return (i32.const 1))))
      (drop (memory.atomic.wait32 (i32.const 0) (i32.sub (i32.const 1) (local.get $me))
                                  (i64.const -1)))
      (i32.const 0))
    (func $play (param $me i32) (local $i i32) (local $t i64)
      (loop $l
        (loop $wait (br_if $wait (i32.eqz (call $await (local.get $me)))))
        (local.set $t (call $now (i32.add (i32.const 16) (i32.shl (local.get $me) (i32.const 3)))))
        (if (i64.lt_u (local.get $t) (i64.load (i32.const 8))) (then (call $exit (i32.const 65))))
        (i64.store (i32.const 8) (local.get $t))
        (i32.atomic.store (i32.const 0) (i32.sub (i32.const 1) (local.get $me)))
        (drop (memory.atomic.notify (i32.const 0) (i32.const 1)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $l (i32.lt_u (local.get $i) (i32.const 200)))))
    (func (export "wasi_thread_start") (param i32 i32) (call $play (i32.const 1)))
    (func (export "_start") (local $before i64)
      (drop (call $spawn (i32.const 0)))
      (call $play (i32.const 0))
      (local.set $before (call $now (i32.const 16)))
      (i32.store (i32.const 216) (i32.const 1))
      (i64.store (i32.const 224) (i64.const 5000000))
      (if (call $poll (i32.const 200) (i32.const 300) (i32.const 1) (i32.const 400))
        (then (call $exit (i32.const 67))))
      (if (i64.lt_u (i64.sub (call $now (i32.const 16)) (local.get $before)) (i64.const 5000000))
        (then (call $exit (i32.const 68)))))))");
  for_every_engine([&](HostRuntime& host) { expect_exit(host.run(one), 0); });
}

// Opens "out.txt" in the first directory, writes "data" from a second thread, reads it back.
TEST(JsHostWasi, FilesAreSharedBetweenThreadsAndSandboxed) {
  namespace fs = std::filesystem;
  const fs::path root = fs::path(WEFT_BINARY_DIR) / "js_host_wasi_test";
  Case one;
  one.timeout = 30;
  one.dirs = {{(root / "inside").string(), "/data"}};
  one.wasm = testing::assembled(R"((module
    (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (import "wasi_snapshot_preview1" "path_open"
      (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write"
      (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_seek"
      (func $seek (param i32 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read"
      (func $read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_prestat_dir_name"
      (func $name (param i32 i32 i32) (result i32)))
    (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
    (data (i32.const 100) "out.txt") (data (i32.const 120) "data") (data (i32.const 140) "../secret")
    (data (i32.const 160) "link") (data (i32.const 180) "/etc/passwd")
    (func $same (param i32 i32 i32)
      (if (i32.ne (local.get 0) (local.get 1)) (then (call $exit (local.get 2)))))
    (func $try (param $at i32) (param $size i32) (result i32)
      (call $open (i32.const 3) (i32.const 1) (local.get $at) (local.get $size) (i32.const 0)
                  (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 0)))
    (func (export "wasi_thread_start") (param $tid i32) (param $fd i32)
      (i32.store (i32.const 20) (i32.const 120)) (i32.store (i32.const 24) (i32.const 4))
      (call $same (call $write (local.get $fd) (i32.const 20) (i32.const 1) (i32.const 28))
                  (i32.const 0) (i32.const 66))
      (i32.atomic.store (i32.const 40) (i32.const 1))
      (drop (memory.atomic.notify (i32.const 40) (i32.const 1))))
    ;; kept in memory: V8 11.3 (Node 20) loses locals across a wait
    (func $fd (result i32) (i32.load (i32.const 0)))
    (func (export "_start")
      (call $same (call $name (i32.const 3) (i32.const 300) (i32.const 5)) (i32.const 0)
                  (i32.const 67))
      (call $same (i32.load (i32.const 300)) (i32.const 0x7461642f) (i32.const 68))
      (call $same (call $open (i32.const 3) (i32.const 0) (i32.const 100) (i32.const 7)
                              (i32.const 1) (i64.const 0x42) (i64.const 0) (i32.const 0)
                              (i32.const 0)) (i32.const 0) (i32.const 69))
      (drop (call $spawn (call $fd)))
      (drop (memory.atomic.wait32 (i32.const 40) (i32.const 0) (i64.const -1)))
      (call $same (call $seek (call $fd) (i64.const 0) (i32.const 0) (i32.const 8))
                  (i32.const 0) (i32.const 70))
      (i32.store (i32.const 20) (i32.const 200)) (i32.store (i32.const 24) (i32.const 50))
      (call $same (call $read (call $fd) (i32.const 20) (i32.const 1) (i32.const 28))
                  (i32.const 0) (i32.const 71))
      (call $same (i32.load (i32.const 28)) (i32.const 4) (i32.const 72))
      (call $same (i32.load (i32.const 200)) (i32.load (i32.const 120)) (i32.const 73))
      (call $same (call $close (call $fd)) (i32.const 0) (i32.const 74))
      (call $same (call $close (call $fd)) (i32.const 8) (i32.const 75))
      (call $same (call $try (i32.const 140) (i32.const 9)) (i32.const 63) (i32.const 76))
      (call $same (call $try (i32.const 160) (i32.const 4)) (i32.const 63) (i32.const 77))
      (call $same (call $try (i32.const 180) (i32.const 11)) (i32.const 63) (i32.const 78)))))");
  for_every_engine([&](HostRuntime& host) {
    fs::remove_all(root);
    fs::create_directories(root / "inside");
    ASSERT_TRUE(write_file((root / "secret").string(), std::string_view("secret")));
    fs::create_symlink("../secret", root / "inside" / "link");
    expect_exit(host.run(one), 0);
    EXPECT_EQ(*read_text((root / "inside" / "out.txt").string()), "data");
  });
  fs::remove_all(root);
}

}  // namespace
}  // namespace weft::runners
