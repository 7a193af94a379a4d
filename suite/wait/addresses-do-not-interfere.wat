;;! { "id": "wait/addresses-do-not-interfere", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-039", "WAIT-038", "WAIT-026"],
;;!   "story": "Waiters on neighbouring cells are woken only through their own address: notifies of other addresses, also of those that a hash table may put into the same bucket and of the upper half of the cell of a wait64, count nobody.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "the wait queue is found by the address modulo 64" }
(module
  (import "env" "memory" (memory 3 3 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "barrier" (func $barrier (param i32)))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "WAIT-039 result\00")
  (data (i32.const 4144) "WAIT-026 woken before its notify\00")
  (data (i32.const 4192) "WAIT-038 upper half of the wait64 cell\00")
  (data (i32.const 4240) "WAIT-039 notify of a stranger\00")
  (data (i32.const 4288) "WAIT-039 counted on its cell\00")
  ;; 8192, 8200, 8208 one waiter each, always 0   8320 + 4 i: waiter i may be woken
  (func $delay (param $n i32)
    (block $end
      (loop $again
        (br_if $end (i32.eqz (local.get $n)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $again))))
  ;; Waiter i waits at 8192 + 8 i; the last one with wait64.
  (func $wait (param $i i32) (result i32)
    (if (i32.eq (local.get $i) (i32.const 2))
      (then (return
        (memory.atomic.wait64 (i32.const 8208) (i64.const 0) (i64.const -1)))))
    (memory.atomic.wait32 (i32.add (i32.const 8192) (i32.mul (local.get $i) (i32.const 8)))
                          (i32.const 0) (i64.const -1)))
  (func (export "weft_thread") (param $tid i32) (param $i i32) (local $trial i32)
    (loop $trials
      (call $barrier (i32.const 4))
      (call $check (i32.const 4096) (call $wait (local.get $i)) (i32.const 0))
      (call $check (i32.const 4144)
        (i32.atomic.load offset=8320 (i32.mul (local.get $i) (i32.const 4))) (i32.const 1))
      (call $barrier (i32.const 4))
      (local.set $trial (i32.add (local.get $trial) (i32.const 1)))
      (br_if $trials (i32.lt_u (local.get $trial) (i32.const 30)))))
  (func $strangers (result i32) (local $step i32) (local $sum i32)
    ;; cells between and behind the waiters
    (local.set $sum (memory.atomic.notify (i32.const 8196) (i32.const -1)))
    (local.set $sum
      (i32.add (local.get $sum) (memory.atomic.notify (i32.const 8204) (i32.const -1))))
    (call $check (i32.const 4192)
      (memory.atomic.notify (i32.const 8212) (i32.const -1)) (i32.const 0))
    ;; addresses at distances that are powers of two
    (local.set $step (i32.const 32))
    (loop $further
      (local.set $sum
        (i32.add (local.get $sum)
          (i32.add
            (memory.atomic.notify (i32.add (i32.const 8192) (local.get $step)) (i32.const -1))
            (memory.atomic.notify (i32.add (i32.const 8208) (local.get $step)) (i32.const -1)))))
      (local.set $step (i32.shl (local.get $step) (i32.const 1)))
      (br_if $further (i32.le_u (local.get $step) (i32.const 65536))))
    (local.get $sum))
  (func (export "_start") (local $trial i32) (local $i i32) (local $sum i32)
    (drop (call $spawn (i32.const 0)))
    (drop (call $spawn (i32.const 1)))
    (drop (call $spawn (i32.const 2)))
    (loop $trials
      (memory.fill (i32.const 8320) (i32.const 0) (i32.const 12))
      (call $barrier (i32.const 4))
      (call $delay (i32.mul (local.get $trial) (i32.const 2000)))
      (local.set $i (i32.const 0))
      (loop $one_by_one
        (call $check (i32.const 4240) (call $strangers) (i32.const 0))
        (i32.atomic.store offset=8320 (i32.mul (local.get $i) (i32.const 4)) (i32.const 1))
        (loop $until_counted
          (local.set $sum
            (memory.atomic.notify (i32.add (i32.const 8192) (i32.mul (local.get $i) (i32.const 8)))
                                  (i32.const 100)))
          (br_if $until_counted (i32.eqz (local.get $sum))))
        (call $check (i32.const 4288) (local.get $sum) (i32.const 1))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $one_by_one (i32.lt_u (local.get $i) (i32.const 3))))
      (call $barrier (i32.const 4))
      (local.set $trial (i32.add (local.get $trial) (i32.const 1)))
      (br_if $trials (i32.lt_u (local.get $trial) (i32.const 30))))
    (call $join_all)))
