;;! { "id": "wait/timeout-races-notify", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-035", "WAIT-028"],
;;!   "story": "The delay before a notify is steered towards the moment at which the timeout of the only waiter ends. A waiter that the notify counted returns 0, one that it did not count returns 2: never counted and timed out, never woken and not counted.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "a waiter whose deadline has passed returns 2 even if a notify has taken it out of the queue" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "barrier" (func $barrier (param i32)))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "WAIT-035 counted, but not 0\00")
  (data (i32.const 4128) "WAIT-028 not counted, but not 2\00")
  ;; 8192 the cell, always 0   8256 what the wait of this trial returned
  (func $delay (param $n i32)
    (block $end
      (loop $again
        (br_if $end (i32.eqz (local.get $n)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $again))))
  (func (export "weft_thread") (param i32 i32) (local $trial i32)
    (loop $trials
      (call $barrier (i32.const 2))
      (i32.atomic.store (i32.const 8256)
        (memory.atomic.wait32 (i32.const 8192) (i32.const 0) (i64.const 60000)))
      (call $barrier (i32.const 2))
      (local.set $trial (i32.add (local.get $trial) (i32.const 1)))
      (br_if $trials (i32.lt_u (local.get $trial) (i32.const 400)))))
  (func (export "_start")
      (local $trial i32) (local $delay i32) (local $counted i32) (local $result i32)
      (local $lost i32) (local $invented i32)
    (local.set $delay (i32.const 20000))
    (drop (call $spawn (i32.const 0)))
    (loop $trials
      (call $barrier (i32.const 2))
      (call $delay (local.get $delay))
      (local.set $counted (memory.atomic.notify (i32.const 8192) (i32.const 1)))
      (call $barrier (i32.const 2))
      (local.set $result (i32.atomic.load (i32.const 8256)))
      (if (i32.and (local.get $counted) (i32.ne (local.get $result) (i32.const 0)))
        (then (local.set $lost (i32.add (local.get $lost) (i32.const 1)))))
      (if (i32.and (i32.eqz (local.get $counted)) (i32.ne (local.get $result) (i32.const 2)))
        (then (local.set $invented (i32.add (local.get $invented) (i32.const 1)))))
      ;; too early: wait a little longer the next time; too late: a little less
      (if (local.get $counted)
        (then (local.set $delay
                (i32.add (local.get $delay)
                         (i32.add (i32.shr_u (local.get $delay) (i32.const 4)) (i32.const 1)))))
        (else (local.set $delay
                (i32.sub (local.get $delay) (i32.shr_u (local.get $delay) (i32.const 4))))))
      (local.set $trial (i32.add (local.get $trial) (i32.const 1)))
      (br_if $trials (i32.lt_u (local.get $trial) (i32.const 400))))
    (call $join_all)
    (call $check (i32.const 4096) (local.get $lost) (i32.const 0))
    (call $check (i32.const 4128) (local.get $invented) (i32.const 0))))
