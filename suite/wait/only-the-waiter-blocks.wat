;;! { "id": "wait/only-the-waiter-blocks", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-047"],
;;!   "story": "While one thread waits without end, two others count up together: a wait suspends nobody else.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "wait holds a lock while it sleeps that notify needs" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "WAIT-047 result\00")
  (data (i32.const 4128) "WAIT-047 counted\00")
  ;; 8192 the cell, always 0   8256 the counter   8320 nobody waits here   8384 threads that are done
  (func $wait (result i32)
    (memory.atomic.wait32 (i32.const 8192) (i32.const 0) (i64.const -1)))
  (func $count_together (local $n i32)
    (loop $again
      (drop (i32.atomic.rmw.add (i32.const 8256) (i32.const 1)))
      (drop (memory.atomic.notify (i32.const 8320) (i32.const 1)))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $n) (i32.const 5000))))
    (drop (i32.atomic.rmw.add (i32.const 8384) (i32.const 1))))
  (func (export "weft_thread") (param $tid i32) (param $arg i32)
    (if (local.get $arg)
      (then (call $count_together))
      (else (call $check (i32.const 4096) (call $wait) (i32.const 0)))))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (drop (call $spawn (i32.const 1)))
    (call $count_together)
    (loop $until_both_have_counted
      (br_if $until_both_have_counted
        (i32.lt_u (i32.atomic.load (i32.const 8384)) (i32.const 2))))
    (call $check (i32.const 4128) (i32.atomic.load (i32.const 8256)) (i32.const 10000))
    (loop $until_counted
      (br_if $until_counted (i32.eqz (memory.atomic.notify (i32.const 8192) (i32.const 1)))))
    (call $join_all)))
