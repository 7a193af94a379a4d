;;! { "id": "wait/notify-conservation", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-028", "WAIT-024"],
;;!   "story": "Two threads wait with random short timeouts while two others notify with random counts: the sum of all notify results is the number of waits that returned 0. Locks and condition variables lose or invent wake-ups where this fails.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "notify leaves the waiter in the queue until the waiter itself takes it out" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "WAIT-028 sum of notify = zeros\00")
  (data (i32.const 4128) "WAIT-024 results not 0 or 2\00")
  ;; 8192 the cell, always 0   8256 zeros   8264 other results   8320 waiters done   8384 sum of notify
  (func $delay (param $n i32)
    (block $end
      (loop $again
        (br_if $end (i32.eqz (local.get $n)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $again))))
  ;; xorshift
  (func $next (param $r i32) (result i32)
    (local.set $r (i32.xor (local.get $r) (i32.shl (local.get $r) (i32.const 13))))
    (local.set $r (i32.xor (local.get $r) (i32.shr_u (local.get $r) (i32.const 17))))
    (i32.xor (local.get $r) (i32.shl (local.get $r) (i32.const 5))))
  (func $waiter (param $r i32) (local $left i32) (local $zeros i32) (local $other i32)
      (local $result i32)
    (local.set $left (i32.const 1500))
    (loop $waits
      (local.set $r (call $next (local.get $r)))
      (local.set $result
        (memory.atomic.wait32 (i32.const 8192) (i32.const 0)
                              (i64.extend_i32_u (i32.and (local.get $r) (i32.const 0xffff)))))
      (if (i32.eqz (local.get $result))
        (then (local.set $zeros (i32.add (local.get $zeros) (i32.const 1))))
        (else
          (if (i32.ne (local.get $result) (i32.const 2))
            (then (local.set $other (i32.add (local.get $other) (i32.const 1)))))))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $waits (local.get $left)))
    (drop (i32.atomic.rmw.add (i32.const 8256) (local.get $zeros)))
    (drop (i32.atomic.rmw.add (i32.const 8264) (local.get $other)))
    (drop (i32.atomic.rmw.add (i32.const 8320) (i32.const 1))))
  (func $notifier (param $r i32) (local $sum i32)
    (loop $until_both_have_waited
      (local.set $r (call $next (local.get $r)))
      (local.set $sum
        (i32.add (local.get $sum)
                 (memory.atomic.notify (i32.const 8192) (i32.and (local.get $r) (i32.const 3)))))
      (call $delay (i32.and (local.get $r) (i32.const 0x1ff)))
      (br_if $until_both_have_waited
             (i32.lt_u (i32.atomic.load (i32.const 8320)) (i32.const 2))))
    (drop (i32.atomic.rmw.add (i32.const 8384) (local.get $sum))))
  (func (export "weft_thread") (param $tid i32) (param $arg i32)
    (if (i32.lt_u (local.get $arg) (i32.const 3))
      (then (call $waiter (i32.mul (local.get $arg) (i32.const 77777))))
      (else (call $notifier (i32.const 0x1234567)))))
  (func (export "_start")
    (drop (call $spawn (i32.const 1)))
    (drop (call $spawn (i32.const 2)))
    (drop (call $spawn (i32.const 3)))
    (call $notifier (i32.const 0x7654321))
    (call $join_all)
    (call $check (i32.const 4096)
          (i32.atomic.load (i32.const 8384)) (i32.atomic.load (i32.const 8256)))
    (call $check (i32.const 4128) (i32.atomic.load (i32.const 8264)) (i32.const 0))))
