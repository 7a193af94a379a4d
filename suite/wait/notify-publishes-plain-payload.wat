;;! { "id": "wait/notify-publishes-plain-payload", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-052", "WAIT-053", "WAIT-058", "MM-092"],
;;!   "story": "Nothing but wait and notify orders two plain payloads. What was stored plainly before a notify is visible to the waiter that it woke, and what the waiter stored before its wait is visible after the notify that counted it.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "a plain store is held back until the next plain store of its thread" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "WAIT-052 stale after a wait\00")
  (data (i32.const 4128) "WAIT-053 stale after a notify\00")
  ;; 8192 the cell, always 0   8256 payload for the thread   8320 its answer, both plain   8384 waits that are over
  (func (export "weft_thread") (param i32 i32) (local $round i32) (local $stale i32)
    (loop $rounds
      (local.set $round (i32.add (local.get $round) (i32.const 1)))
      (drop (memory.atomic.wait32 (i32.const 8192) (i32.const 0) (i64.const -1)))
      (if (i32.ne (i32.load (i32.const 8256)) (local.get $round))
        (then (local.set $stale (i32.add (local.get $stale) (i32.const 1)))))
      (drop (i32.atomic.rmw.add (i32.const 8384) (i32.const 1)))
      (i32.store (i32.const 8320) (local.get $round))
      (drop (memory.atomic.wait32 (i32.const 8192) (i32.const 0) (i64.const -1)))
      (drop (i32.atomic.rmw.add (i32.const 8384) (i32.const 1)))
      (br_if $rounds (i32.lt_u (local.get $round) (i32.const 2000))))
    (call $check (i32.const 4096) (local.get $stale) (i32.const 0)))
  (func $wake_one
    (loop $until_counted
      (br_if $until_counted (i32.eqz (memory.atomic.notify (i32.const 8192) (i32.const 1))))))
  ;; Wait number n is over. The count goes from the thread to main, before the thread stores its
  ;; answer and after main has read it, so it orders neither payload.
  (func $until_over (param $n i32)
    (loop $again
      (br_if $again (i32.lt_u (i32.atomic.load (i32.const 8384)) (local.get $n)))))
  (func (export "_start") (local $round i32) (local $stale i32)
    (drop (call $spawn (i32.const 0)))
    (loop $rounds
      (local.set $round (i32.add (local.get $round) (i32.const 1)))
      (i32.store (i32.const 8256) (local.get $round))
      (call $wake_one)
      (call $until_over (i32.sub (i32.mul (local.get $round) (i32.const 2)) (i32.const 1)))
      (call $wake_one)
      ;; the second wait of the round came after the store of the answer
      (if (i32.ne (i32.load (i32.const 8320)) (local.get $round))
        (then (local.set $stale (i32.add (local.get $stale) (i32.const 1)))))
      (call $until_over (i32.mul (local.get $round) (i32.const 2)))
      (br_if $rounds (i32.lt_u (local.get $round) (i32.const 2000))))
    (call $join_all)
    (call $check (i32.const 4128) (local.get $stale) (i32.const 0))))
