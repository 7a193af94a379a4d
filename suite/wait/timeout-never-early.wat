;;! { "id": "wait/timeout-never-early", "kind": "program", "sort": "timing",
;;!   "requirements": ["WAIT-020"],
;;!   "story": "A wait that returns 2 has lasted at least its timeout, by the monotonic clock: 1 ms to 30 ms, and with a fraction of a microsecond.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "the timeout is divided by 2" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "wasi_snapshot_preview1" "clock_res_get"
    (func $resolution (param i32 i32) (result i32)))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "weft" "check_i64" (func $check64 (param i32 i64 i64)))
  (import "wasi_snapshot_preview1" "clock_time_get"
    (func $clock (param i32 i64 i32) (result i32)))
  (data (i32.const 4096) "WAIT-016 result\00")
  (data (i32.const 4128) "WAIT-020 time spent\00")
  ;; 8192 the cell, always 0   8256 clock   8320 resolution of the clock
  ;; Nanoseconds of the monotonic clock; the cell is 8 bytes for the clock's answer.
  (func $now (param $cell i32) (result i64)
    (drop (call $clock (i32.const 1) (i64.const 1) (local.get $cell)))
    (i64.load (local.get $cell)))
  (func $measure (param $timeout i64) (local $began i64) (local $result i32) (local $spent i64)
    (local.set $began (call $now (i32.const 8256)))
    (local.set $result
      (memory.atomic.wait32 (i32.const 8192) (i32.const 0) (local.get $timeout)))
    (local.set $spent (i64.sub (call $now (i32.const 8256)) (local.get $began)))
    (call $check (i32.const 4096) (local.get $result) (i32.const 2))
    ;; 1 us and the resolution of the clock are granted: engines compute in microseconds
    (if (i64.lt_s (local.get $spent)
          (i64.sub (i64.sub (local.get $timeout) (i64.const 1000)) (i64.load (i32.const 8320))))
      (then (call $check64 (i32.const 4128) (local.get $spent) (local.get $timeout)))))
  (func (export "_start")
    (drop (call $resolution (i32.const 1) (i32.const 8320)))
    (call $measure (i64.const 1000000))
    (call $measure (i64.const 1500999))
    (call $measure (i64.const 5000000))
    (call $measure (i64.const 10999999))
    (call $measure (i64.const 30000000))
    (call $measure (i64.const 1000001))))
