;;! { "id": "wait/many-addresses", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-034", "WAIT-033"],
;;!   "story": "Waits and notifies on sixteen thousand different addresses leave nothing behind: each wait times out, each notify finds nobody, twice over. Tables of waiters that only grow, or run full, fail here.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "a waiter that has timed out is still counted by the next notify" }
(module
  (import "env" "memory" (memory 3 3 shared)) (export "memory" (memory 0))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "WAIT-033 waits that did not return 2\00")
  (data (i32.const 4144) "WAIT-034 waiters that notify counted\00")
  (func $wait (param $address i32) (result i32)
    (memory.atomic.wait32 (local.get $address) (i32.const 0) (i64.const 0)))
  (func $sweep (local $address i32) (local $woken i32) (local $wrong i32)
    (local.set $address (i32.const 65536))
    (loop $cells
      (if (i32.ne (call $wait (local.get $address)) (i32.const 2))
        (then (local.set $wrong (i32.add (local.get $wrong) (i32.const 1)))))
      (local.set $woken
        (i32.add (local.get $woken) (memory.atomic.notify (local.get $address) (i32.const -1))))
      (local.set $address (i32.add (local.get $address) (i32.const 8)))
      (br_if $cells (i32.lt_u (local.get $address) (i32.const 196608))))
    (call $check (i32.const 4096) (local.get $wrong) (i32.const 0))
    (call $check (i32.const 4144) (local.get $woken) (i32.const 0)))
  (func (export "_start") (call $sweep) (call $sweep)))
