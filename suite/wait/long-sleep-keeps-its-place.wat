;;! { "id": "wait/long-sleep-keeps-its-place", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-027", "WAIT-031"],
;;!   "story": "The first waiter sleeps for more than a quarter of a second, and the cell changes meanwhile; then a second one queues. A runtime that cuts long waits into slices must neither look at the cell again nor put the first waiter behind the second.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "a wait is cut into slices of 100 ms, after each of which the value is compared again" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "WAIT-031 place of the first waiter\00")
  (data (i32.const 4144) "WAIT-027 result 2\00")
  (data (i32.const 4192) "WAIT-027 the first waiter always returned 1\00")
  ;; 8192 the cell   8256 who has announced itself   8320 + 4 i: ticket of waiter i
  ;; 8384 waiters that returned   8448 + 4 i: result of waiter i   8512 nobody notifies here
  ;; Waiter i waits for the value i.
  (func $wait (param $i i32) (result i32)
    (memory.atomic.wait32 (i32.const 8192) (local.get $i) (i64.const -1)))
  (func (export "weft_thread") (param $tid i32) (param $i i32) (local $result i32)
    (i32.atomic.store (i32.const 8256) (local.get $i))
    (local.set $result (call $wait (local.get $i)))
    (i32.atomic.store offset=8448 (i32.mul (local.get $i) (i32.const 4)) (local.get $result))
    ;; main wakes one thread at a time, so the ticket is its place in the order
    (i32.atomic.store offset=8320 (i32.mul (local.get $i) (i32.const 4))
      (i32.add (i32.atomic.rmw.add (i32.const 8384) (i32.const 1)) (i32.const 1))))
  (func $pause (param $ms i32)
    (drop (memory.atomic.wait32 (i32.const 8512) (i32.const 0)
            (i64.mul (i64.extend_i32_u (local.get $ms)) (i64.const 1000000)))))
  (func $launch (param $i i32)
    (drop (call $spawn (local.get $i)))
    (loop $until_announced
      (br_if $until_announced
        (i32.ne (i32.atomic.load (i32.const 8256)) (local.get $i)))))
  (func $until_returned (param $n i32)
    (loop $again
      (br_if $again (i32.lt_u (i32.atomic.load (i32.const 8384)) (local.get $n)))))
  (func (export "_start") (local $pause i32) (local $woken i32) (local $good i32)
    ;; the first waiter has 20 ms, then 40, then 80 to join the queue before the cell changes
    (local.set $pause (i32.const 20))
    (loop $trials
      (i32.atomic.store (i32.const 8384) (i32.const 0))
      (i32.atomic.store (i32.const 8192) (i32.const 1))
      (call $launch (i32.const 1))
      (call $pause (local.get $pause))
      (i32.atomic.store (i32.const 8192) (i32.const 2))
      (call $pause (i32.const 240))
      (call $launch (i32.const 2))
      (call $pause (local.get $pause))
      (i32.atomic.store (i32.const 8192) (i32.const 3))
      (local.set $woken (i32.const 0))
      (loop $one_by_one
        (call $until_returned (i32.add
          (local.get $woken) (i32.eq (i32.atomic.load (i32.const 8452)) (i32.const 1))))
        (if (memory.atomic.notify (i32.const 8192) (i32.const 1))
          (then
            (local.set $woken (i32.add (local.get $woken) (i32.const 1)))
            (call $until_returned (local.get $woken))
            (br $one_by_one))))
      (call $join_all)
      (if (i32.eqz (i32.atomic.load (i32.const 8452)))
        (then
          (local.set $good (i32.const 1))
          (if (i32.eqz (i32.atomic.load (i32.const 8456)))
            (then (call $check (i32.const 4096)
                    (i32.atomic.load (i32.const 8324)) (i32.const 1))))))
      (call $check (i32.const 4144) (i32.eq (i32.atomic.load (i32.const 8452)) (i32.const 2))
        (i32.const 0))
      (local.set $pause (i32.shl (local.get $pause) (i32.const 1)))
      (br_if $trials (i32.and (i32.eqz (local.get $good))
                              (i32.lt_u (local.get $pause) (i32.const 640)))))
    ;; late in five trials, the last with 320 ms: that is no accident
    (call $check (i32.const 4192)
      (i32.eqz (local.get $good)) (i32.const 0))))
