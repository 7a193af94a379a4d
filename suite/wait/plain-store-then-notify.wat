;;! { "id": "wait/plain-store-then-notify", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-056", "WAIT-027"],
;;!   "story": "A plain store to the cell, followed by notifies until the waiter has returned: it returns 0 or 1, and never hangs.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "a wait that was notified returns 2 when the cell has changed" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "barrier" (func $barrier (param i32)))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "WAIT-056 result above 1\00")
  ;; 8192 the cell   8256 the thread has returned
  (func $delay (param $n i32)
    (block $end
      (loop $again
        (br_if $end (i32.eqz (local.get $n)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $again))))
  (func $wait (result i32)
    (memory.atomic.wait32 (i32.const 8192) (i32.const 0) (i64.const -1)))
  (func (export "weft_thread") (param i32 i32) (local $trial i32)
    (loop $trials
      (call $barrier (i32.const 2))
      (call $delay (i32.and (i32.mul (local.get $trial) (i32.const 29)) (i32.const 255)))
      (call $check (i32.const 4096) (i32.gt_u (call $wait) (i32.const 1)) (i32.const 0))
      (i32.atomic.store (i32.const 8256) (i32.const 1))
      (call $barrier (i32.const 2))
      (local.set $trial (i32.add (local.get $trial) (i32.const 1)))
      (br_if $trials (i32.lt_u (local.get $trial) (i32.const 300)))))
  (func $wake
    (loop $until_returned
      (drop (memory.atomic.notify (i32.const 8192) (i32.const 1)))
      (br_if $until_returned (i32.eqz (i32.atomic.load (i32.const 8256))))))
  (func (export "_start") (local $trial i32)
    (drop (call $spawn (i32.const 0)))
    (loop $trials
      (i32.atomic.store (i32.const 8192) (i32.const 0))
      (i32.atomic.store (i32.const 8256) (i32.const 0))
      (call $barrier (i32.const 2))
      (call $delay (i32.and (i32.mul (local.get $trial) (i32.const 13)) (i32.const 255)))
      (i32.store (i32.const 8192) (i32.const 1))
      (call $wake)
      (call $barrier (i32.const 2))
      (local.set $trial (i32.add (local.get $trial) (i32.const 1)))
      (br_if $trials (i32.lt_u (local.get $trial) (i32.const 300))))
    (call $join_all)))
