;;! { "id": "div/clock-of-the-thread", "kind": "program", "sort": "sound",
;;!   "requirements": ["DIV-013", "P1-026"],
;;!   "story": "The processor clock of the thread (clock 3) counts the calling thread only, where it is supported: that of a new thread is far below the 50 ms that main has spun.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "the clock of the thread is that of the process" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "wasi_snapshot_preview1" "clock_time_get"
    (func $clock_time_get (param i32 i64 i32) (result i32)))
  (data (i32.const 4096) "P1-026 the new thread's clock is not below main's\00")
  (data (i32.const 4160) "P1-026 the process's clock is below main's\00")
  ;; 8192 main's clock   8200 the thread's   8208 the process's
  (func (export "weft_thread") (param i32 i32)
    (if (i32.eqz (call $clock_time_get (i32.const 3) (i64.const 0) (i32.const 8200)))
      (then (call $check (i32.const 4096)
        (i64.lt_u (i64.load (i32.const 8200)) (i64.load (i32.const 8192))) (i32.const 1)))))
  (func (export "_start") (local $steps i32)
    (loop $again
      (if (call $clock_time_get (i32.const 3) (i64.const 0) (i32.const 8192)) (then (return)))
      (br_if $again (i64.lt_u (i64.load (i32.const 8192)) (i64.const 50000000))))
    (if (i32.eqz (call $clock_time_get (i32.const 2) (i64.const 0) (i32.const 8208)))
      (then (call $check (i32.const 4160)
        (i64.lt_u (i64.load (i32.const 8208)) (i64.load (i32.const 8192))) (i32.const 0))))
    (drop (call $spawn (i32.const 0)))
    (call $join_all)))
