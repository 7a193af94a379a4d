;;! { "id": "wait/no-wake-without-notify", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-027", "WAIT-026", "WAIT-017"],
;;!   "story": "Changing the cell does not end a wait: only a notify does. A word is stored just before the notify, and a thread that returns 0 must find it. That a waiter is ever late (result 1) is accepted, but not every time.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "the waiter looks at the cell every millisecond, and returns 0 when it has changed" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "barrier" (func $barrier (param i32)))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "WAIT-026 woken before the notify\00")
  (data (i32.const 4144) "WAIT-017 result 2\00")
  (data (i32.const 4192) "WAIT-026 sum of notify = zeros\00")
  (data (i32.const 4240) "WAIT-027 all waits returned 1\00")
  ;; 8192 the cell   8256 the thread is about to wait   8320 waits that returned 0
  ;; 8384 the notify follows   8448 the thread has returned   8512 nobody notifies here
  (func $delay (param $n i32)
    (block $end
      (loop $again
        (br_if $end (i32.eqz (local.get $n)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $again))))
  (func $wait (result i32)
    (memory.atomic.wait32 (i32.const 8192) (i32.const 0) (i64.const -1)))
  (func (export "weft_thread") (param i32 i32) (local $result i32) (local $trial i32)
    (loop $trials
      (call $barrier (i32.const 2))
      (i32.atomic.store (i32.const 8256) (i32.const 1))
      (local.set $result (call $wait))
      (if (i32.eqz (local.get $result))
        (then
          (drop (i32.atomic.rmw.add (i32.const 8320) (i32.const 1)))
          (call $check (i32.const 4096)
            (i32.atomic.load (i32.const 8384)) (i32.const 1))))
      (call $check (i32.const 4144) (i32.eq (local.get $result) (i32.const 2)) (i32.const 0))
      (i32.atomic.store (i32.const 8448) (i32.const 1))
      (call $barrier (i32.const 2))
      (local.set $trial (i32.add (local.get $trial) (i32.const 1)))
      (br_if $trials (i32.lt_u (local.get $trial) (i32.const 40)))))
  (func $pause (param $nanoseconds i64)
    (drop (memory.atomic.wait32 (i32.const 8512) (i32.const 0) (local.get $nanoseconds))))
  ;; Notifies until the thread has returned; the number of waiters that were counted.
  (func $wake (result i32) (local $sum i32)
    (loop $until_returned
      (local.set $sum
        (i32.add (local.get $sum) (memory.atomic.notify (i32.const 8192) (i32.const 1))))
      (br_if $until_returned (i32.eqz (i32.atomic.load (i32.const 8448)))))
    (local.get $sum))
  (func $until_announced
    (loop $again (br_if $again (i32.eqz (i32.atomic.load (i32.const 8256))))))
  (func (export "_start") (local $trial i32) (local $sum i32) (local $change i32)
    (drop (call $spawn (i32.const 0)))
    (loop $trials
      (i32.atomic.store (i32.const 8192) (i32.const 0))
      (i32.atomic.store (i32.const 8256) (i32.const 0))
      (i32.atomic.store (i32.const 8384) (i32.const 0))
      (i32.atomic.store (i32.const 8448) (i32.const 0))
      (call $barrier (i32.const 2))
      (call $until_announced)
      ;; from almost nothing to 8 ms, so that the waiter is in its queue in most trials
      (call $pause (i64.mul (i64.extend_i32_u (local.get $trial)) (i64.const 200000)))
      (local.set $change (i32.const 1))
      (loop $changes
        (i32.atomic.store (i32.const 8192) (local.get $change))
        (call $delay (i32.const 200))
        (local.set $change (i32.add (local.get $change) (i32.const 1)))
        (br_if $changes (i32.lt_u (local.get $change) (i32.const 50))))
      (call $pause (i64.const 300000))
      (i32.atomic.store (i32.const 8384) (i32.const 1))
      (local.set $sum (i32.add (local.get $sum) (call $wake)))
      (call $barrier (i32.const 2))
      (local.set $trial (i32.add (local.get $trial) (i32.const 1)))
      (br_if $trials (i32.lt_u (local.get $trial) (i32.const 40))))
    (call $join_all)
    (call $check (i32.const 4192)
      (local.get $sum) (i32.atomic.load (i32.const 8320)))
    (call $check (i32.const 4240)
      (i32.eqz (i32.atomic.load (i32.const 8320))) (i32.const 0))))
