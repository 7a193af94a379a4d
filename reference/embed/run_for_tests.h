// For tests: programs from text, with their streams in memory.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "reference/embed/run.h"
#include "reference/module/assemble.h"

namespace weft::embed {

inline std::shared_ptr<const module::Module> load(std::string_view wat) {
  auto bytes = module::assemble(wat, "test");
  EXPECT_TRUE(bytes) << (bytes ? "" : bytes.error().message);
  if (!bytes) return nullptr;
  auto module = module::load_module(*std::move(bytes));
  EXPECT_TRUE(module) << (module ? "" : module.error().message);
  return module ? *module : nullptr;
}

// Streams in memory unless the caller has set others.
struct TestRun {
  TestRun() {
    for (auto& stream : streams) stream = std::make_shared<wasi::Buffer>();
    options.process.args = {"test"};
  }
  RunResult run(std::shared_ptr<const module::Module> module) {
    if (!module) return {RunResult::Kind::kFailed};
    RunOptions now = options;
    for (int i = 0; i < 3; i++) {
      if (now.process.stdio[i] == i) now.process.buffers[i] = streams[i];
    }
    return run_module(std::move(module), std::move(now));
  }
  RunResult run(std::string_view wat) { return run(load(wat)); }
  std::string out() const { return streams[1]->output; }

  RunOptions options;
  std::shared_ptr<wasi::Buffer> streams[3];
};

// What threaded test programs begin with: imports, a shared memory, and
//   $announce     counts one more thread that is where it should be (cell 64)
//   $await N      spins until N have announced themselves
//   $spawn ARG    traps where no thread can be had
//   $sleep NS     a relative poll_oneoff on the monotonic clock
//   $print N      writes N in decimal and a newline
inline std::string with_prelude(std::string_view body) {
  return R"((module
  (import "env" "memory" (memory 2 4 shared))
  (import "wasi" "thread-spawn" (func $try_spawn (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get"
    (func $now (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args (param i32 i32) (result i32)))
  (export "memory" (memory 0))
  (func $announce (drop (i32.atomic.rmw.add (i32.const 64) (i32.const 1))))
  (func $await (param $n i32)
    (loop $again
      (br_if $again (i32.lt_u (i32.atomic.load (i32.const 64)) (local.get $n)))))
  (func $spawn (param i32) (result i32) (local $tid i32)
    (local.set $tid (call $try_spawn (local.get 0)))
    (if (i32.le_s (local.get $tid) (i32.const 0)) (then (unreachable)))
    (local.get $tid))
  (func $sleep (param $ns i64) (local $at i32)
    ;; each thread has a place of its own
    (local.set $at (i32.add (i32.const 65536)
      (i32.mul (i32.const 128) (i32.atomic.rmw.add (i32.const 72) (i32.const 1)))))
    (i32.store offset=16 (local.get $at) (i32.const 1))
    (i64.store offset=24 (local.get $at) (local.get $ns))
    (if (call $poll (local.get $at) (i32.add (local.get $at) (i32.const 64)) (i32.const 1)
                    (i32.add (local.get $at) (i32.const 96))) (then (unreachable))))
  (func $print (param $n i32) (local $at i32)
    (local.set $at (i32.const 1000))
    (i32.store8 (local.get $at) (i32.const 10))
    (loop $digit
      (local.set $at (i32.sub (local.get $at) (i32.const 1)))
      (i32.store8 (local.get $at)
        (i32.add (i32.const 48) (i32.rem_u (local.get $n) (i32.const 10))))
      (local.set $n (i32.div_u (local.get $n) (i32.const 10)))
      (br_if $digit (local.get $n)))
    (i32.store (i32.const 1004) (local.get $at))
    (i32.store (i32.const 1008) (i32.sub (i32.const 1001) (local.get $at)))
    (drop (call $fd_write (i32.const 1) (i32.const 1004) (i32.const 1) (i32.const 1012))))
)" + std::string(body) +
         ")";
}

}  // namespace weft::embed
