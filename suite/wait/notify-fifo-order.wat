;;! { "id": "wait/notify-fifo-order", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-031", "WAIT-048"],
;;!   "story": "Waiter i waits for the value i and the cell is raised to i + 1 only after i has announced itself, so a waiter that returns 0 was queued before its successor: one notify after the other must wake them in that order. Fair locks rest on this order.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "notify takes the newest waiter" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "barrier" (func $barrier (param i32)))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (data (i32.const 4096) "WAIT-031 inversions\00")
  ;; 8192 the cell   8256 who may go   8320 who has announced itself   8384 waiters that returned 0
  ;; 8448 + 4 i: ticket of waiter i   8512 inversions   8576 the last trial
  (func $delay (param $n i32)
    (block $end
      (loop $again
        (br_if $end (i32.eqz (local.get $n)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $again))))
  ;; Waiter i waits for the value i, after it has been told to go and has announced itself.
  (func $waiter (param $i i32) (local $seen i32) (local $result i32)
    (loop $until_told
      (local.set $seen (i32.atomic.load (i32.const 8256)))
      (if (i32.lt_u (local.get $seen) (local.get $i))
        (then
          (drop (memory.atomic.wait32 (i32.const 8256) (local.get $seen) (i64.const 1000000)))
          (br $until_told))))
    (i32.atomic.store (i32.const 8320) (local.get $i))
    (drop (memory.atomic.notify (i32.const 8320) (i32.const 1)))
    (local.set $result (memory.atomic.wait32 (i32.const 8192) (local.get $i) (i64.const -1)))
    (if (i32.eqz (local.get $result))
      (then
        ;; main lets one waiter return at a time, so the ticket is its place in the order
        (i32.atomic.store offset=8448 (i32.mul (local.get $i) (i32.const 4))
          (i32.add (i32.atomic.rmw.add (i32.const 8384) (i32.const 1)) (i32.const 1)))
        (drop (memory.atomic.notify (i32.const 8384) (i32.const 1))))))
  ;; Waiters that returned 0, in the order of their numbers: each ticket is above the one before.
  (func $trial (param $n i32) (param $delay i32) (result i32)
      (local $i i32) (local $seen i32) (local $woken i32) (local $ticket i32)
    (memory.fill (i32.const 8448) (i32.const 0) (i32.const 64))
    (i32.atomic.store (i32.const 8384) (i32.const 0))
    (i32.atomic.store (i32.const 8256) (i32.const 0))
    (i32.atomic.store (i32.const 8320) (i32.const 0))
    (i32.atomic.store (i32.const 8192) (i32.const 1))
    (call $barrier (i32.add (local.get $n) (i32.const 1)))
    (local.set $i (i32.const 1))
    (loop $one_by_one
      (i32.atomic.store (i32.const 8256) (local.get $i))
      (drop (memory.atomic.notify (i32.const 8256) (i32.const -1)))
      (loop $until_announced
        (local.set $seen (i32.atomic.load (i32.const 8320)))
        (if (i32.ne (local.get $seen) (local.get $i))
          (then
            (drop (memory.atomic.wait32 (i32.const 8320) (local.get $seen) (i64.const 1000000)))
            (br $until_announced))))
      (call $delay (local.get $delay))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (i32.atomic.store (i32.const 8192) (local.get $i))
      (br_if $one_by_one (i32.le_u (local.get $i) (local.get $n))))
    (block $queue_empty
      (loop $wake_one
        (br_if $queue_empty (i32.eqz (memory.atomic.notify (i32.const 8192) (i32.const 1))))
        (loop $until_returned
          (if (i32.eq (i32.atomic.load (i32.const 8384)) (local.get $woken))
            (then
              (drop (memory.atomic.wait32 (i32.const 8384) (local.get $woken) (i64.const 1000000)))
              (br $until_returned))))
        (local.set $woken (i32.add (local.get $woken) (i32.const 1)))
        (br $wake_one)))
    (call $barrier (i32.add (local.get $n) (i32.const 1)))
    (local.set $seen (i32.const 0))
    (local.set $i (i32.const 1))
    (loop $compare
      (local.set $ticket
        (i32.atomic.load offset=8448 (i32.mul (local.get $i) (i32.const 4))))
      (if (local.get $ticket)
        (then
          (if (i32.lt_u (local.get $ticket) (local.get $seen))
            (then (drop (i32.atomic.rmw.add (i32.const 8512) (i32.const 1)))))
          (local.set $seen (local.get $ticket))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $compare (i32.le_u (local.get $i) (local.get $n))))
    (local.get $woken))
  (func (export "weft_thread") (param $tid i32) (param $arg i32)
    (loop $trials
      (call $barrier (i32.const 4))
      (if (i32.atomic.load (i32.const 8576)) (then (return)))
      (call $waiter (local.get $arg))
      (call $barrier (i32.const 4))
      (br $trials)))
  (func (export "_start") (local $i i32) (local $good i32) (local $delay i32)
    (local.set $delay (i32.const 2000))
    (loop $spawn_all
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (drop (call $spawn (local.get $i)))
      (br_if $spawn_all (i32.lt_u (local.get $i) (i32.const 3))))
    (local.set $i (i32.const 0))
    (loop $trials
      (if (i32.ge_u (call $trial (i32.const 3) (local.get $delay)) (i32.const 2))
        (then (local.set $good (i32.add (local.get $good) (i32.const 1))))
        (else  ;; void: some waiters were late; give them more time
          (if (i32.lt_u (local.get $delay) (i32.const 1000000))
            (then (local.set $delay (i32.shl (local.get $delay) (i32.const 1)))))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $trials (i32.and (i32.lt_u (local.get $i) (i32.const 200))
                              (i32.lt_u (local.get $good) (i32.const 40)))))
    (i32.atomic.store (i32.const 8576) (i32.const 1))
    (call $barrier (i32.const 4))
    (call $join_all)
    (call $check (i32.const 4096) (i32.atomic.load (i32.const 8512)) (i32.const 0))
    ;; every trial void: nothing was shown, which 91 says
    (if (i32.eqz (local.get $good)) (then (call $exit (i32.const 91))))))
