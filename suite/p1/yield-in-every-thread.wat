;;! { "id": "p1/yield-in-every-thread", "kind": "program", "sort": "sound",
;;!   "requirements": ["P1-033"],
;;!   "story": "sched_yield succeeds in any thread, a thousand times, while another thread yields too.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "sched_yield gives nosys outside the main thread" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "wasi_snapshot_preview1" "sched_yield" (func $sched_yield (result i32)))
  (data (i32.const 4096) "P1-033 calls that failed\00")
  ;; 8192: calls that failed
  (func $yield (local $i i32)
    (loop $again
      (if (call $sched_yield) (then (drop (i32.atomic.rmw.add (i32.const 8192) (i32.const 1)))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 1000)))))
  (func (export "weft_thread") (param i32 i32) (call $yield))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (call $yield)
    (call $join_all)
    (call $check (i32.const 4096) (i32.atomic.load (i32.const 8192)) (i32.const 0))))
