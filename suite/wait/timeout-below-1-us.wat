;;! { "id": "wait/timeout-below-1-us", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-022"],
;;!   "story": "Timeouts of 1 and 999 ns end with 2. The unit is the nanosecond: coarser timers round up, so some time has passed.",
;;!   "expect": {"diverges": [{"exit": 0, "stdout": "WAIT-022 early=1\nok\n"}], "else": {"exit": 0, "stdout": "ok\n"}},
;;!   "fault": "a timeout below 1 us never ends" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "wasi_snapshot_preview1" "clock_time_get"
    (func $clock (param i32 i64 i32) (result i32)))
  (data (i32.const 4096) "WAIT-022 result\00")
  (data (i32.const 4128) "WAIT-022 early\00")
  ;; 8192 the cell, always 0   8256 clock   8320 a wait took no time
  ;; Nanoseconds of the monotonic clock; the cell is 8 bytes for the clock's answer.
  (func $now (param $cell i32) (result i64)
    (drop (call $clock (i32.const 1) (i64.const 1) (local.get $cell)))
    (i64.load (local.get $cell)))
  (func $measure (param $timeout i64) (local $began i64) (local $spent i64)
    (local.set $began (call $now (i32.const 8256)))
    (call $check (i32.const 4096)
      (memory.atomic.wait32 (i32.const 8192) (i32.const 0) (local.get $timeout)) (i32.const 2))
    (local.set $spent (i64.sub (call $now (i32.const 8256)) (local.get $began)))
    (if (i64.lt_s (local.get $spent) (i64.const 1))
      (then (i32.store (i32.const 8320) (i32.const 1)))))
  (func (export "_start") (local $i i32)
    (loop $many
      (call $measure (i64.const 1))
      (call $measure (i64.const 999))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $many (i32.lt_u (local.get $i) (i32.const 100))))
    (if (i32.load (i32.const 8320)) (then (call $report (i32.const 4128) (i32.const 1))))))
