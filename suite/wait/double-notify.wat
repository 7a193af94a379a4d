;;! { "id": "wait/double-notify", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-030"],
;;!   "story": "A waiter that a notify has selected has left the queue: a second notify that comes before the waiter runs does not count it again. Two hundred times over.",
;;!   "expect": { "exit": 0, "stdout": "second=0\nok\n" },
;;!   "fault": "notify leaves the waiter in the queue until the waiter itself takes it out" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "barrier" (func $barrier (param i32)))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (data (i32.const 4096) "second\00")
  ;; 8192: the cell, which keeps the value 0
  (func $wait
    (drop (memory.atomic.wait32 (i32.const 8192) (i32.const 0) (i64.const -1))))
  (func (export "weft_thread") (param i32 i32) (local $trial i32)
    (loop $trials
      (call $wait)
      (call $barrier (i32.const 2))
      (local.set $trial (i32.add (local.get $trial) (i32.const 1)))
      (br_if $trials (i32.lt_u (local.get $trial) (i32.const 200)))))
  ;; Notifies until the waiter is counted, then once more: what that counts.
  (func $notify_twice (result i32)
    (loop $until_queued
      (br_if $until_queued (i32.eqz (memory.atomic.notify (i32.const 8192) (i32.const 1)))))
    (memory.atomic.notify (i32.const 8192) (i32.const 1)))
  (func (export "_start") (local $trial i32) (local $second i32)
    (drop (call $spawn (i32.const 0)))
    (loop $trials
      (local.set $second (i32.add (local.get $second) (call $notify_twice)))
      (call $barrier (i32.const 2))
      (local.set $trial (i32.add (local.get $trial) (i32.const 1)))
      (br_if $trials (i32.lt_u (local.get $trial) (i32.const 200))))
    (call $join_all)
    (call $report (i32.const 4096) (local.get $second))
    (call $check (i32.const 4096) (local.get $second) (i32.const 0))))
