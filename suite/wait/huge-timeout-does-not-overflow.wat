;;! { "id": "wait/huge-timeout-does-not-overflow", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-019"],
;;!   "story": "The largest timeout, 2^63 - 1 ns, and others that overflow when they are added to a clock or multiplied into smaller units, behave as very long waits.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "the deadline is now + timeout in signed 64 bits" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "barrier" (func $barrier (param i32)))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "wasi_snapshot_preview1" "clock_time_get"
    (func $clock (param i32 i64 i32) (result i32)))
  (data (i32.const 4096) "WAIT-019 result\00")
  ;; 8192 the cell, always 0   8256 the wait has returned   8320 clock   8384 nobody notifies here
  ;; Nanoseconds of the monotonic clock; the cell is 8 bytes for the clock's answer.
  (func $now (param $cell i32) (result i64)
    (drop (call $clock (i32.const 1) (i64.const 1) (local.get $cell)))
    (i64.load (local.get $cell)))
  ;; Functions of their own, so that no local has to outlive a wait: that is another test's matter.
  (func $wait (param $which i32) (result i32)
    (if (i32.eq (local.get $which) (i32.const 0)) (then (return (memory.atomic.wait32 (i32.const 8192) (i32.const 0) (i64.const 0x7fffffffffffffff)))))
    (if (i32.eq (local.get $which) (i32.const 1)) (then (return (memory.atomic.wait64 (i32.const 8192) (i64.const 0) (i64.const 0x7fffffffffffffff)))))
    (if (i32.eq (local.get $which) (i32.const 2)) (then (return (memory.atomic.wait32 (i32.const 8192) (i32.const 0) (i64.const 9223372036854775000)))))
    (if (i32.eq (local.get $which) (i32.const 3)) (then (return (memory.atomic.wait64 (i32.const 8192) (i64.const 0) (i64.const 9223372036000000000)))))
    (if (i32.eq (local.get $which) (i32.const 4)) (then (return (memory.atomic.wait32 (i32.const 8192) (i32.const 0) (i64.const 0x4000000000000000)))))
    (if (i32.eq (local.get $which) (i32.const 5)) (then (return (memory.atomic.wait64 (i32.const 8192) (i64.const 0) (i64.const 4611686018427387904)))))
    (unreachable))
  (func $pause
    (drop (memory.atomic.wait32 (i32.const 8384) (i32.const 0) (i64.const 15000000))))
  (func (export "weft_thread") (param i32 i32) (local $which i32) (local $result i32)
      (local $began i64) (local $spent i64)
    (loop $cases
      (call $barrier (i32.const 2))
      (local.set $began (call $now (i32.const 8320)))
      (local.set $result (call $wait (local.get $which)))
      (local.set $spent (i64.sub (call $now (i32.const 8320)) (local.get $began)))
      (i32.atomic.store (i32.const 8256) (i32.const 1))
      (call $judge (local.get $which) (local.get $result) (local.get $spent))
      (call $barrier (i32.const 2))
      (local.set $which (i32.add (local.get $which) (i32.const 1)))
      (br_if $cases (i32.lt_u (local.get $which) (i32.const 6)))))
  (func $judge (param $which i32) (param $result i32) (param $spent i64)
    (call $check (i32.const 4096) (local.get $result) (i32.const 0)))
  (func $wake
    (loop $until_woken_or_returned
      (if (i32.eqz (memory.atomic.notify (i32.const 8192) (i32.const 1)))
        (then (br_if $until_woken_or_returned (i32.eqz (i32.atomic.load (i32.const 8256))))))))
  (func (export "_start") (local $which i32)
    (drop (call $spawn (i32.const 0)))
    (loop $cases
      (i32.atomic.store (i32.const 8256) (i32.const 0))
      (call $barrier (i32.const 2))
      (call $pause)  ;; gives a wrong timeout a chance to end; nothing depends on it
      (call $wake)
      (call $barrier (i32.const 2))
      (local.set $which (i32.add (local.get $which) (i32.const 1)))
      (br_if $cases (i32.lt_u (local.get $which) (i32.const 6))))
    (call $join_all)))
