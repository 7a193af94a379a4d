;;! { "id": "wait/closed-population", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-029", "WAIT-044", "WAIT-007"],
;;!   "story": "The cell gets another value before the first notify, so nobody joins the queue any more: the sum of the notify results is the number of waits that returned 0, no notify wakes more than its count, and after one that woke fewer the queue is empty. The count is unsigned: -1 and 0x80000000 wake all.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "a count with the top bit set wakes nobody" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "barrier" (func $barrier (param i32)))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (data (i32.const 4096) "WAIT-029 more than the count\00")
  (data (i32.const 4144) "WAIT-029 after the queue was empty\00")
  (data (i32.const 4192) "WAIT-007 count 0\00")
  (data (i32.const 4240) "WAIT-044 sum of notify = zeros\00")
  ;; 8192 the cell   8256 waits that returned 0   8320 the end   8384 the queue must be empty
  (func $delay (param $n i32)
    (block $end
      (loop $again
        (br_if $end (i32.eqz (local.get $n)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $again))))
  (func $wait (result i32)
    (memory.atomic.wait32 (i32.const 8192) (i32.const 0) (i64.const -1)))
  (func (export "weft_thread") (param i32 i32)
    (loop $trials
      (call $barrier (i32.const 4))
      (if (i32.atomic.load (i32.const 8320)) (then (return)))
      (if (i32.eqz (call $wait)) (then (drop (i32.atomic.rmw.add (i32.const 8256) (i32.const 1)))))
      (call $barrier (i32.const 4))
      (br $trials)))
  ;; The result of a notify; once one woke fewer than its count, the others must wake nobody.
  (func $wake (param $count i32) (result i32) (local $woken i32)
    (local.set $woken (memory.atomic.notify (i32.const 8192) (local.get $count)))
    (call $check (i32.const 4096)
      (i32.gt_u (local.get $woken) (local.get $count)) (i32.const 0))
    (if (i32.load (i32.const 8384))
      (then (call $check (i32.const 4144) (local.get $woken) (i32.const 0))))
    (if (i32.lt_u (local.get $woken) (local.get $count))
      (then (i32.store (i32.const 8384) (i32.const 1))))
    (local.get $woken))
  (func (export "_start") (local $trial i32) (local $delay i32) (local $sum i32) (local $good i32)
    (local.set $delay (i32.const 3000))
    (drop (call $spawn (i32.const 1)))
    (drop (call $spawn (i32.const 2)))
    (drop (call $spawn (i32.const 3)))
    (loop $trials
      (i32.atomic.store (i32.const 8192) (i32.const 0))
      (i32.atomic.store (i32.const 8256) (i32.const 0))
      (i32.store (i32.const 8384) (i32.const 0))
      (call $barrier (i32.const 4))
      (call $delay (local.get $delay))
      (call $check (i32.const 4192)
        (memory.atomic.notify (i32.const 8192) (i32.const 0)) (i32.const 0))
      (i32.atomic.store (i32.const 8192) (i32.const 1))
      (local.set $sum (call $wake (i32.rem_u (local.get $trial) (i32.const 3))))
      (local.set $sum (i32.add (local.get $sum) (call $wake (i32.const 1))))
      (local.set $sum
        (i32.add (local.get $sum)
          (call $wake (select (i32.const -1) (i32.const 0x80000000)
                              (i32.and (local.get $trial) (i32.const 1))))))
      (local.set $sum (i32.add (local.get $sum) (call $wake (i32.const 1))))
      ;; a hang is no answer: what the large count left behind is woken one by one, and is an error
      (loop $leftovers
        (if (call $wake (i32.const 1))
          (then
            (local.set $sum (i32.add (local.get $sum) (i32.const 1)))
            (br $leftovers))))
      (call $barrier (i32.const 4))
      (call $check (i32.const 4240)
        (local.get $sum) (i32.atomic.load (i32.const 8256)))
      (if (local.get $sum)
        (then (local.set $good (i32.add (local.get $good) (i32.const 1))))
        (else
          (if (i32.lt_u (local.get $delay) (i32.const 1000000))
            (then (local.set $delay (i32.shl (local.get $delay) (i32.const 1)))))))
      (local.set $trial (i32.add (local.get $trial) (i32.const 1)))
      (br_if $trials (i32.lt_u (local.get $trial) (i32.const 60))))
    (i32.atomic.store (i32.const 8320) (i32.const 1))
    (call $barrier (i32.const 4))
    (call $join_all)
    ;; every trial void: nothing was shown, which 91 says
    (if (i32.eqz (local.get $good)) (then (call $exit (i32.const 91))))))
